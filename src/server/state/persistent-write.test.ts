import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { RangeLock } from '#coord/locks.js';
import { DamagedRecord, decodeRecord, type PersistentRecord } from './persistent-record.js';
import { WrittenRecord } from './persistent-write.js';

const GUID = '66666666-7777-8888-9999-aaaaaaaaaaaa';
const lock = (offset: number): RangeLock => ({ offset: BigInt(offset), length: 1n, exclusive: true });
const record: PersistentRecord = {
  id: { low: 1, high: 2 },
  share: 'docs',
  volume: '00c0ffee',
  path: 'f',
  stream: '',
  file: 1n,
  born: 1n,
  access: 1,
  shareAccess: 7,
  options: 0,
  action: 1,
  deleteOnClose: false,
  deletePending: false,
  owner: 'ann',
  client: GUID,
  createGuid: GUID,
  timeoutMs: 60_000,
  locks: [],
};

/** Writes one state after the other as a store would; returns the final content, and how each state was written. */
function written(states: readonly PersistentRecord[]): { text: Uint8Array; how: string[] } {
  let last: WrittenRecord | undefined;
  let text = new Uint8Array(0);
  const how: string[] = [];
  for (const state of states) {
    const write = WrittenRecord.next(last, state);
    last = write.after;
    how.push(write.how);
    text = Uint8Array.from(write.how === 'put' ? write.bytes : [...text, ...write.bytes]);
  }
  return { text, how };
}

test('only what is new of locks is written, anything else as a whole', () => {
  const [one, two, three] = [lock(1), lock(2), lock(3)] as const;
  const states = [
    record,
    { ...record, locks: [one, two] },
    { ...record, locks: [one, two, three], lockSequences: [255, 1] },
    { ...record, locks: [one, three], lockSequences: [255, 2] },
    { ...record, locks: [one, three], lockSequences: [255, 2], deletePending: true },
    { ...record, locks: [three, lock(3), lock(3)], lockSequences: [255, 2], deletePending: true },
  ];
  const { text, how } = written(states);
  assert.deepEqual(how, ['put', 'append', 'append', 'append', 'put', 'append']);
  assert.deepEqual(decodeRecord(text), states.at(-1));
});

test('whatever is locked and unlocked, the record says what is locked in the end', () => {
  const step = fc.array(fc.nat(9), { maxLength: 6 });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 20 }), (steps) => {
      const known = Array.from({ length: 10 }, (_, at) => lock(at));
      const states = steps.map((picked) => ({ ...record, locks: picked.map((at) => known[at] as RangeLock) }));
      assert.deepEqual(decodeRecord(written(states).text), states.at(-1));
    }),
  );
});

test('what is written of thousands of locks grows with their number, not with its square', () => {
  const locks = Array.from({ length: 4000 }, (_, at) => lock(at));
  let [last, bytes, whole]: [WrittenRecord | undefined, number, number] = [undefined, 0, 0];
  for (let count = 0; count <= locks.length; count++) {
    const write = WrittenRecord.next(last, { ...record, locks: locks.slice(0, count) });
    last = write.after;
    bytes += write.bytes.length;
    if (write.how === 'put') whole = write.bytes.length;
  }
  assert.ok(bytes < 8 * whole, `${bytes} for a record of ${whole}`);
});

test('a change that does not fit its record is damage', () => {
  const { text } = written([{ ...record, locks: [lock(1)] }]);
  const behind = (change: object): Uint8Array =>
    Uint8Array.from([...text, ...new TextEncoder().encode(JSON.stringify(change))]);
  assert.equal(decodeRecord(behind({ at: 1, gone: 0, locks: [] })).locks.length, 1);
  for (const change of [
    { at: 2, gone: 0, locks: [] },
    { at: 0, gone: 2, locks: [] },
    { at: 0, gone: 0, locks: [['1', '1']] },
    { at: 0, gone: 0 },
    { at: 0, gone: 0, locks: [], lockSequences: [256] },
    [],
  ]) {
    assert.throws(() => decodeRecord(behind(change)), DamagedRecord, JSON.stringify(change));
  }
});
