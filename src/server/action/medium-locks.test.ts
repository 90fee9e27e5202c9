import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { localDirectory } from '#fs/local/local-directory.js';
import { libc } from '#fs/local/native/libc.js';
import { FsctlBench } from '#testing/fsctl-bench.js';
import { HandClock } from '#testing/hand-clock.js';
import { turn } from '#testing/smb2-peer.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { DiskOpen } from '../state/open.js';
import { close } from './close.js';
import { lock, unlock } from './lock.js';
import { read } from './read.js';
import { write } from './write.js';

const status = (wanted: number) => (error: unknown) => error instanceof StatusError && error.status === wanted;
const range = (offset: number | bigint, length: number | bigint, exclusive = true) => ({
  offset: BigInt(offset),
  length: BigInt(length),
  exclusive,
});

/** A share on disk, and another program that locks a file there, simulated by a second open file description. */
class Bench extends FsctlBench {
  readonly clock = new HandClock();
  readonly #fd: number;

  constructor(t: TestContext, root: string, advisoryLocks: boolean) {
    super(localDirectory(root, { advisoryLocks }));
    Object.assign(this.core, { clock: this.clock });
    this.#fd = openSync(join(root, 'f'), 'r+');
    t.after(() => closeSync(this.#fd));
  }

  static of(t: TestContext, advisoryLocks = true): Bench | undefined {
    const root = mkdtempSync(join(tmpdir(), 'sombrero-locks-'));
    t.after(() => rmSync(root, { recursive: true }));
    writeFileSync(join(root, 'f'), 'content');
    if (libc() !== undefined) return new Bench(t, root, advisoryLocks);
    t.skip('needs Linux, and koffi');
    return undefined;
  }

  /** A lock request of the other program; false if it is refused. */
  other(kind: 'read' | 'write' | 'none', offset: number, length: number): boolean {
    return (libc()?.lockRange(this.#fd, 'set', kind, BigInt(offset), BigInt(length)) ?? -1) === 0;
  }

  async readAt(open: DiskOpen, offset: number): Promise<number> {
    return read(this.core, open, new Uint8Array(1), offset);
  }
}

test('other programs see what clients lock, as long as they do', async (t) => {
  const bench = Bench.of(t);
  if (!bench) return;
  const { core } = bench;
  const open = await bench.open('f');
  await lock(core, open, [range(0, 4), range(10, 4, false)]);
  assert.deepEqual(
    [bench.other('read', 0, 1), bench.other('read', 10, 1), bench.other('write', 10, 1)],
    [false, true, false],
  );
  bench.other('none', 0, 100);
  await unlock(core, open, range(0, 4));
  assert.equal(bench.other('write', 0, 4), true);
  bench.other('none', 0, 100);
  // Bytes locked twice stay locked until both locks are released.
  await lock(core, open, [range(20, 4)]);
  await lock(core, open, [range(20, 4, false)]);
  assert.equal(bench.other('read', 20, 1), false);
  await unlock(core, open, range(20, 4));
  assert.deepEqual([bench.other('read', 20, 1), bench.other('write', 20, 1)], [true, false]);
  bench.other('none', 0, 100);
  await lock(core, open, [range(1n << 63n, 10), range((1n << 64n) - 1n, 1), range(5, 0), range(30, (1n << 63n) - 30n)]);
  assert.equal(bench.other('write', 1000, 1), false, 'to the end of what can be locked');
  await close(core, open);
  assert.equal(bench.other('write', 0, 0), true);
});

test('what another program has locked is refused to clients, all of a request or nothing', async (t) => {
  const bench = Bench.of(t);
  if (!bench) return;
  const { core } = bench;
  const open = await bench.open('f');
  bench.other('write', 4, 1);
  await assert.rejects(lock(core, open, [range(0, 2), range(4, 1, false)]), status(NtStatus.LockNotGranted));
  assert.deepEqual(await core.coordinator.locks.list(), []);
  assert.equal(bench.other('write', 0, 2), true, 'the first one is given back');
  bench.other('none', 0, 2);
  await assert.rejects(bench.readAt(open, 4), status(NtStatus.FileLockConflict));
  assert.equal(await bench.readAt(open, 3), 1);
  await assert.rejects(write(core, open, new Uint8Array(9), 0, false), status(NtStatus.FileLockConflict));
  bench.other('read', 4, 1);
  assert.equal(await bench.readAt(open, 4), 1);
  await assert.rejects(write(core, open, new Uint8Array(1), 4, false), status(NtStatus.FileLockConflict));
  await close(core, open);
});

test('who waits for another program asks it again and again, and can be cancelled', async (t) => {
  const bench = Bench.of(t);
  if (!bench) return;
  const { core, clock } = bench;
  const open = await bench.open('f');
  bench.other('write', 0, 1);
  const told: string[] = [];
  const abort = new AbortController();
  const patience = (signal: AbortSignal) => ({ signal, waits: () => void told.push('waits') });
  const waiting = lock(core, open, [range(0, 1)], { patience: patience(new AbortController().signal) });
  const cancelled = lock(core, open, [range(0, 2)], { patience: patience(abort.signal) });
  await turn();
  await clock.wind(100);
  assert.deepEqual(told, ['waits', 'waits']);
  abort.abort();
  await assert.rejects(cancelled, status(NtStatus.Cancelled));
  bench.other('none', 0, 1);
  await clock.wind(100);
  await waiting;
  assert.equal(bench.other('read', 0, 1), false);
  assert.equal(clock.waiting.length, 0);
  await close(core, open);
});

test('it can be left out', async (t) => {
  const bench = Bench.of(t, false);
  if (!bench) return;
  const open = await bench.open('f');
  bench.other('write', 0, 1);
  await lock(bench.core, open, [range(0, 1)]);
  assert.equal(await bench.readAt(open, 0), 1);
  await close(bench.core, open);
});

test('who waits for another client has the range as soon as that unlocks it, or is closed', async (t) => {
  const bench = Bench.of(t);
  if (!bench) return;
  const { core } = bench;
  const [one, two, three] = [await bench.open('f'), await bench.open('f'), await bench.open('f')];
  const patience = { signal: new AbortController().signal, waits: () => undefined };
  await lock(core, one, [range(0, 1)]);
  const second = lock(core, two, [range(0, 1)], { patience });
  await unlock(core, one, range(0, 1));
  await second;
  const third = lock(core, three, [range(0, 1)], { patience });
  await close(core, two);
  await third;
  assert.equal(bench.clock.waiting.length, 0, 'the medium was not asked twice');
  assert.equal(bench.other('read', 0, 1), false);
  await assert.rejects(unlock(core, three, range(0, 1), 7), status(NtStatus.RangeNotLocked));
  assert.equal(bench.other('read', 0, 1), false, 'what another process has locked stays so');
  await close(core, one);
  await close(core, three);
});
