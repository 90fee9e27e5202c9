import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, toHex } from '#testing/golden.js';
import { StatusError } from '#wire/erref/errors.js';
import { encodeUtf16 } from '#wire/io/utf16.js';
import { memoryAccounts } from './account-store.js';
import { challengeResponse, sharePassword, verifyChallengeResponse, verifySharePassword } from './smb1-logon.js';

const store = memoryAccounts({ ann: { password: 'Password' } });
const challenge = fromHex('0123456789abcdef');
const answer = {
  challenge,
  account: 'ANN',
  domain: 'DOM',
  password: 'Password',
  random: (n: number) => new Uint8Array(n).fill(0xaa),
  now: () => 0n,
};
const off = { ntlmv1: false, anonymous: false, guest: false };

test('both sides agree on the key: NTLMv2, LMv2, NTLMv1 if allowed', async () => {
  const request = { challenge, account: 'ANN', domain: 'DOM', store };
  const v2 = challengeResponse({ ...answer, ntlmv2: true });
  const full = await verifyChallengeResponse({ ...request, lmResponse: v2.lm, ntResponse: v2.nt, policy: off });
  assert.deepEqual([full.account, toHex(full.sessionKey)], ['ann', toHex(v2.sessionKey)]);
  const none = new Uint8Array(0);
  const short = await verifyChallengeResponse({ ...request, lmResponse: v2.lm, ntResponse: none, policy: off });
  assert.equal(short.kind, 'user');
  const v1 = challengeResponse({ ...answer, ntlmv2: false });
  const old = { ...request, lmResponse: v1.lm, ntResponse: v1.nt };
  assert.throws(() => verifyChallengeResponse({ ...old, policy: off }), StatusError);
  const allowed = await verifyChallengeResponse({ ...old, policy: { ...off, ntlmv1: true } });
  assert.equal(toHex(allowed.sessionKey), toHex(v1.sessionKey));
});

test('anonymous as SMB1 clients send it', async () => {
  const request = { challenge, account: '', domain: '', store, ntResponse: new Uint8Array(0) };
  const policy = { ...off, anonymous: true };
  const identity = await verifyChallengeResponse({ ...request, lmResponse: new Uint8Array(1), policy });
  assert.equal(identity.kind, 'anonymous');
  assert.throws(() => verifyChallengeResponse({ ...request, lmResponse: new Uint8Array(1), policy: off }), StatusError);
});

test('share passwords: plain in OEM or UTF-16, LM, NTLMv1', () => {
  const expected = 'Geheim';
  const nt = challengeResponse({ ...answer, password: expected, ntlmv2: false }).nt;
  const plain = (given: Uint8Array): boolean => verifySharePassword({ expected, given, challenge: undefined });
  assert.ok(plain(sharePassword(expected, undefined)));
  assert.ok(plain(sharePassword('GEHEIM', undefined)));
  assert.ok(plain(encodeUtf16('Geheim\0')));
  assert.ok(!plain(sharePassword('falsch', undefined)));
  assert.ok(!plain(new Uint8Array(0)));
  assert.ok(verifySharePassword({ expected, given: sharePassword(expected, challenge), challenge }));
  assert.ok(verifySharePassword({ expected, given: nt, challenge }));
  assert.ok(!verifySharePassword({ expected, given: sharePassword('falsch', challenge), challenge }));
  assert.ok(!verifySharePassword({ expected, given: new Uint8Array(24), challenge }));
});
