import { Fsctl } from '#wire/fscc/fsctl/fsctl.js';
import { AllocatedRange, QueryAllocatedRangesResponse, SetSparseRequest } from '#wire/fscc/fsctl/sparse.js';
import { errnoCode } from '../errors.js';
import { packed, unpacked } from '../packing.js';
import type { Control, DataRange, FileProtocol, Handle } from '../protocol.js';

/** Room for 65536 ranges in one answer. */
const LIMIT = 1024 * 1024;

/** From now on what is not written takes no room. False where the server has no sparse files. */
export async function makeSparse(protocol: FileProtocol, handle: Handle, control: Control): Promise<boolean> {
  const input = packed(new SetSparseRequest());
  return supported(() => protocol.ioctl(handle, { code: Fsctl.SetSparse, input, limit: 0 }, control)).then(
    (answer) => answer !== undefined,
  );
}

/** Where a file has data; undefined where the server does not say. */
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
    // What is out of order is nothing to rely on.
    if (start < (found.at(-1)?.end ?? 0) || end < start) return undefined;
    if (end > start) found.push({ start, end });
  }
  return found;
}

/** STATUS_BUFFER_OVERFLOW: more ranges than can be told; they are not worth asking for one by one. */
const UNKNOWN: readonly (string | undefined)[] = ['ENOTSUP', 'EINVAL', 'EIO'];

async function supported(ask: () => Promise<Uint8Array>): Promise<Uint8Array | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (UNKNOWN.includes(errnoCode(error))) return undefined;
    throw error;
  }
}
