import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { ReparseData, ReparsePointHeader } from '#wire/fscc/fsctl/reparse-data.js';
import type { Wire } from '#wire/io/layout.js';
import { Malformed } from '#wire/io/malformed.js';
import type { IoctlRequest } from '#wire/smb2/command/ioctl.js';
import * as action from '../../action/reparse.js';
import type { DiskOpen } from '../../state/open.js';
import type { Smb2Context } from '../context.js';
import { DONE, type FsctlAnswer, inputOf } from './fsctl.js';

/** MAXIMUM_REPARSE_DATA_BUFFER_SIZE, plus the longer form of the header. */
const LARGEST = 16_384 + 24;

/** FSCTL_GET_REPARSE_POINT ([MS-FSCC] 2.3.25). */
export async function getReparsePoint(
  open: DiskOpen,
  _request: IoctlRequest,
  { core }: Smb2Context,
): Promise<FsctlAnswer> {
  return { output: core.encoder.encode(await action.reparsePoint(open)) };
}

/** FSCTL_SET_REPARSE_POINT ([MS-FSCC] 2.3.81). */
export async function setReparsePoint(
  open: DiskOpen,
  request: IoctlRequest,
  { core }: Smb2Context,
): Promise<FsctlAnswer> {
  await action.setReparsePoint(core, open, wellFormed(request, new ReparseData()));
  return DONE;
}

/** FSCTL_DELETE_REPARSE_POINT ([MS-FSCC] 2.3.5): only the tag, without data. */
export async function deleteReparsePoint(
  open: DiskOpen,
  request: IoctlRequest,
  { core }: Smb2Context,
): Promise<FsctlAnswer> {
  const { reparseTag, reparseDataLength } = wellFormed(request, new ReparsePointHeader());
  if (reparseDataLength !== 0) throw new StatusError(NtStatus.IoReparseDataInvalid);
  await action.deleteReparsePoint(core, open, reparseTag);
  return DONE;
}

function wellFormed<T extends Wire>(request: IoctlRequest, input: T): T {
  if (request.input.length > LARGEST) throw new StatusError(NtStatus.IoReparseDataInvalid);
  try {
    return inputOf(request, input);
  } catch (error) {
    if (error instanceof Malformed) throw new StatusError(NtStatus.IoReparseDataInvalid);
    throw error;
  }
}
