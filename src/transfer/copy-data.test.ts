import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Buffers } from './buffers.js';
import { copyData, SPAN } from './copy-data.js';
import type { Extent, SourceFile, TargetFile } from './tree.js';

const MIB = 1024 * 1024;
const SMALL = MIB - 65_536;

/** Pseudo-random numbers, the same in each run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Small extents with holes between them, which together leave no room for the large one. */
function extentsOf(): Extent[] {
  return Array.from({ length: 120 }, (_, index) => {
    const start = index * 4 * MIB;
    return { start, end: start + (index === 20 ? 4 * MIB : SMALL) };
  });
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('nothing is written further than SPAN ahead of what is not: a later transfer relies on that', async () => {
  const pick = numbers(7);
  const extents = extentsOf();
  const size = extents.at(-1)?.end ?? 0;
  const left = new Set(extents.map(({ start }) => start));
  const waiting: (() => void)[] = [];
  let furthest = 0;
  const source: Pick<SourceFile, 'read'> = { read: async (into) => into.fill(1).length };
  const target: Pick<TargetFile, 'write' | 'truncate'> = {
    write: async (data, position) => {
      await new Promise<void>((resolve) => void waiting.push(resolve));
      furthest = Math.max(furthest, position + data.length);
      const extent = extents.find(({ end }) => end === position + data.length);
      if (extent) left.delete(extent.start);
      const oldest = extents.find(({ start }) => left.has(start));
      if (oldest) assert.ok(furthest - oldest.start <= SPAN, `${furthest} while ${oldest.start} is missing`);
    },
    truncate: async () => undefined,
  };
  const plan = { size, from: 0, extents, sparse: true, onBytes: () => undefined };
  let over = false;
  const copied = copyData(source as SourceFile, target as TargetFile, plan, new Buffers(), {}).finally(() => {
    over = true;
  });
  copied.catch(() => undefined);
  while (!over) {
    const at = pick(4) === 0 ? pick(waiting.length) : 0;
    waiting.splice(at, 1)[0]?.();
    await settled();
  }
  await copied;
  assert.equal(left.size, 0);
});
