import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Listing } from './listing.js';
import type { DirectoryEntry } from './node-stat.js';

const entries = (...names: string[]): DirectoryEntry[] => names.map((name) => ({ name }) as DirectoryEntry);

function listing(signal?: AbortSignal): { listing: Listing; closed: () => boolean } {
  let closed = false;
  async function* batches(): AsyncGenerator<DirectoryEntry[], void, undefined> {
    try {
      yield entries('a', 'b');
      yield entries('c');
    } finally {
      closed = true;
    }
  }
  return { listing: new Listing(batches(), undefined, signal), closed: () => closed };
}

test('each entry is given once, whichever way it is asked for', async () => {
  const whole = listing().listing;
  assert.equal((await whole.next()).value?.name, 'a');
  assert.deepEqual(await whole.names(), ['b', 'c']);
  assert.deepEqual(await whole.toArray(), []);
  assert.equal((await whole.next()).done, true);
});

test('an abort counts at once, and closes what is open', async () => {
  const stop = new AbortController();
  const { listing: aborted, closed } = listing(stop.signal);
  await aborted.next();
  stop.abort(new Error('enough'));
  await assert.rejects(aborted.next(), /enough/);
  assert.equal(closed(), true);
});
