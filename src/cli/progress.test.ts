import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { type BarStream, Progress } from './progress.js';
import { json } from './terminal.js';
import { Report } from './transfer.js';

/** Records what is written to a terminal or a pipe. */
function sink(isTTY: boolean, columns: number = 120): { stream: BarStream; text: () => string } {
  const parts: string[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      parts.push(chunk.toString());
      done();
    },
  });
  const terminal = { isTTY, columns, cursorTo: () => true, clearLine: () => true, moveCursor: () => true };
  return { stream: Object.assign(stream, terminal), text: () => parts.join('') };
}

const MIB = 1024 ** 2;

test('a bar with rate, time left and files for long work on a terminal', async () => {
  let now = 0;
  const { stream, text } = sink(true);
  const progress = new Progress({ stream, now: () => now });
  progress.total(10, 100 * MIB, true);
  progress.name = 'photos/a.jpg';
  progress.add(10 * MIB, 1);
  assert.equal(text(), '', 'not for what may be done at once');
  for (let i = 1; i <= 4; i++) {
    now += 1000;
    progress.add(10 * MIB, 1);
    // The bar is loaded at the first update.
    if (i === 1) await import('cli-progress').then(() => setImmediate());
  }
  progress.say('a line above it');
  const [restore] = process.listeners('exit').slice(-1);
  restore?.(0);
  assert.ok(text().includes('\u001b[?25h'), 'a process that ends leaves the terminal as it was');
  progress.stop();
  assert.match(text(), /photos\/a\.jpg/);
  assert.match(text(), /50 % 50\.0 MiB of 100\.0 MiB, 10\.0 MiB\/s, 0:05 left 5\/10 files/);
  assert.match(text(), /a line above it\n/);
});

test('a narrow terminal is told how long it takes, too', async () => {
  const shown = async (columns: number): Promise<string> => {
    let now = 0;
    const { stream, text } = sink(true, columns);
    const progress = new Progress({ stream, now: () => now });
    progress.total(10, 100 * MIB, true);
    progress.name = 'photos/a-rather-long-name.jpg';
    for (let i = 1; i <= 4; i++) {
      now += 1000;
      progress.add(10 * MIB, 1);
      if (i === 1) await import('cli-progress').then(() => setImmediate());
    }
    progress.stop();
    return (
      text()
        .split('\u001b')
        .findLast((part) => part.includes('left'))
        ?.replace(/^\[\d*\w/, '') ?? ''
    );
  };
  const all = '40 % 40.0 MiB of 100.0 MiB, 10.0 MiB/s, 0:06 left 4/10 files';
  assert.equal(await shown(80), `…her-long-name.jpg ${all}`);
  assert.equal(await shown(64), all);
  assert.equal(await shown(50), '40 % 40.0 MiB of 100.0 MiB, 10.0 MiB/s, 0:06 left');
  assert.equal(await shown(20), '40 % 0:06 left');
  assert.equal(await shown(100), `…/a-rather-long-name.jpg ${'█'.repeat(5)}${'░'.repeat(8)} ${all}`);
});

test('what has no end in sight is counted', async () => {
  let now = 0;
  const { stream, text } = sink(true, 40);
  const progress = new Progress({ stream, now: () => now });
  for (let i = 1; i <= 3; i++) {
    now += 1000;
    progress.name = `smb://nas/docs/a-rather-long-name-${i}.txt`;
    progress.add(i < 3 ? 0 : MIB, 1);
    if (i === 1) await import('cli-progress').then(() => setImmediate());
  }
  progress.stop();
  assert.match(text(), /3 files, 1\.0 MiB, \d+\.\d KiB\/s {2}smb:/);
  assert.doesNotMatch(text(), / of |%/);
});

test('names on a terminal do nothing to it', () => {
  const { stream, text } = sink(false);
  new Progress({ stream }).say('sombrero get: a\u001b[31m\nb: no');
  assert.equal(text(), 'sombrero get: a␛[31m␊b: no\n');
});

test('JSON has nothing that a terminal would obey', () => {
  const value = { name: 'a\u001b[31m\u009b31m\u007f', id: 2n ** 60n };
  assert.equal(json(value), '{"name":"a\\u001b[31m\\u009b31m\\u007f","id":"1152921504606846976"}');
  assert.deepEqual(JSON.parse(json(value)), { ...value, id: String(value.id) });
});

test('no bar in a pipe, nor where none is wanted', () => {
  for (const [isTTY, shown] of [
    [false, true],
    [true, false],
  ] as const) {
    let now = 0;
    const { stream, text } = sink(isTTY);
    const progress = new Progress({ stream, shown, now: () => now });
    progress.total(1, 100 * MIB, true);
    for (let i = 0; i < 5; i++) {
      now += 1000;
      progress.add(10 * MIB);
    }
    progress.say('left out');
    progress.stop();
    assert.equal(text(), 'left out\n');
  }
});

test('what is said of a transfer', async () => {
  const { stream, text } = sink(false);
  const report = new Report('put', { verbose: true, progress: true }, new Progress({ stream }));
  report.event({ kind: 'done', path: 'a', to: 'smb://h/s/a', size: 1 });
  report.event({ kind: 'skipped', path: 'b', size: 1, why: 'complete' });
  report.event({ kind: 'left-out', path: 'c', why: 'a symbolic link' });
  report.event({ kind: 'failed', path: 'd', error: new Error('no\nroom') });
  report.event({ kind: 'kept', path: 'e', partial: 'x.part' });
  assert.deepEqual(text().split('\n'), [
    'smb://h/s/a',
    'b: complete',
    'sombrero put: c: left out: a symbolic link',
    'sombrero put: d: no room',
    'sombrero put: e: interrupted; x.part is kept: --resume goes on with it',
    '',
  ]);
  const work = async (): Promise<void> =>
    report.event({
      kind: 'ended',
      result: { files: 1, directories: 0, links: 0, bytes: 1, skipped: 1, leftOut: 1, failed: 1 },
    });
  await assert.rejects(report.run(work), /1 of 3 failed; the others are done/);
});
