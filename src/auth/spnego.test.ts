import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toHex } from '#testing/golden.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { Malformed } from '#wire/io/malformed.js';
import { isNtlm } from '#wire/ntlm/payload.js';
import { dissectSpnego } from '#wire/spnego/dissect.js';
import { Oid } from '#wire/spnego/oids.js';
import { encodeMechList, NegState, NegTokenInit, NegTokenResp, readSpnego } from '#wire/spnego/tokens.js';
import { type AccountStore, memoryAccounts } from './account-store.js';
import type { ClientMechanism, Identity, ServerMechanism, StepResult } from './mechanism.js';
import { NtlmClient, type NtlmClientOptions } from './ntlm-client.js';
import { NtlmServer, type NtlmServerOptions } from './ntlm-server.js';
import { SpnegoClient } from './spnego-client.js';
import { SpnegoServer, serverHint } from './spnego-server.js';

const accounts = memoryAccounts({
  ann: { password: 'S3cret!' },
  bob: { ntHash: 'a4f49c406510bdcab6824ee7c30fd852' },
  eve: { password: 'x', disabled: true },
});

function countingRandom(seed: number): (n: number) => Uint8Array {
  let next = seed;
  return (n) => Uint8Array.from({ length: n }, () => next++ & 255);
}

const NOW = 0x01d0aecbadf5a1a1n;
const server = (
  policy: Partial<NtlmServerOptions['policy']> = {},
  store: AccountStore = accounts,
): NtlmServerOptions => ({
  names: { netbiosName: 'SERVER', netbiosDomain: 'SERVER', dnsName: 'server.example', dnsDomain: 'example' },
  store,
  policy: { ntlmv1: false, anonymous: false, guest: false, ...policy },
  random: countingRandom(1),
  now: () => NOW,
});
const client = (options: Partial<NtlmClientOptions> = {}): NtlmClientOptions => ({
  account: 'ann',
  domain: 'WORKGROUP',
  password: 'S3cret!',
  workstation: 'WS',
  targetName: 'cifs/server',
  ntlmv1: false,
  random: countingRandom(100),
  now: () => NOW,
  ...options,
});

type Tamper = (token: Uint8Array, from: 'client' | 'server') => Uint8Array;

async function handshake(c: ClientMechanism, s: ServerMechanism, tamper: Tamper = (token) => token): Promise<Identity> {
  let token = c.step(undefined);
  for (let round = 0; round < 5; round++) {
    const result: StepResult = await s.step(tamper(token, 'client'));
    if (!c.done || result.token.length > 0) token = c.step(tamper(result.token, 'server'));
    if (result.done) {
      assert.ok(c.done, 'both are done');
      return result.identity;
    }
  }
  throw new Error('endless');
}

const refused = (status: number) => (error: unknown) => error instanceof StatusError && error.status === status;

test('NTLMv2 under SPNEGO: identity, equal keys, reproducible bytes', async () => {
  const run = async (): Promise<string[]> => {
    const seen: string[] = [];
    const [c, s] = [new SpnegoClient(client()), new SpnegoServer(server())];
    const identity = await handshake(c, s, (token) => {
      assert.equal(dissectSpnego(token).malformed, undefined);
      seen.push(toHex(token));
      return token;
    });
    assert.deepEqual(
      { ...identity, sessionKey: '' },
      {
        account: 'ann',
        domain: 'WORKGROUP',
        kind: 'user',
        sessionKey: '',
        workstation: 'WS',
      },
    );
    assert.equal(identity.sessionKey.length, 16);
    assert.equal(toHex(identity.sessionKey), toHex(c.sessionKey));
    return seen;
  };
  const first = await run();
  assert.equal(first.length, 4);
  assert.deepEqual(await run(), first);
});

test('names without case, hashes for passwords, asynchronous stores, bare NTLM', async () => {
  const later: AccountStore = { find: async (name) => accounts.find(name) };
  const [c, s] = [
    new NtlmClient(client({ account: 'BOB', password: 'Password' })),
    new SpnegoServer(server({}, later)),
  ];
  const identity = await handshake(c, s, (token) => {
    assert.ok(token.length === 0 || isNtlm(token));
    return token;
  });
  assert.equal(identity.account, 'bob');
  const byHash = client({ account: 'bob', password: { ntHash: 'a4f49c406510bdcab6824ee7c30fd852' } });
  const other = await handshake(new NtlmClient(byHash), new NtlmServer(server()));
  assert.equal(other.account, 'bob');
});

test('who is refused', async () => {
  const attempt = (options: Partial<NtlmClientOptions>, policy: Partial<NtlmServerOptions['policy']> = {}) =>
    handshake(new SpnegoClient(client(options)), new SpnegoServer(server(policy)));
  await assert.rejects(attempt({ password: 's3cret!' }), refused(NtStatus.LogonFailure));
  await assert.rejects(attempt({ account: 'nobody' }), refused(NtStatus.LogonFailure));
  await assert.rejects(attempt({ account: '' }), refused(NtStatus.LogonFailure));
  await assert.rejects(attempt({ ntlmv1: true }), refused(NtStatus.LogonFailure));
  await assert.rejects(attempt({ account: 'eve', password: 'x' }), refused(NtStatus.AccountDisabled));
  await assert.rejects(attempt({ account: 'eve', password: 'y' }), refused(NtStatus.LogonFailure));
  await assert.rejects(attempt({ password: 'wrong' }, { guest: true }), refused(NtStatus.LogonFailure));
});

