import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Share, StatusError } from '#client/index.js';
import { matches } from './matches.js';

/** A share that also matches short names: it sends every entry. */
function sending(names: readonly string[], caseSensitive: boolean): { share: Share; asked: string[] } {
  const asked: string[] = [];
  const stats = names.map((name, at) => ({ name, id: BigInt(at), hidden: false }));
  const find = (path: string): (typeof stats)[number] | undefined =>
    stats.find(({ name }) => (caseSensitive ? name === path : name.toLowerCase() === path.toLowerCase()));
  const share = {
    async *readdir() {
      yield* stats;
    },
    async lstat(path: string) {
      asked.push(path);
      const found = find(path);
      if (!found) throw new StatusError(0xc0000034, { command: 'CREATE', path });
      return found;
    },
  } as unknown as Share;
  return { share, asked };
}

async function found(share: Share, pattern: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const { path } of matches(share, pattern, { signal: new AbortController().signal })) paths.push(path);
  return paths;
}

const NAMES = ['Ab', 'a long name', 'A long name', 'b', 'straße', 'a[1]'];

test('names in another case are meant where the server takes them for the same', async () => {
  const { share, asked } = sending(NAMES.slice(0, 2), false);
  assert.deepEqual(await found(share, 'A*'), ['Ab', 'a long name']);
  assert.deepEqual(asked, ['A LONG NAME'], 'it is asked once');
  assert.deepEqual(await found(sending(NAMES, false).share, 'STR*'), ['straße']);
});

test('and are not where it tells case apart, though it finds them by their short names', async () => {
  const { share, asked } = sending(NAMES, true);
  assert.deepEqual(await found(share, 'A*'), ['Ab', 'A long name']);
  assert.equal(asked.length, 1);
  assert.deepEqual(await found(share, 'a[1]*'), ['a[1]']);
  assert.equal(asked.length, 1, 'nobody is asked where the case is right');
});
