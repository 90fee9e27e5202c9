import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HandClock } from '#testing/hand-clock.js';
import { Echoes } from './echoes.js';

class Bench {
  readonly clock = new HandClock();
  readonly echoes = new Echoes(this.clock);
  /** Current state of the node. */
  stamp = '0';

  /** Whether a report is news. */
  news(what: 'added' | 'removed' | 'modified', by: unknown = 'one', hasStamp = true): boolean {
    const stamp = hasStamp ? { stamp: () => this.stamp } : {};
    return !this.echoes.isEcho('f', { what, path: 'f', ...stamp }, by);
  }
}

test('while a deed is under way, and once it has ended, what is told of it is no news', async () => {
  const bench = new Bench();
  bench.echoes.begin('f', 'modified');
  bench.stamp = '1';
  assert.equal(bench.news('modified'), false);
  bench.stamp = '2';
  bench.echoes.end('f');
  assert.equal(bench.news('modified'), false);
  assert.equal(bench.news('modified'), false, 'told twice');
  bench.stamp = '3';
  assert.equal(bench.news('modified'), true, 'somebody else, a moment later');
  assert.equal(bench.news('modified'), false, 'who is told of twice');
});

test('a deed whose end is never said ends by itself', async () => {
  const bench = new Bench();
  bench.echoes.begin('f', 'modified');
  await bench.clock.wind(3001);
  bench.stamp = '1';
  assert.equal(bench.news('modified'), true);
});

test('the medium has so long to tell', async () => {
  const bench = new Bench();
  bench.echoes.begin('f', 'modified');
  bench.echoes.end('f');
  await bench.clock.wind(251);
  bench.stamp = '1';
  assert.equal(bench.news('modified'), true);
});

test('it has less time for the rest if it has told of a part before the end', async () => {
  const bench = new Bench();
  bench.echoes.begin('f', 'modified');
  bench.stamp = '1';
  assert.equal(bench.news('modified'), false);
  bench.echoes.end('f');
  await bench.clock.wind(51);
  bench.stamp = '2';
  assert.equal(bench.news('modified'), true);
});

test('one of two deeds has ended: what is told may be the other', () => {
  const bench = new Bench();
  bench.echoes.begin('f', 'modified');
  bench.echoes.begin('f', 'modified');
  bench.echoes.end('f');
  for (const stamp of ['1', '2']) {
    bench.stamp = stamp;
    assert.equal(bench.news('modified'), false);
  }
  bench.echoes.end('f');
  bench.stamp = '3';
  assert.deepEqual([bench.news('modified'), bench.news('modified')], [false, false]);
});

test('names: what comes is ours until somebody else undoes it', () => {
  const bench = new Bench();
  bench.echoes.begin('f', 'added');
  bench.echoes.end('f');
  assert.deepEqual([bench.news('added'), bench.news('modified'), bench.news('added')], [false, false, false]);
  assert.deepEqual([bench.news('removed'), bench.news('added')], [true, true]);
});

test('two who watch tell of one thing', async () => {
  const bench = new Bench();
  assert.deepEqual([bench.news('added', 'one'), bench.news('added', 'two')], [true, false]);
  assert.deepEqual([bench.news('removed', 'one'), bench.news('removed', 'two')], [true, false]);
  await bench.clock.wind(251);
  assert.equal(bench.news('removed', 'one'), true);
});

test('a medium that cannot tell states apart, but tells at once', () => {
  const bench = new Bench();
  bench.echoes.begin('f', 'modified');
  assert.equal(bench.news('modified', 'one', false), false);
  bench.echoes.end('f');
  assert.equal(bench.news('modified', 'one', false), true);
});
