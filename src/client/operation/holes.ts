import { Fsctl } from '#wire/fscc/fsctl/fsctl.js';
import { AllocatedRange, QueryAllocatedRangesResponse, SetSparseRequest } from '#wire/fscc/fsctl/sparse.js';
import { errnoCode } from '../errors.js';
import { packed, unpacked } from '../packing.js';
import type { Control, DataRange, FileProtocol, Handle } from '../protocol.js';

/** Room for 65536 ranges in one response. */
const LIMIT = 1024 * 1024;

/**
 * Makes a file sparse: ranges that are not written take no space from now on. False if the server does not support it.
 */
export async function makeSparse(protocol: FileProtocol, handle: Handle, control: Control): Promise<boolean> {
  const input = packed(new SetSparseRequest());
  return supported(() => protocol.ioctl(handle, { code: Fsctl.SetSparse, input, limit: 0 }, control)).then(
    (answer) => answer !== undefined,
  );
}

/** The ranges that contain data; undefined if the server cannot tell. */
export async function dataRanges(
  protocol: FileProtocol,
  handle: Handle,
  size: number,
  control: Control,
): Promise<DataRange[] | undefined> {
  const input = packed(Object.assign(new AllocatedRange(), { fileOffset: 0, length: size }));
  const answer = await supported(() =>
    protocol.ioctl(handle, { code: Fsctl.QueryAllocatedRanges, input, limit: LIMIT }, control),
  );
  if (answer === undefined) return undefined;
  const found: DataRange[] = [];
  for (const { fileOffset, length } of unpacked(new QueryAllocatedRangesResponse(), answer).ranges) {
    const [start, end] = [fileOffset, Math.min(fileOffset + length, size)];
    // Ranges out of order are not trusted.
    if (start < (found.at(-1)?.end ?? 0) || end < start) return undefined;
    if (end > start) found.push({ start, end });
  }
  return found;
}

/** 'EIO' is STATUS_BUFFER_OVERFLOW: too many ranges for one response; fetching the rest is not worthwhile. */
const UNKNOWN: readonly (string | undefined)[] = ['ENOTSUP', 'EINVAL', 'EIO'];

async function supported(ask: () => Promise<Uint8Array>): Promise<Uint8Array | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (UNKNOWN.includes(errnoCode(error))) return undefined;
    throw error;
  }
}
