import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Histogram } from './histogram.js';

test('percentiles are right within 2 %', () => {
  const histogram = new Histogram();
  // 0.01 ms to 100 ms, evenly.
  for (let i = 1; i <= 10_000; i++) histogram.add(i / 100);
  assert.equal(histogram.count, 10_000);
  assert.equal(histogram.max, 100);
  for (const [share, expected] of [
    [0.5, 50],
    [0.95, 95],
    [0.99, 99],
    [1, 100],
  ] as const) {
    const got = histogram.percentile(share);
    assert.ok(Math.abs(got / expected - 1) < 0.02, `${share}: ${got}, not ${expected}`);
  }
});

test('one value is all percentiles; none are zero', () => {
  const histogram = new Histogram();
  assert.equal(histogram.percentile(0.5), 0);
  histogram.add(3);
  assert.equal(histogram.percentile(0.01), 3);
  assert.equal(histogram.percentile(0.99), 3);
});

test('what is too short or too long counts at the ends', () => {
  const histogram = new Histogram();
  histogram.add(0);
  histogram.add(1e12);
  assert.ok(histogram.percentile(0.5) < 1e-5);
  assert.ok(histogram.percentile(1) > 1e7);
});
