import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Backend, MediumChange } from '#fs/backend.js';
import { HandClock } from '#testing/hand-clock.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { MediumListeners } from './medium-listeners.js';

class Bench {
  readonly clock = new HandClock();
  readonly watched: string[] = [];
  readonly reported: string[] = [];
  readonly reports = new Map<string, (change: MediumChange) => void>();
  readonly backend = {
    volume: { serial: 1 },
    watch: (directory: string, recursive: boolean, report: (change: MediumChange) => void) => {
      if (directory === 'gone') throw new StatusError(NtStatus.ObjectNameNotFound);
      const name = recursive ? `${directory}/**` : directory;
      this.watched.push(name);
      this.reports.set(name, report);
      return { close: () => void this.watched.splice(this.watched.indexOf(name), 1) };
    },
  } as unknown as Backend;
  readonly listeners: MediumListeners;

  constructor(limit = 2) {
    this.listeners = new MediumListeners(this.clock, limit, (_, { path }) => void this.reported.push(path));
  }
}

test('a directory is watched once, and a while longer than it is guarded', async () => {
  const bench = new Bench();
  const { listeners, backend, clock } = bench;
  const one = listeners.listen(backend, 'a', false);
  const other = listeners.guard(backend, 'a');
  const tree = listeners.listen(backend, 'a', true);
  assert.deepEqual(bench.watched, ['a', 'a/**']);
  bench.reports.get('a')?.({ what: 'added', path: 'a/f' });
  assert.deepEqual(bench.reported, ['a/f']);
  tree.end();
  one.end();
  one.end();
  assert.deepEqual(bench.watched, ['a'], 'ending twice is once');
  other?.end();
  await clock.wind(4000);
  assert.deepEqual(bench.watched, ['a']);
  const again = listeners.guard(backend, 'a');
  await clock.wind(1500);
  again?.end();
  await clock.wind(4999);
  assert.deepEqual(bench.watched, ['a']);
  await clock.wind(5001);
  assert.deepEqual(bench.watched, []);
  assert.equal(listeners.isEmpty, true);
});

test('guards: no more than so many, and idle ones go first', () => {
  const { listeners, backend, watched } = new Bench(2);
  const first = listeners.guard(backend, 'a');
  assert.ok(first && listeners.guard(backend, 'b'));
  assert.equal(listeners.guard(backend, 'c'), undefined);
  assert.ok(listeners.guard(backend, 'b'), 'is there already');
  first.end();
  assert.ok(listeners.guard(backend, 'c'));
  assert.deepEqual(watched, ['b', 'c']);
  listeners.close();
  assert.deepEqual(watched, []);
});

test('what cannot be watched is not guarded; a client that asks is told', () => {
  const { listeners, backend } = new Bench();
  assert.equal(listeners.guard(backend, 'gone'), undefined);
  assert.throws(() => listeners.listen(backend, 'gone', false), StatusError);
  assert.equal(listeners.guard({ volume: { serial: 1 } } as unknown as Backend, 'a'), undefined);
  assert.equal(listeners.isEmpty, true);
});

test('a renamed directory is watched at its new place, and what is below it', () => {
  const { listeners, backend, watched } = new Bench(9);
  const below = listeners.listen(backend, 'a/b', false);
  listeners.listen(backend, 'a', true);
  listeners.listen(backend, 'ab', false);
  listeners.moved(backend, 'a', 'x/y');
  assert.deepEqual([...watched].sort(), ['ab', 'x/y/**', 'x/y/b']);
  below.end();
  assert.deepEqual([...watched].sort(), ['ab', 'x/y/**']);
});

test('a rename moves what is watched; where the new place cannot be watched, all else moves nevertheless', () => {
  const { listeners, backend, watched, reports, reported } = new Bench();
  const listening = ['a', 'a/b'].map((path) => listeners.listen(backend, path, false));
  listeners.moved(backend, 'a', 'gone');
  assert.deepEqual(watched, ['gone/b']);
  reports.get('gone/b')?.({ what: 'added', path: 'gone/b/f' });
  assert.deepEqual(reported, ['gone/b/f']);
  for (const one of listening) one.end();
  assert.deepEqual(watched, []);
  assert.equal(listeners.isEmpty, true);
});
