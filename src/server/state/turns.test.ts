import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Turns } from './turns.js';

test('turns are taken in order for a key, and failing keeps nobody from his', async () => {
  const turns = new Turns();
  const done: string[] = [];
  const deed =
    (name: string, fails = false) =>
    async (): Promise<string> => {
      await Promise.resolve();
      done.push(name);
      if (fails) throw new Error(name);
      return name;
    };
  const first = turns.take('a', deed('1', true));
  const second = turns.take('a', deed('2'));
  const other = turns.take('b', deed('3'));
  await assert.rejects(first);
  assert.deepEqual(await Promise.all([second, other]), ['2', '3']);
  assert.deepEqual(done, ['1', '3', '2']);
  await Promise.resolve();
  await Promise.resolve();
  assert.equal(turns.size, 0);
});
