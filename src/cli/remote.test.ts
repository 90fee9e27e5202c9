import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeOf } from './remote.js';

test('a password is asked for once for each account, however many URLs there are', async () => {
  const { SOMBRERO_PASSWORD } = process.env;
  delete process.env.SOMBRERO_PASSWORD;
  const asked: string[] = [];
  const ask = async (question: string): Promise<string> => {
    asked.push(question);
    return `secret ${asked.length}`;
  };
  const urls = ['smb://ann@nas/a', 'smb://ann@NAS/b/c', 'smb://bob@nas/a', 'smb://ann@other/a', 'smb://ann@nas/a'];
  const found = await Promise.all(urls.map((url) => placeOf(url, {}, undefined, ask)));
  assert.deepEqual(
    found.map(({ password }) => password),
    ['secret 1', 'secret 1', 'secret 2', 'secret 3', 'secret 1'],
  );
  for (const user of ['D\\eve%p:w', 'D\\eve:p:w']) {
    const { url, password } = await placeOf('smb://nas/a', { user }, undefined, ask);
    assert.deepEqual([String(url), password], ['smb://D;eve@nas/a', 'p:w'], 'no message shows it as a name');
  }
  assert.deepEqual(asked, ['Password of ann on nas: ', 'Password of bob on nas: ', 'Password of ann on other: ']);
  if (SOMBRERO_PASSWORD !== undefined) process.env.SOMBRERO_PASSWORD = SOMBRERO_PASSWORD;
});