test('guest, anonymous and NTLMv1 by policy', async () => {
  const guest = await handshake(
    new SpnegoClient(client({ account: 'nobody' })),
    new SpnegoServer(server({ guest: true })),
  );
  assert.deepEqual([guest.kind, guest.sessionKey.length], ['guest', 0]);
  const c = new SpnegoClient(client({ account: '' }));
  const anonymous = await handshake(c, new SpnegoServer(server({ anonymous: true })));
  assert.deepEqual(
    [anonymous.kind, anonymous.sessionKey.length, c.anonymous, c.sessionKey.length],
    ['anonymous', 0, true, 0],
  );
  const old = new SpnegoClient(client({ ntlmv1: true }));
  const identity = await handshake(old, new SpnegoServer(server({ ntlmv1: true })));
  assert.equal(toHex(identity.sessionKey), toHex(old.sessionKey));
});

test('any altered byte of the handshake is noticed or harmless', async () => {
  const good = new SpnegoClient(client());
  await handshake(good, new SpnegoServer(server()));
  await fc.assert(
    fc.asyncProperty(fc.nat(3), fc.nat(), fc.integer({ min: 1, max: 255 }), async (which, place, bits) => {
      let count = 0;
      const c = new SpnegoClient(client());
      try {
        const identity = await handshake(c, new SpnegoServer(server()), (token) => {
          if (count++ !== which) return token;
          const altered = token.slice();
          const at = place % altered.length;
          altered[at] = (altered[at] as number) ^ bits;
          return altered;
        });
        // The encoding of the wrapper may differ, but the keys must not.
        assert.equal(identity.account, 'ann');
        assert.equal(toHex(identity.sessionKey), toHex(c.sessionKey));
      } catch (error) {
        assert.ok(error instanceof StatusError || error instanceof Malformed, String(error));
      }
    }),
    { numRuns: 400 },
  );
});

test('a client that prefers Kerberos is led to NTLM and must prove its offer', async () => {
  const offer = [Oid.MsKrb5, Oid.Krb5, Oid.NegoEx, Oid.Ntlmssp];
  const run = async (claimed: readonly string[]): Promise<StepResult> => {
    const s = new SpnegoServer(server());
    const c = new NtlmClient(client());
    const init = Object.assign(new NegTokenInit(), { mechTypes: offer, mechToken: Uint8Array.of(1, 2, 3) });
    const chosen = readSpnego((await s.step(init.encode())).token) as NegTokenResp;
    assert.deepEqual([chosen.negState, chosen.supportedMech], [NegState.RequestMic, Oid.Ntlmssp]);
    const wrap = (values: Partial<NegTokenResp>): Uint8Array => Object.assign(new NegTokenResp(), values).encode();
    const challenge = readSpnego((await s.step(wrap({ responseToken: c.step(undefined) }))).token) as NegTokenResp;
    const responseToken = c.step(challenge.responseToken);
    const list = encodeMechList(claimed);
    const mechListMic = claimed.length > 0 ? c.signer?.sign(list) : undefined;
    const last = await s.step(wrap({ responseToken, ...(mechListMic ? { mechListMic } : {}) }));
    const accepted = readSpnego(last.token) as NegTokenResp;
    assert.equal(accepted.negState, NegState.AcceptCompleted);
    assert.ok(c.signer?.verify(list, accepted.mechListMic));
    return last;
  };
  assert.ok((await run(offer)).done);
  await assert.rejects(run([Oid.Ntlmssp]), refused(NtStatus.LogonFailure));
  await assert.rejects(run([]), refused(NtStatus.LogonFailure));
});

test('tokens out of order, and mechanisms nobody shares', () => {
  const s = new SpnegoServer(server());
  const kerberosOnly = Object.assign(new NegTokenInit(), { mechTypes: [Oid.Krb5] }).encode();
  assert.throws(() => s.step(kerberosOnly), refused(NtStatus.LogonFailure));
  assert.throws(() => new SpnegoServer(server()).step(new NegTokenResp().encode()), Malformed);
  assert.throws(() => new SpnegoServer(server()).step(new Uint8Array(0)), Malformed);
  assert.throws(() => new SpnegoClient(client()).step(kerberosOnly), refused(NtStatus.LogonFailure));
  const c = new SpnegoClient(client());
  assert.ok(c.step(serverHint()).length > 0);
  const reject = Object.assign(new NegTokenResp(), { negState: NegState.Reject }).encode();
  assert.throws(() => c.step(reject), refused(NtStatus.LogonFailure));
});
