import { SetSparseRequest } from '#wire/fscc/fsctl/sparse.js';
import type { IoctlRequest } from '#wire/smb2/command/ioctl.js';
import * as action from '../../action/sparse.js';
import type { DiskOpen } from '../../state/open.js';
import type { Smb2Context } from '../context.js';
import { DONE, type FsctlAnswer, inputOf } from './fsctl.js';

/** FSCTL_SET_SPARSE ([MS-FSCC] 2.3.83). */
export async function setSparse(open: DiskOpen, request: IoctlRequest, { core }: Smb2Context): Promise<FsctlAnswer> {
  const { setSparse } = inputOf(request, new SetSparseRequest());
  await action.setSparse(core, open, setSparse);
  return DONE;
}
