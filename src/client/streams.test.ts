import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linesOf } from './streams.js';

async function lines(...pieces: string[]): Promise<string[]> {
  async function* chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    for (const piece of pieces) yield Buffer.from(piece, 'latin1');
  }
  const found: string[] = [];
  for await (const line of linesOf(chunks(), 'utf8')) found.push(line);
  return found;
}

test('lines are the same however they are cut', async () => {
  const text = 'one\ntwo\r\n\nü\r\nlast';
  const bytes = Buffer.from(text).toString('latin1');
  const expected = ['one', 'two', '', 'ü', 'last'];
  for (let at = 0; at <= bytes.length; at++) {
    for (let next = at; next <= bytes.length; next++) {
      assert.deepEqual(await lines(bytes.slice(0, at), bytes.slice(at, next), bytes.slice(next)), expected);
    }
  }
  assert.deepEqual(await lines('a\n', ''), ['a']);
  assert.deepEqual(await lines(), []);
});

test('a long line is looked at once, not with each of its pieces', async () => {
  const pieces = Array.from({ length: 20_000 }, () => 'x'.repeat(1000));
  assert.deepEqual(
    (await lines(...pieces, '\nend')).map(({ length }) => length),
    [20_000_000, 3],
  );
});
