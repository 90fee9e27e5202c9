import { SetZeroDataRequest } from '#wire/fscc/fsctl/sparse.js';
import type { IoctlRequest } from '#wire/smb2/command/ioctl.js';
import { zeroData } from '../../action/sparse.js';
import type { DiskOpen } from '../../state/open.js';
import type { Smb2Context } from '../context.js';
import { DONE, type FsctlAnswer, inputOf } from './fsctl.js';

/** FSCTL_SET_ZERO_DATA ([MS-FSCC] 2.3.85). */
export async function setZeroData(open: DiskOpen, request: IoctlRequest, context: Smb2Context): Promise<FsctlAnswer> {
  const { fileOffset, beyondFinalZero } = inputOf(request, new SetZeroDataRequest());
  const range = { from: fileOffset, beyond: beyondFinalZero };
  await zeroData(context.core, open, range, context.request.signal);
  return DONE;
}
