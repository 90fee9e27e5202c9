import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HandClock } from '#testing/hand-clock.js';
import { ConnectionLost, StatusError, UsageError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { pause } from '../abort.js';
import type { ListedNode } from '../protocol.js';
import { delayOf, Relapses } from './backoff.js';
import { Foothold, type Standing } from './foothold.js';
import type { LastingConnection } from './lasting-connection.js';
import { LastingTree } from './lasting-tree.js';
import { LeaseKeys } from './lease-keys.js';
import { NameSet } from './name-set.js';
import type { HandleSettings } from './opener.js';

test('pauses double up to a limit, and are between half of that and all of it', () => {
  const policy = { timeoutMs: 60_000, initialDelayMs: 100, maxDelayMs: 1000 };
  const at = (attempt: number, byte: number): number => delayOf(policy, attempt, () => Uint8Array.of(byte, byte));
  assert.deepEqual(
    [0, 1, 2, 3, 4, 30].map((attempt) => at(attempt, 0)),
    [50, 100, 200, 400, 500, 500],
  );
  assert.ok(at(0, 255) > 99.9 && at(0, 255) < 100);
});

test('sessions that do not stay are brought back more and more slowly, and one that stayed makes up for that', () => {
  const policy = { timeoutMs: 60_000, initialDelayMs: 100, maxDelayMs: 1000 };
  const relapses = new Relapses();
  const after = (begun: number, now: number): number => relapses.pauseAfter(begun, now, policy, () => Uint8Array.of(0));
  assert.deepEqual(
    Array.from({ length: 16 }, (_, i) => after(1000 * i, 1000 * i + 10)),
    [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 50, 100, 200, 400, 500, 500],
  );
  assert.equal(relapses.since, 10);
  assert.equal(after(20_000, 20_500), 500, 'it has to stay as long as the pause is');
  assert.equal(after(30_000, 30_501), 0);
  assert.deepEqual([after(40_000, 40_001), relapses.since], [0, 40_001]);
});

test('a pause ends with its time, or with its signal and no timer left', async () => {
  const clock = new HandClock();
  const stop = new AbortController();
  const over = pause(clock, 10, stop.signal);
  await clock.wind(10);
  await over;
  const cut = pause(clock, 10, stop.signal);
  stop.abort(new Error('enough'));
  await assert.rejects(cut, /enough/);
  assert.equal(clock.waiting.length, 0);
});

test('a set of names knows what it has seen', () => {
  const names = new NameSet();
  for (let i = 0; i < 50_000; i++) assert.equal(names.add(`file-${i}.txt`), true, `file-${i}`);
  for (let i = 0; i < 50_000; i++) assert.equal(names.add(`file-${i}.txt`), false);
  assert.equal(names.add(''), true);
  assert.equal(names.add('FILE-1.txt'), true, 'servers may tell cases apart');
  assert.equal(names.size, 50_002);
});

test('a set of names takes no more than so many', () => {
  const names = new NameSet(3);
  assert.deepEqual(
    ['a', 'b', 'a', 'c', 'a', 'd', 'd'].map((name) => names.add(name)),
    [true, true, false, true, true, true, true],
  );
  assert.deepEqual([names.size, names.isFull], [3, true]);
});

/** A directory whose connection is lost after each batch. `name` gives the entry of each round. */
function cutListing(name: (round: number) => string): { names: AsyncGenerator<ListedNode[]>; rounds: () => number } {
  let rounds = 0;
  const protocol = {
    async *list() {
      yield [{ name: name(rounds++) }];
      throw new ConnectionLost('cut');
    },
  };
  const foothold = {
    connection: { back: new Set() },
    sound: async () => ({ protocol }),
    isLost: (error: unknown, _on: unknown, tries: number) => error instanceof ConnectionLost && tries < 100,
    meant: (error: unknown) => error,
  };
  const tree = new LastingTree(foothold as unknown as Foothold, {} as HandleSettings);
  return { names: tree.list('', '*'), rounds: () => rounds };
}

test('a directory whose connection is lost again and again comes to an end', async () => {
  for (const [name, told, most] of [
    // Nothing new in any round.
    [() => 'same', 1, 102],
    // A new name in every round, without end.
    [(round: number) => `name-${round}`, 1001, 1001],
  ] as const) {
    const { names, rounds } = cutListing(name);
    let count = 0;
    await assert.rejects(
      async () => {
        for await (const batch of names) count += batch.length;
      },
      { message: 'cut' },
    );
    assert.equal(count, told);
    assert.ok(rounds() <= most, String(rounds()));
  }
});

test('a file has one lease key as long as anybody has it open', () => {
  let count = 0;
  const keys = new LeaseKeys((length) => new Uint8Array(length).fill(++count));
  const first = keys.take('s\\A');
  assert.equal(keys.take('S\\a'), first);
  assert.notEqual(keys.take('s\\b'), first);
  keys.drop('s\\a', first);
  assert.equal(keys.take('s\\a'), first);
  keys.drop('s\\a', first);
  keys.drop('s\\a', first);
  const next = keys.take('s\\a');
  assert.notEqual(next, first);
  keys.drop('s\\a', first);
  assert.equal(keys.take('s\\a'), next, 'an old key does not count');
});

test('what goes away because the share is left says that it is closed', async () => {
  const connection = { isLive: () => false } as unknown as LastingConnection;
  const foothold = new Foothold(connection, 'docs', {} as Standing);
  const gone = new StatusError(NtStatus.NetworkNameDeleted, { command: 'CREATE', path: 'f' });
  assert.equal(foothold.meant(gone), gone);
  await foothold.leave();
  const error = foothold.meant(gone);
  assert.ok(error instanceof UsageError);
  assert.deepEqual([error.code, error.message], ['EBADF', 'the share docs is closed']);
  const other = new StatusError(NtStatus.AccessDenied);
  assert.equal(foothold.meant(other), other);
});
