import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { UsageError } from '#wire/erref/errors.js';
import { NT1, settingsFrom } from './options.js';

const URL = 'smb://ann:hush@nas/photos';

test('the defaults are safe', () => {
  const settings = settingsFrom(URL);
  assert.deepEqual(settings.dialects, [0x0202, 0x0210, 0x0300, 0x0302, 0x0311]);
  assert.equal(settings.signing, 'required');
  assert.equal(settings.encryption, 'enabled');
  assert.equal(settings.port, 445);
  assert.equal(settings.guest, false);
  assert.equal(settings.ntlmv1, 'never');
  assert.equal(settingsFrom(URL, { smb1: { ntlmv1: true } }).ntlmv1, 'smb1');
  assert.deepEqual(settings.signingAlgorithms, [2, 1, 0]);
  assert.ok(!inspect(settings, { depth: 9, showHidden: true }).includes('hush'));
});

test('options win over the URL', () => {
  const { account, dialects, ciphers, port } = settingsFrom(URL, {
    user: 'bob',
    password: 'other',
    domain: 'CORP',
    dialects: { min: 'NT1', max: 'NT1' },
    ciphers: ['AES-256-CCM'],
    netbios: true,
  });
  assert.deepEqual([account.user, account.password, account.domain], ['bob', 'other', 'CORP']);
  assert.deepEqual(dialects, [NT1]);
  assert.deepEqual(ciphers, [3]);
  assert.equal(port, 139);
});

test('nonsense is refused', () => {
  const bad = [
    { dialects: { min: '3.1.1', max: '2.0.2' } },
    { dialects: { min: '4.0' as '3.0' } },
    { signing: 'maybe' as 'off' },
    { ciphers: [] },
    { ciphers: ['ROT13' as 'AES-128-CCM'] },
    { timeoutMs: 0 },
  ] as const;
  for (const options of bad) assert.throws(() => settingsFrom(URL, options), UsageError, inspect(options));
  assert.throws(() => settingsFrom('smb://nas/x'), /no user/);
  assert.throws(() => settingsFrom('smb://ann@nas/x'), /no password for ann/);
});

test('guests and nobody need no password', () => {
  assert.equal(settingsFrom('smb://nas/x', { guest: true }).account.user, 'Guest');
  assert.equal(settingsFrom('smb://nas/x', { anonymous: true }).account.anonymous, true);
});
