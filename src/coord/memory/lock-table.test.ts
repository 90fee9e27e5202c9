import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { HeldLock } from '../locks.js';
import type { Claim } from '../opens.js';
import { type LockNode, LockTable } from './lock-table.js';

const owners = [{}, {}, {}] as unknown as readonly Claim[];

function meet(a: { offset: bigint; length: bigint }, b: { offset: bigint; length: bigint }): boolean {
  return a.offset < b.offset + b.length && b.offset < a.offset + a.length;
}

test('finds what a look at each lock would find, whatever comes and goes', () => {
  const offset = fc.oneof(fc.bigInt(0n, 300n), fc.bigInt((1n << 64n) - 300n, (1n << 64n) - 1n));
  const lock = fc.record({
    claim: fc.constantFrom(...owners),
    process: fc.nat(1),
    offset,
    length: fc.bigInt(0n, 40n),
    exclusive: fc.boolean(),
  });
  const step = fc.record({ lock, removes: fc.boolean(), at: fc.nat() });
  fc.assert(
    fc.property(fc.array(step, { minLength: 50, maxLength: 200 }), (steps) => {
      const table = new LockTable();
      const held: LockNode[] = [];
      for (const { lock, removes, at } of steps) {
        const same = ({ claim, process }: HeldLock): boolean => claim === lock.claim && process === lock.process;
        const those = held.map((node) => node.lock).filter((other) => meet(other, lock));
        const byOthers = those.some((other) => other.exclusive && !same(other));
        assert.equal(table.blocks(lock, lock, false), byOthers);
        assert.equal(table.blocks(lock, lock, true), byOthers || those.some(({ exclusive }) => !exclusive));
        for (const kind of [true, false]) {
          const wanted = those.filter(({ exclusive }) => exclusive === kind);
          assert.deepEqual(new Set(table.meeting(lock, kind)), new Set(wanted));
        }
        assert.equal(table.refuses(lock), lock.exclusive ? those.length > 0 : byOthers);
        if (!removes) held.push(table.add(lock));
        else if (held.length > 0) {
          const [gone] = held.splice(at % held.length, 1);
          const { lock: exact } = gone as LockNode;
          const found = table.find(exact, exact);
          assert.deepEqual([found?.lock.offset, found?.lock.length], [exact.offset, exact.length]);
          table.remove(gone as LockNode);
        }
        assert.equal(table.size, held.length);
      }
      assert.deepEqual(
        [...table.locks()],
        held.map((node) => node.lock),
      );
    }),
    { numRuns: 100 },
  );
});

test('the tree stays low, in whatever order locks come and go', () => {
  const table = new LockTable();
  const [claim] = owners as [Claim];
  const nodes = Array.from({ length: 4096 }, (_, at) =>
    table.add({ claim, process: 0, offset: BigInt(at), length: 1n, exclusive: true }),
  );
  const height = (): number => Math.max(...nodes.map((node) => node.height));
  assert.ok(height() <= 18, `${height()} of 4096`);
  for (const node of nodes.splice(0, 4000)) table.remove(node);
  assert.ok(height() <= 10, `${height()} of 96`);
});
