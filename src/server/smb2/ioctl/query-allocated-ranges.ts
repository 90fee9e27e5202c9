import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { AllocatedRange, QueryAllocatedRangesResponse } from '#wire/fscc/fsctl/sparse.js';
import type { IoctlRequest } from '#wire/smb2/command/ioctl.js';
import { allocatedRanges } from '../../action/sparse.js';
import type { DiskOpen } from '../../state/open.js';
import type { Smb2Context } from '../context.js';
import { type FsctlAnswer, inputOf } from './fsctl.js';

const RANGE_BYTES = 16;

/** FSCTL_QUERY_ALLOCATED_RANGES ([MS-FSCC] 2.3.51): as many ranges as fit, but at least one. */
export async function queryAllocatedRanges(
  open: DiskOpen,
  request: IoctlRequest,
  context: Smb2Context,
): Promise<FsctlAnswer> {
  const { fileOffset, length } = inputOf(request, new AllocatedRange());
  const room = Math.floor(request.maxOutputResponse / RANGE_BYTES);
  const found = await allocatedRanges(open, { offset: fileOffset, length }, room + 1);
  if (found.length > 0 && room === 0) throw new StatusError(NtStatus.BufferTooSmall);
  const response = new QueryAllocatedRangesResponse();
  response.ranges = found.slice(0, room).map((extent) => {
    const range = new AllocatedRange();
    range.fileOffset = extent.offset;
    range.length = extent.length;
    return range;
  });
  const status = found.length > room ? NtStatus.BufferOverflow : NtStatus.Success;
  return { status, output: context.core.encoder.encode(response) };
}
