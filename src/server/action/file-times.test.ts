import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memory } from '#fs/memory/memory.js';
import { FsctlBench } from '#testing/fsctl-bench.js';
import { filetimeFromMs } from '#wire/dtyp/filetime.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { DiskOpen } from '../state/open.js';
import { close } from './close.js';
import { FileTimes } from './file-times.js';
import { write } from './write.js';

/** A server and a medium that share one clock, with timers fired by hand. */
class Times extends FsctlBench {
  ms: number;
  due: (() => void) | undefined;

  constructor(delayMs: number) {
    const at = { ms: 1000 };
    super(memory({ clock: () => filetimeFromMs(at.ms) }));
    this.ms = at.ms;
    Object.defineProperty(this, 'ms', { get: () => at.ms, set: (ms: number) => (at.ms = ms) });
    const clock = {
      now: () => at.ms,
      after: (_: number, callback: () => void) => {
        this.due = callback;
        return () => {
          this.due = undefined;
        };
      },
    };
    Object.assign(this.core, { times: new FileTimes(clock, delayMs, this.core.notifier) });
  }

  async writeTo(open: DiskOpen): Promise<number> {
    await write(this.core, open, Uint8Array.of(1), 0, false);
    return this.shown(open);
  }

  async shown(open: DiskOpen): Promise<number> {
    const { lastWriteTime } = await open.backend.stat(open.node);
    return Number(lastWriteTime - filetimeFromMs(0)) / 10_000;
  }
}

test('each write shows at once', async () => {
  const times = new Times(0);
  const open = await times.open('f');
  times.ms = 2000;
  assert.equal(await times.writeTo(open), 2000);
  assert.equal(times.due, undefined);
});

test('a time set by hand stays through its handle, until others write', async () => {
  const times = new Times(0);
  const [open, other] = [await times.open('f'), await times.open('f')];
  const { backend, node } = open;
  assert.ok('setInfo' in backend);
  await (backend as ReturnType<typeof memory>).setInfo(node as never, { lastWriteTime: filetimeFromMs(99) });
  times.core.times.hold(open, filetimeFromMs(99));
  times.ms = 2000;
  assert.equal(await times.writeTo(open), 99);
  times.ms = 3000;
  assert.equal(await times.writeTo(other), 3000);
  times.ms = 4000;
  assert.equal(await times.writeTo(open), 3000);
  times.core.times.thaw(open);
  assert.equal(await times.writeTo(open), 4000);
});

test('late: the first write shows after a while, the next ones at the close', async () => {
  const times = new Times(500);
  const open = await times.open('f');
  times.ms = 2000;
  assert.equal(await times.writeTo(open), 1000);
  times.ms = 2500;
  times.due?.();
  assert.equal(await times.shown(open), 2500);
  times.ms = 3000;
  assert.equal(await times.writeTo(open), 2500);
  const look = await times.open('f');
  await close(times.core, open);
  assert.equal(await times.shown(look), 3000);
});

test('late: setting the size shows at once, and the close leaves it so', async () => {
  const times = new Times(500);
  const open = await times.open('f');
  times.ms = 2000;
  await times.writeTo(open);
  await times.core.times.changed(open);
  assert.equal(await times.shown(open), 2000);
  assert.equal(times.due, undefined, 'nothing is waited for any more');
  times.ms = 3000;
  const look = await times.open('f');
  await close(times.core, open);
  assert.equal(await times.shown(look), 2000);
});

test('late: what is written right after the file was made has its time', async () => {
  const times = new Times(500);
  const open = await times.open('f');
  times.ms += 10;
  await times.writeTo(open);
  const look = await times.open('f');
  await close(times.core, open);
  assert.equal(await times.shown(look), 1000);
});

test('a medium that does not take the time at a close keeps nothing open', async () => {
  const times = new Times(500);
  const open = await times.open('f');
  await times.writeTo(open);
  times.ms = 2000;
  const backend = open.backend as ReturnType<typeof memory>;
  backend.setInfo = () => {
    throw new StatusError(NtStatus.IoDeviceError);
  };
  await close(times.core, open);
  assert.deepEqual(await times.core.coordinator.opens.list(), []);
});
