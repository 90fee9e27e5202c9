import { isZero } from '#trees/zeros.js';
import type { Buffers } from './buffers.js';
import { TransferError } from './errors.js';
import { STRETCH, Stride } from './stride.js';
import type { Extent, SourceFile, Taker, TargetFile, TreeControl } from './tree.js';

/**
 * How far the newest request of a file may be ahead of the oldest. In a partial file, everything more than this before
 * its end has certainly been written.
 */
export const SPAN: number = 64 * 1024 * 1024;
/** Stretches of one file in flight at a time. */
const LANES = 16;

interface Stretch {
  readonly start: number;
  readonly length: number;
}

/** The stretches of a file to copy or compare, in order. */
function* stretches(
  extents: readonly Extent[],
  from: number,
  size: (at: number, end: number) => number,
): Generator<Stretch, void, undefined> {
  for (const { start, end } of extents) {
    for (let at = Math.max(start, from); at < end; ) {
      const step = size(at, end);
      // Cut at multiples of the step, as if there were no holes, so that requests stay aligned.
      const stop = Math.min(end, at - (at % step) + step);
      yield { start: at, length: stop - at };
      at = stop;
    }
  }
}

/**
 * Works on all stretches in order, several at a time. None ends more than SPAN ahead of where the oldest in flight
 * begins, and together they stay within the stride's depth. Settles only when all have ended, even after a failure.
 */
async function onStretches(
  all: Iterable<Stretch>,
  stride: Stride,
  work: (stretch: Stretch) => Promise<void>,
): Promise<void> {
  const flying = new Map<number, Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  const hasRoom = ({ start, length }: Stretch): boolean => {
    const [oldest = start] = flying.keys();
    return flying.size < LANES && start + length - oldest <= SPAN && stride.hasRoom(length);
  };
  const one = async (stretch: Stretch): Promise<void> => {
    try {
      await work(stretch);
    } catch (error) {
      failure ??= { error };
    }
    stride.ended(stretch.length);
    flying.delete(stretch.start);
  };
  for (const stretch of all) {
    while (!failure && flying.size > 0 && !hasRoom(stretch)) await Promise.race(flying.values());
    if (failure) break;
    stride.began(stretch.length);
    flying.set(stretch.start, one(stretch));
  }
  await Promise.all(flying.values());
  if (failure) throw failure.error;
}

export interface CopyPlan {
  readonly size: number;
  /** Where to begin: everything before it is already there. */
  readonly from: number;
  /** Where the source has data; everywhere when undefined. */
  readonly extents?: readonly Extent[] | undefined;
  /** Skips writing blocks that are all zero. */
  readonly sparse: boolean;
  readonly onBytes: (count: number) => void;
}

/** Copies the bytes of one file into another. Afterwards the target is `plan.size` bytes long. */
export async function copyData(
  source: SourceFile,
  target: TargetFile,
  plan: CopyPlan,
  buffers: Buffers,
  control: TreeControl,
): Promise<void> {
  const { size, from, sparse, onBytes } = plan;
  const extents = plan.extents ?? [{ start: 0, end: size }];
  let told = from;
  const stride = new Stride();
  const put = async (bytes: Uint8Array, position: number): Promise<void> => {
    if (!sparse || !isZero(bytes)) await target.write(bytes, position, control);
    told += bytes.length;
    onBytes(bytes.length);
  };
  const work = async ({ start, length }: Stretch): Promise<void> => {
    const began = performance.now();
    if ((await copyStretch(source, { start, length }, put, buffers, control)) < length) throw shrunk();
    stride.took(performance.now() - began);
  };
  const all = stretches(extents, from, (at, end) => stride.next(at, end));
  await onStretches(all, stride, work);
  if (told < size) onBytes(size - told);
  // The file may end in a hole, or an earlier transfer may have written past the end.
  if (sparse || from > 0 || extents.at(-1)?.end !== size) await target.truncate(size, control);
}

/** Returns how many bytes there were. */
function copyStretch(
  source: SourceFile,
  { start, length }: Stretch,
  put: Taker,
  buffers: Buffers,
  control: TreeControl,
): Promise<number> {
  if (source.readEach) {
    const readEach = source.readEach.bind(source);
    return buffers.without(length, () => readEach(start, length, put, control));
  }
  return buffers.use(length, async (buffer) => {
    const got = await source.read(buffer, start, control);
    await put(buffer.subarray(0, got), start);
    return got;
  });
}

/**
 * The approximate position of the first difference, or undefined if there is none. Both files must have `size` bytes.
 */
export async function compareData(
  a: SourceFile,
  b: SourceFile,
  { size, from = 0 }: { readonly size: number; readonly from?: number },
  buffers: Buffers,
  control: TreeControl,
): Promise<number | undefined> {
  const [inA, inB] = [await a.extents?.(size, control), await b.extents?.(size, control)];
  // Where neither has data, both read as zeros.
  const extents = inA && inB ? union(inA, inB) : [{ start: from, end: size }];
  let first: number | undefined;
  const all = stretches(extents, from, () => STRETCH);
  await onStretches(all, new Stride(), async ({ start, length }) => {
    if (first !== undefined) return;
    await buffers.use(2 * length, async (buffer) => {
      const [left, right] = [buffer.subarray(0, length), buffer.subarray(length)];
      const [gotA, gotB] = await Promise.all([a.read(left, start, control), b.read(right, start, control)]);
      if (gotA === gotB && Buffer.compare(left.subarray(0, gotA), right.subarray(0, gotB)) === 0) return;
      first = Math.min(first ?? start, start);
    });
  });
  return first;
}

/** The union of two sorted lists of extents. */
function union(a: readonly Extent[], b: readonly Extent[]): Extent[] {
  const all = [...a, ...b].sort((x, y) => x.start - y.start);
  const merged: Extent[] = [];
  for (const extent of all) {
    const last = merged.at(-1);
    if (last && extent.start <= last.end) {
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, extent.end) };
    } else {
      merged.push(extent);
    }
  }
  return merged;
}

export function shrunk(): TransferError {
  return new TransferError('TRANSFER_CHANGED', 'it became shorter while it was read');
}
