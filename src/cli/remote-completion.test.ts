import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wordsOnServer } from './remote-completion.js';

test('nobody is asked for a password, also on a terminal', async (t) => {
  const { isTTY } = process.stdin;
  const { SOMBRERO_PASSWORD } = process.env;
  t.after(() => {
    process.stdin.isTTY = isTTY;
    if (SOMBRERO_PASSWORD !== undefined) process.env.SOMBRERO_PASSWORD = SOMBRERO_PASSWORD;
  });
  process.stdin.isTTY = true;
  delete process.env.SOMBRERO_PASSWORD;
  const asked = new AbortController();
  const told = t.mock.method(process.stderr, 'write', () => {
    asked.abort();
    return true;
  });
  for (const place of ['smb://ann@127.0.0.1:1/', 'smb://ann@127.0.0.1:1/docs/']) {
    assert.deepEqual(await wordsOnServer(place, {}, asked.signal), []);
  }
  assert.equal(told.mock.callCount(), 0);
});
