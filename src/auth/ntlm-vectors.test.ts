import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hmacMd5 } from '#crypto/digest.js';
import { Rc4, rc4 } from '#crypto/rc4.js';
import { fromHex, toHex } from '#testing/golden.js';
import { Decoder } from '#wire/io/decoder.js';
import { encodeUtf16 } from '#wire/io/utf16.js';
import { AvId, AvPair, AvPairs } from '#wire/ntlm/av-pair.js';
import { AuthenticateMessage } from '#wire/ntlm/messages.js';
import { Oid } from '#wire/spnego/oids.js';
import { encodeMechList, type NegTokenInit, type NegTokenResp, readSpnego } from '#wire/spnego/tokens.js';
import { SAMPLES } from '#wire/spnego/tokens.test.samples.js';
import { accountOf } from './account-store.js';
import { ntlm2SessionResponses, ntlmv1Responses, ntlmv2Responses } from './client-response.js';
import { lmHash, ntHash, ntowfv2, upcase } from './ntlm-hashes.js';
import { NtlmSigner } from './ntlm-signer.js';
import { proofOf } from './responses.js';

// [MS-NLMP] 4.2: user "User", password "Password", domain "Domain".
const challenge = fromHex('0123456789abcdef');
const clientChallenge = fromHex('aaaaaaaaaaaaaaaa');
const account = accountOf('User', { password: 'Password' });
const attempt = { challenge, account: 'User', domain: 'Domain', workstation: 'COMPUTER', extended: false };
const none = new Uint8Array(0);

test('one-way functions: 4.2.2.1 and 4.2.4.1', () => {
  assert.equal(toHex(ntHash('Password')), 'a4f49c406510bdcab6824ee7c30fd852');
  assert.equal(toHex(lmHash('Password') ?? none), 'e52cac67419a9a224a3b108f3fa6cb6d');
  assert.equal(toHex(ntowfv2(ntHash('Password'), 'User', 'Domain')), '0c868a403bfd7a93a3001ef22ef02e3f');
  assert.equal(lmHash('longer than 14 characters'), undefined);
  assert.equal(lmHash('\u4e2d'), undefined);
  assert.equal(upcase('straße ÿ \u{10428}'), 'STRAßE Ÿ \u{10428}');
});

test('NTLMv1: 4.2.2.2', () => {
  const { nt, key } = ntlmv1Responses(account.ntHash, challenge);
  assert.equal(toHex(nt), '67c43011f30298a2ad35ece64f16331c44bdbed927841f94');
  assert.equal(toHex(key), 'd87262b0cde4b1cb7499becccdf10784');
  const lm = fromHex('98def7b87f88aa5dafe2df779688a172def11c7d5ccdef13');
  assert.deepEqual(proofOf({ ...attempt, lmResponse: lm, ntResponse: nt }, account, true), { kind: 'ntlmv1', key });
  assert.equal(proofOf({ ...attempt, lmResponse: lm, ntResponse: nt }, account, false), undefined);
  assert.equal(proofOf({ ...attempt, lmResponse: lm, ntResponse: none }, account, true)?.kind, 'lm');
  assert.equal(proofOf({ ...attempt, lmResponse: lm, ntResponse: none }, account, false), undefined);
});

test('NTLMv1 with extended session security: 4.2.3.2', () => {
  const { lm, nt, key } = ntlm2SessionResponses(account.ntHash, challenge, clientChallenge);
  assert.equal(toHex(lm), 'aaaaaaaaaaaaaaaa00000000000000000000000000000000');
  assert.equal(toHex(nt), '7537f803ae367128ca458204bde7caf81e97ed2683267232');
  assert.equal(toHex(key), 'eb93429a8bd952f8b89c55b87f475edc');
  const proof = proofOf({ ...attempt, extended: true, lmResponse: lm, ntResponse: nt }, account, true);
  assert.deepEqual(proof, { kind: 'ntlm2-session', key });
});

