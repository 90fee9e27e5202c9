import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConnectionLost, StatusError } from '#wire/erref/errors.js';
import type { Wire } from '#wire/io/layout.js';
import { GlobalCap, NegotiateResponse, SecurityMode } from '#wire/smb2/command/negotiate.js';
import { EncryptionCapabilities } from '#wire/smb2/negotiate-context/encryption-capabilities.js';
import { NegotiateContext } from '#wire/smb2/negotiate-context/negotiate-context.js';
import { PreauthIntegrityCapabilities } from '#wire/smb2/negotiate-context/preauth-integrity-capabilities.js';
import { SigningCapabilities } from '#wire/smb2/negotiate-context/signing-capabilities.js';
import { type ConnectOptions, settingsFrom } from '../options.js';
import { type Agreement, agreementOf, negotiateRequest } from './negotiate.js';

const random = (length: number): Uint8Array => new Uint8Array(length).fill(7);

function response(facts: Partial<NegotiateResponse>, ...contexts: Wire[]): NegotiateResponse {
  return Object.assign(new NegotiateResponse(), {
    dialectRevision: 0x0311,
    securityMode: SecurityMode.SigningEnabled,
    capabilities: GlobalCap.LargeMtu | GlobalCap.Encryption,
    maxTransactSize: 1 << 20,
    maxReadSize: 1 << 20,
    maxWriteSize: 1 << 20,
    negotiateContexts: contexts.map((data) => NegotiateContext.of(0, data)),
    ...facts,
  });
}

const preauth = Object.assign(new PreauthIntegrityCapabilities(), { hashAlgorithms: [1] });
const ciphers = (...list: number[]): Wire => Object.assign(new EncryptionCapabilities(), { ciphers: list });
const signs = (...list: number[]): Wire => Object.assign(new SigningCapabilities(), { signingAlgorithms: list });

function agree(answer: NegotiateResponse, options: ConnectOptions = {}): Agreement {
  const settings = settingsFrom('smb://u:p@nas/x', options);
  return agreementOf(settings, negotiateRequest(settings, random), answer);
}

test('what the server chose from the offer is taken', () => {
  const agreement = agree(response({}, preauth, ciphers(4), signs(2)));
  assert.deepEqual([agreement.dialect, agreement.cipher, agreement.signingAlgorithm], [0x0311, 4, 2]);
  // Without the contexts: no encryption, AES-CMAC.
  const plain = agree(response({}, preauth));
  assert.deepEqual([plain.cipher, plain.signingAlgorithm], [0, 1]);
  const old = agree(response({ dialectRevision: 0x0300 }));
  assert.equal(old.cipher, 1);
  assert.equal(agree(response({ dialectRevision: 0x0300 }), { ciphers: ['AES-256-GCM'] }).cipher, 0);
});

test('sizes stay within one credit where there are no more', () => {
  for (const facts of [{ dialectRevision: 0x0202 }, { dialectRevision: 0x0210, capabilities: 0 }]) {
    const { maxRead, maxWrite, maxTransact, largeMtu } = agree(response(facts));
    assert.deepEqual([maxRead, maxWrite, maxTransact, largeMtu], [65536, 65536, 65536, false]);
  }
});

test('what was not offered is not accepted', () => {
  const options: ConnectOptions = { ciphers: ['AES-128-GCM'], signingAlgorithms: ['AES-CMAC'] };
  const cases: [NegotiateResponse, ConnectOptions?][] = [
    [response({ dialectRevision: 0x0302 }), { dialects: { min: '3.1.1' } }],
    [response({ dialectRevision: 0x02ff })],
    [response({})],
    [response({}, Object.assign(new PreauthIntegrityCapabilities(), { hashAlgorithms: [2] }))],
    [response({}, preauth, ciphers(1)), options],
    [response({}, preauth, ciphers(2, 1))],
    [response({}, preauth, signs(2)), options],
    [response({}, preauth, signs())],
  ];
  for (const [answer, given] of cases) assert.throws(() => agree(answer, given), ConnectionLost);
});

test('policies that cannot be met end it with a reason', () => {
  const strict: ConnectOptions = { encryption: 'required' };
  const demanding = { securityMode: SecurityMode.SigningEnabled | SecurityMode.SigningRequired };
  assert.throws(() => agree(response({}, preauth, ciphers(0)), strict), /encryption is required here/);
  assert.throws(() => agree(response({ dialectRevision: 0x0210 }), strict), StatusError);
  assert.throws(() => agree(response(demanding, preauth), { signing: 'off' }), /the server requires signing/);
  assert.equal(agree(response(demanding, preauth), { signing: 'enabled' }).serverRequiresSigning, true);
});

test('the offer says what the policies are', () => {
  const request = (options: ConnectOptions): ReturnType<typeof negotiateRequest> =>
    negotiateRequest(settingsFrom('smb://u:p@nas/x', options), random);
  const kinds = (options: ConnectOptions): string[] =>
    request(options).negotiateContexts.map(({ data }) => data.constructor.name);
  assert.ok(kinds({}).includes('EncryptionCapabilities'));
  assert.ok(!kinds({ encryption: 'off' }).includes('EncryptionCapabilities'));
  assert.deepEqual(kinds({ dialects: { max: '3.0.2' } }), []);
  assert.deepEqual(request({ dialects: { min: 'NT1', max: '2.1' } }).dialects, [0x0202, 0x0210]);
  assert.equal(request({}).securityMode, SecurityMode.SigningRequired);
  assert.equal(request({ signing: 'enabled' }).securityMode, SecurityMode.SigningEnabled);
});
