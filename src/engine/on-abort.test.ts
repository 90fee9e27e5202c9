import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { offAbort, onAbort } from './on-abort.js';

test('any number of waiters is one listener of the signal', () => {
  const { signal } = new AbortController();
  const waiters = Array.from({ length: 20 }, () => () => undefined);
  for (const tell of waiters) onAbort(signal, tell);
  assert.equal(getEventListeners(signal, 'abort').length, 1);
  for (const tell of waiters) offAbort(signal, tell);
  assert.equal(getEventListeners(signal, 'abort').length, 0);
});

test('who still waits is told, once', () => {
  const stop = new AbortController();
  const told: string[] = [];
  const [a, b, c] = ['a', 'b', 'c'].map((name) => () => void told.push(name)) as [() => void, () => void, () => void];
  onAbort(stop.signal, a);
  onAbort(stop.signal, b);
  onAbort(stop.signal, c);
  offAbort(stop.signal, b);
  stop.abort();
  assert.deepEqual(told, ['a', 'c']);
  offAbort(stop.signal, a);
  stop.abort();
  assert.deepEqual(told, ['a', 'c']);
});

test('who is told may take back others', () => {
  const stop = new AbortController();
  const told: string[] = [];
  const second = (): void => void told.push('second');
  onAbort(stop.signal, () => offAbort(stop.signal, second));
  onAbort(stop.signal, second);
  stop.abort();
  assert.deepEqual(told, []);
});