test('NTLMv2: 4.2.4.2', () => {
  const targetInfo = AvPairs.of(AvPair.text(AvId.NbDomainName, 'Domain'), AvPair.text(AvId.NbComputerName, 'Server'));
  const input = { ntHash: account.ntHash, account: 'User', domain: 'Domain', challenge, clientChallenge, time: 0n };
  const { lm, nt, key } = ntlmv2Responses({ ...input, targetInfo, withoutLm: false });
  assert.equal(toHex(lm), '86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa');
  assert.equal(toHex(nt.subarray(0, 16)), '68cd0ab851e51c96aabc927bebef6a1c');
  assert.equal(toHex(key), '8de40ccadbc14a82f15cb0ad0de95ca3');
  assert.equal(toHex(rc4(key, new Uint8Array(16).fill(0x55))), 'c5dad2544fc9799094ce1ce90bc9d03e');
  const both = { ...attempt, lmResponse: lm, ntResponse: nt };
  assert.deepEqual(proofOf(both, account, false), { kind: 'ntlmv2', key });
  assert.equal(proofOf({ ...both, ntResponse: none }, account, false)?.kind, 'lmv2');
  assert.equal(proofOf({ ...both, account: 'uSER' }, account, false)?.kind, 'ntlmv2', 'names have no case');
  assert.equal(proofOf({ ...both, domain: 'Other' }, account, false), undefined);
  assert.equal(proofOf(both, accountOf('User', { password: 'password' }), true), undefined);
});

test('message signatures: 4.2.4.4', () => {
  // The example seals the message first, with the same RC4 stream that then encrypts the checksum; we never seal.
  const key = new Uint8Array(16).fill(0x55);
  const wide = encodeUtf16('Plaintext');
  const flags = 0xe2888235;
  const signer = new NtlmSigner(key, flags & ~0x40000000, 'client');
  const signature = signer.sign(wide);
  const stream = new Rc4(fromHex('59f600973cc4960a25480a7c196e4c58'));
  stream.update(wide);
  assert.equal(toHex(stream.update(signature.subarray(4, 12))), '7fb38ec5c55d4976');
  assert.equal(toHex(signature.subarray(0, 4)) + toHex(signature.subarray(12)), '0100000000000000');
  assert.ok(new NtlmSigner(key, flags & ~0x40000000, 'server').verify(wide, signature));
  assert.equal(signer.sign(wide)[12], 1, 'the next one has the next number');
});

test('a handshake of Windows: key exchange, MIC, mechListMIC', () => {
  const negotiate = (readSpnego(fromHex(SAMPLES.windowsNegotiate)) as NegTokenInit).mechToken;
  const challenge = (readSpnego(fromHex(SAMPLES.windowsChallenge)) as NegTokenResp).responseToken;
  const last = readSpnego(fromHex(SAMPLES.windowsAuthenticate)) as NegTokenResp;
  const message = new AuthenticateMessage();
  message.layout(new Decoder().reset(last.responseToken));
  const key = rc4(fromHex('b4cf22566926b1c069acd80e4d73c814'), message.encryptedRandomSessionKey);
  assert.equal(toHex(key), '270e1ba896585eeb7af3472d3b4c75a7');
  const blank = last.responseToken.slice().fill(0, 72, 88);
  assert.equal(toHex(hmacMd5(key, negotiate, challenge, blank)), toHex(message.mic));
  const offer = encodeMechList([Oid.Ntlmssp]);
  const signer = new NtlmSigner(key, message.negotiateFlags, 'server');
  assert.ok(signer.verify(offer, last.mechListMic));
  const accept = readSpnego(fromHex(SAMPLES.windowsAccept)) as NegTokenResp;
  assert.equal(toHex(signer.sign(offer)), toHex(accept.mechListMic));
});

test('a handshake of smbclient with smbd: the password verifies', () => {
  const last = readSpnego(fromHex(SAMPLES.sambaAuthenticate)) as NegTokenResp;
  const message = new AuthenticateMessage();
  message.layout(new Decoder().reset(last.responseToken));
  const attempt = {
    challenge: fromHex('f6905746fbba7a85'),
    account: message.userName,
    domain: message.domainName,
    workstation: message.workstation,
    lmResponse: message.lmChallengeResponse,
    ntResponse: message.ntChallengeResponse,
    extended: true,
  };
  const proof = proofOf(attempt, accountOf('tester', { password: 'Passw0rd!' }), false);
  assert.equal(proof?.kind, 'ntlmv2');
  const key = rc4(proof?.key as Uint8Array, message.encryptedRandomSessionKey);
  const signer = new NtlmSigner(key, message.negotiateFlags, 'server');
  const offer = encodeMechList([Oid.Ntlmssp]);
  assert.ok(signer.verify(offer, last.mechListMic));
  const accept = readSpnego(fromHex(SAMPLES.sambaAccept)) as NegTokenResp;
  assert.equal(toHex(signer.sign(offer)), toHex(accept.mechListMic));
});
