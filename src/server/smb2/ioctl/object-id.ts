import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { IoctlRequest } from '#wire/smb2/command/ioctl.js';
import { objectIdOf } from '../../action/object-id.js';
import type { DiskOpen } from '../../state/open.js';
import type { Smb2Context } from '../context.js';
import type { FsctlAnswer } from './fsctl.js';

const BUFFER_BYTES = 64;

/** FSCTL_CREATE_OR_GET_OBJECT_ID and FSCTL_GET_OBJECT_ID ([MS-FSCC] 2.3.1 and 2.3.21). */
export async function objectId(open: DiskOpen, request: IoctlRequest, { core }: Smb2Context): Promise<FsctlAnswer> {
  if (request.maxOutputResponse < BUFFER_BYTES) throw new StatusError(NtStatus.InvalidParameter);
  return { output: core.encoder.encode(await objectIdOf(open)) };
}
