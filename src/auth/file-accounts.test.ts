import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { toHex } from '#testing/golden.js';
import { UsageError } from '#wire/erref/errors.js';
import { memoryAccounts } from './account-store.js';
import { fileAccounts } from './file-accounts.js';

const HASH = 'a4f49c406510bdcab6824ee7c30fd852';

test('a file of accounts: written for its owner, read when it changes', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'accounts-'));
  try {
    const path = join(directory, 'users');
    const store = fileAccounts(path);
    assert.equal(await store.find('ann'), undefined, 'a missing file has no accounts');
    await Promise.all([store.set('Ann', { password: 'Password' }), store.set('bob', { ntHash: HASH, disabled: true })]);
    assert.equal(await readFile(path, 'utf8'), `Ann:${HASH}\nbob:${HASH}:disabled\n`);
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.deepEqual(await readdir(directory), ['users'], 'nothing is left beside it');
    const ann = await store.find('ANN');
    assert.deepEqual([ann?.name, toHex(ann?.ntHash ?? new Uint8Array(0))], ['Ann', HASH]);
    assert.equal((await store.find('bob'))?.disabled, true);
    await store.remove('ann');
    assert.deepEqual(await store.names(), ['bob']);
    const smbpasswd = `# comment\n\ncarl:1000:${'X'.repeat(32)}:${HASH.toUpperCase()}:[UD         ]:LCT-5F:\nbad line\n`;
    await writeFile(path, smbpasswd);
    assert.deepEqual(await store.names(), ['carl']);
    assert.deepEqual(await store.list(), [{ name: 'carl', sid: undefined, disabled: true }]);
    assert.equal((await store.find('carl'))?.disabled, true);
    await assert.rejects(store.set('a:b', { password: '' }), UsageError);
    await assert.rejects(store.set('dora', { ntHash: 'zz' }), UsageError);
    await store.set('dora', { ntHash: HASH });
    assert.deepEqual(await store.names(), ['carl', 'dora'], 'a failed change does not stop the next one');
  } finally {
    await rm(directory, { recursive: true });
  }
});

test('accounts in memory', () => {
  const store = memoryAccounts({ ann: { password: 'x' } });
  assert.equal(store.find('ANN')?.name, 'ann');
  store.set('Bob', { ntHash: HASH });
  assert.ok(store.remove('ann'));
  assert.ok(!store.remove('ann'));
  assert.deepEqual(store.names, ['Bob']);
  assert.throws(() => store.set('', { password: 'x' }), UsageError);
  assert.throws(() => memoryAccounts({ x: { ntHash: 'abc' } }), UsageError);
});
