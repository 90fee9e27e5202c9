import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryAccounts } from '#auth/account-store.js';
import type { Identity } from '#auth/mechanism.js';
import { NtlmClient } from '#auth/ntlm-client.js';
import { fromHex } from '#testing/golden.js';
import { HandClock } from '#testing/hand-clock.js';
import { turn } from '#testing/smb2-peer.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { Decoder } from '#wire/io/decoder.js';
import { Encoder } from '#wire/io/encoder.js';
import type { Wire } from '#wire/io/layout.js';
import { AuthLevel, AuthType, AuthVerifier } from '#wire/rpc/auth-verifier.js';
import type { ContextHandle } from '#wire/rpc/context-handle.js';
import { LSARPC } from '#wire/rpc/lsarpc/interface.js';
import { LsarLookupNamesRequest, LsarLookupNamesResponse } from '#wire/rpc/lsarpc/lookup.js';
import { LsarpcOpnum } from '#wire/rpc/lsarpc/operations.js';
import {
  LsarCloseRequest,
  LsarCloseResponse,
  LsarGetUserNameRequest,
  LsarGetUserNameResponse,
  LsarOpenPolicy2Request,
  LsarOpenPolicyResponse,
} from '#wire/rpc/lsarpc/policy.js';
import { Pdu, type PduBody, readPdu } from '#wire/rpc/pdu.js';
import { Bind, BindAck, BindNak, ContextElement, ContextResult, RejectReason } from '#wire/rpc/pdu-bind.js';
import { Fault, FaultStatus, OtherPdu, RpcRequest, RpcResponse } from '#wire/rpc/pdu-call.js';
import { PduFlags, PduType } from '#wire/rpc/pdu-type.js';
import { SRVSVC } from '#wire/rpc/srvsvc/interface.js';
import { bindTimeSyntax, NDR, NDR64, type SyntaxId } from '#wire/rpc/syntax.js';
import { Principals } from '../access/principals.js';
import type { ServerCore } from '../core.js';
import { Refusals } from '../refusals.js';
import { AssociationGroups } from './groups.js';
import { lsarpc } from './lsarpc/lsarpc.js';
import { RpcConnection } from './rpc-connection.js';

const accounts = memoryAccounts({ ann: { password: 'secret' }, bob: { password: 'other' } });
let drawn = 0;
const random = (length: number): Uint8Array => new Uint8Array(length).fill(++drawn);
const core = {
  name: 'NAS',
  domain: 'WORKGROUP',
  options: {},
  accounts,
  principals: new Principals({ name: 'NAS', accounts }),
  random,
  clock: { now: () => 1_700_000_000_000, after: () => () => undefined },
} as unknown as ServerCore;

const user = (account: string, kind: Identity['kind'] = 'user'): Identity => ({
  account,
  domain: '',
  kind,
  sessionKey: new Uint8Array(0),
  workstation: '',
});

/** The client end: sends and receives PDUs. */
class Client {
  readonly rpc: RpcConnection;
  #callId = 0;

  constructor(
    groups = new AssociationGroups(random),
    identity: Identity = user('ann'),
    refusals: Refusals = new Refusals(core.clock, 1),
  ) {
    this.rpc = new RpcConnection({ core, pipe: 'lsarpc', interfaces: [lsarpc], identity, groups, refusals });
  }

  async send(
    body: PduBody,
    flags = PduFlags.FirstFrag | PduFlags.LastFrag,
    verifier?: AuthVerifier,
  ): Promise<Pdu[] | undefined> {
    const pdu = Pdu.of(this.#callId, body);
    pdu.pfcFlags = flags;
    if (verifier) pdu.authVerifier = new Encoder().encode(verifier).slice();
    return this.raw(new Encoder().encode(pdu).slice());
  }

  async raw(bytes: Uint8Array): Promise<Pdu[] | undefined> {
    const answers = await this.rpc.receive(bytes);
    return answers?.map((answer) => readPdu(answer.slice()));
  }

  async bind(options: Partial<Bind> = {}, ...syntaxes: [SyntaxId, SyntaxId][]): Promise<PduBody | undefined> {
    this.#callId++;
    const wanted = syntaxes.length > 0 ? syntaxes : [[LSARPC, NDR] as [SyntaxId, SyntaxId]];
    const contexts = wanted.map(([abstractSyntax, transfer], contId) =>
      Object.assign(new ContextElement(), { contId, abstractSyntax, transferSyntaxes: [transfer] }),
    );
    const [answer] = (await this.send(Object.assign(new Bind(), { contexts, ...options }))) ?? [];
    return answer?.body;
  }

  async call<T extends Wire>(opnum: number, request: Wire, response: T): Promise<T | number> {
    this.#callId++;
    const stub = new Encoder().encode(request).slice();
    const answers = (await this.send(Object.assign(new RpcRequest(), { opnum, stub }))) ?? [];
    return gather(answers, response);
  }
}

function gather<T extends Wire>(answers: readonly Pdu[], response: T): T | number {
  const parts: number[] = [];
  for (const { body } of answers) {
    if (body instanceof Fault) return body.status;
    assert.ok(body instanceof RpcResponse);
    parts.push(...body.stub);
  }
  response.layout(new Decoder().reset(Uint8Array.from(parts)));
  return response;
}

async function openPolicy(client: Client): Promise<ContextHandle> {
  const opened = await client.call(
    LsarpcOpnum.LsarOpenPolicy2,
    new LsarOpenPolicy2Request(),
    new LsarOpenPolicyResponse(),
  );
  assert.ok(opened instanceof LsarOpenPolicyResponse && opened.status === NtStatus.Success);
  return opened.handle;
}

const closing = (handle: ContextHandle): LsarCloseRequest => Object.assign(new LsarCloseRequest(), { handle });

test('each context of a bind is judged by itself', async () => {
  const ack = await new Client().bind({}, [LSARPC, NDR], [LSARPC, NDR64], [SRVSVC, NDR], [LSARPC, bindTimeSyntax(3)]);
  assert.ok(ack instanceof BindAck);
  assert.deepEqual(
    ack.results.map(({ result, reason }) => [result, reason]),
    [
      [ContextResult.Acceptance, 0],
      [ContextResult.ProviderRejection, 2],
      [ContextResult.ProviderRejection, 1],
      [ContextResult.NegotiateAck, 0],
    ],
  );
  assert.equal(ack.secAddr, '\\PIPE\\lsarpc');
});

test('a second bind, and anything before the first, is the end', async () => {
  const client = new Client();
  assert.equal(await client.send(new RpcRequest()), undefined);
  await client.bind();
  assert.equal(await client.bind(), undefined);
  const nak = await new Client().bind({ assocGroupId: 4711 });
  assert.ok(nak instanceof BindNak, 'there is no such group');
});

test('alter_context adds contexts', async () => {
  const client = new Client();
  await client.bind({}, [SRVSVC, NDR]);
  assert.equal(await client.call(0, new LsarCloseRequest(), new LsarCloseResponse()), FaultStatus.NcaUnknownInterface);
  const contexts = [Object.assign(new ContextElement(), { abstractSyntax: LSARPC, transferSyntaxes: [NDR] })];
  const [answer] = (await client.send(Object.assign(new Bind(PduType.AlterContext), { contexts }))) ?? [];
  assert.equal(answer?.body.ptype, PduType.AlterContextResp);
  await openPolicy(client);
});

test('what cannot be called is answered with its fault', async () => {
  const client = new Client();
  await client.bind();
  const close = (request: Wire): Promise<unknown> => client.call(0, request, new LsarCloseResponse());
  assert.equal(await client.call(99, new LsarCloseRequest(), new LsarCloseResponse()), FaultStatus.NcaOpRangeError);
  assert.equal(await close(new OtherPdu()), FaultStatus.BadStubData);
  assert.equal(await close(new LsarCloseRequest()), FaultStatus.NcaContextMismatch);
  const handle = await openPolicy(client);
  assert.ok((await close(closing(handle))) instanceof LsarCloseResponse);
  assert.equal(await close(closing(handle)), FaultStatus.NcaContextMismatch, 'it is closed');
});

test('handles are those of an association group', async () => {
  const groups = new AssociationGroups(random);
  const [one, two, three] = [new Client(groups), new Client(groups), new Client(groups)];
  const ack = await one.bind();
  assert.ok(ack instanceof BindAck);
  const handle = await openPolicy(one);
  await two.bind({ assocGroupId: ack.assocGroupId });
  await three.bind();
  const close = (client: Client): Promise<unknown> => client.call(0, closing(handle), new LsarCloseResponse());
  assert.equal(await close(three), FaultStatus.NcaContextMismatch);
  one.rpc.close();
  assert.ok((await close(two)) instanceof LsarCloseResponse, 'as long as one of them is there');
  two.rpc.close();
  assert.ok((await new Client(groups).bind({ assocGroupId: ack.assocGroupId })) instanceof BindNak);
});

test('requests come in fragments, and answers go out in as many as the client takes', async () => {
  const client = new Client();
  await client.bind({ maxRecvFrag: 1000 });
  const handle = await openPolicy(client);
  const names = Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? 'ann' : `nobody ${i}`));
  const stub = new Encoder(65_536).encode(Object.assign(new LsarLookupNamesRequest(), { handle, names })).slice();
  const opnum = LsarpcOpnum.LsarLookupNames;
  const part = (from: number, to: number): RpcRequest =>
    Object.assign(new RpcRequest(), { opnum, stub: stub.subarray(from, to) });
  assert.deepEqual(await client.send(part(0, 1000), PduFlags.FirstFrag), []);
  assert.deepEqual(await client.send(part(1000, 2001), 0), []);
  const answers = (await client.send(part(2001, stub.length), PduFlags.LastFrag)) ?? [];
  assert.ok(answers.length > 1);
  assert.ok(answers.every(({ body }) => body instanceof RpcResponse && body.stub.length + 24 <= 1432));
  const response = gather(answers, new LsarLookupNamesResponse());
  assert.ok(response instanceof LsarLookupNamesResponse);
  assert.deepEqual([response.mappedCount, response.status], [100, NtStatus.SomeNotMapped]);
});

test('fragments that do not belong, or are too many, are a fault', async () => {
  const client = new Client();
  await client.bind();
  const request = (values: Partial<RpcRequest>): RpcRequest => Object.assign(new RpcRequest(), values);
  const fault = async (body: RpcRequest, flags: number): Promise<number | undefined> => {
    const [answer] = (await client.send(body, flags)) ?? [];
    return answer?.body instanceof Fault ? answer.body.status : undefined;
  };
  assert.equal(await fault(request({}), PduFlags.LastFrag), FaultStatus.NcaProtocolError);
  assert.equal(await fault(request({ opnum: 44 }), PduFlags.FirstFrag), undefined);
  assert.equal(await fault(request({ opnum: 45 }), PduFlags.LastFrag), FaultStatus.NcaProtocolError);
  const much = request({ opnum: 44, stub: new Uint8Array(60_000) });
  assert.equal(await fault(much, PduFlags.FirstFrag), undefined);
  for (let i = 0; i < 3; i++) assert.equal(await fault(much, 0), undefined);
  assert.equal(await fault(much, 0), FaultStatus.NcaProtocolError);
  await openPolicy(client);
});

// Recorded from smbtorture 4.17.12 with the binding ncacn_np:127.0.0.1[bigendian].
test('a peer with big-endian numbers is understood', async () => {
  const client = new Client();
  const [ack] =
    (await client.raw(
      fromHex(`05000b0300000000007400000000000110b810b8000000000200000000000100123457781234abcdef000123456789ab000000008a885d04
        1ceb11c99fe808002b1048600000000200010100123457781234abcdef000123456789ab000000006cb71c2c981245400300000000000000
        00000001`),
    )) ?? [];
  assert.ok(ack?.body instanceof BindAck);
  assert.deepEqual(
    ack.body.results.map(({ result }) => result),
    [ContextResult.Acceptance, ContextResult.NegotiateAck],
  );
  const answers = await client.raw(
    fromHex(
      `05000003000000000038000000000003000000200000002d00020000000000020000000000000002005c0000000000000002000400000000`,
    ),
  );
  const response = gather(answers ?? [], new LsarGetUserNameResponse());
  assert.ok(response instanceof LsarGetUserNameResponse);
  assert.deepEqual([response.userName, response.domainName], ['ann', 'NAS']);
});

/** Binds with NTLM as a different user than the session's; returns the client's keys. */
async function bindAs(client: Client, password: string, authLevel: number): Promise<NtlmClient> {
  const ntlm = new NtlmClient({
    account: 'bob',
    domain: '',
    password,
    workstation: '',
    targetName: '',
    ntlmv1: false,
    random,
    now: () => 0n,
  });
  const verifier = (authValue: Uint8Array): AuthVerifier =>
    Object.assign(new AuthVerifier(), { authType: AuthType.WinNt, authLevel, authValue });
  const contexts = [Object.assign(new ContextElement(), { abstractSyntax: LSARPC, transferSyntaxes: [NDR] })];
  const bind = Object.assign(new Bind(), { contexts });
  const [ack] = (await client.send(bind, 3, verifier(ntlm.step(undefined)))) ?? [];
  assert.ok(ack?.body instanceof BindAck);
  const challenge = new AuthVerifier();
  challenge.layout(new Decoder().reset(ack.authVerifier));
  const auth3 = Object.assign(new OtherPdu(PduType.Auth3), { data: new Uint8Array(4) });
  assert.deepEqual(await client.send(auth3, 3, verifier(ntlm.step(challenge.authValue))), []);
  return ntlm;
}

/** A sealed request PDU. */
function sealed(ntlm: NtlmClient, opnum: number, request: Wire): Uint8Array {
  const plain = new Encoder().encode(request).slice();
  const padding = -plain.length & 15;
  const stub = new Uint8Array(plain.length + padding);
  stub.set(plain);
  const pdu = Pdu.of(9, Object.assign(new RpcRequest(), { opnum, stub }));
  const authLevel = AuthLevel.PktPrivacy;
  const values = { authType: AuthType.WinNt, authLevel, authPadLength: padding, authValue: new Uint8Array(16) };
  pdu.authVerifier = new Encoder().encode(Object.assign(new AuthVerifier(), values)).slice();
  const bytes = new Encoder().encode(pdu).slice();
  const message = bytes.subarray(0, -16);
  bytes.set(ntlm.signer?.protect(message, message.subarray(24, -8)) as Uint8Array, message.length);
  return bytes;
}

test('who binds with NTLM is himself, and what is said is sealed', async () => {
  const client = new Client();
  const ntlm = await bindAs(client, 'other', AuthLevel.PktPrivacy);
  const asked = Object.assign(new LsarGetUserNameRequest(), { domainAsked: true });
  const [answer] = (await client.rpc.receive(sealed(ntlm, LsarpcOpnum.LsarGetUserName, asked))) ?? [];
  const bytes = (answer as Uint8Array).slice();
  const message = bytes.subarray(0, -16);
  assert.ok(ntlm.signer?.open(message, bytes.subarray(message.length), message.subarray(24, -8)));
  const response = gather([readPdu(bytes)], new LsarGetUserNameResponse());
  assert.ok(response instanceof LsarGetUserNameResponse);
  assert.deepEqual([response.userName, response.domainName], ['bob', 'NAS']);
  const altered = sealed(ntlm, LsarpcOpnum.LsarGetUserName, asked);
  altered[30] = (altered[30] as number) ^ 1;
  const status = async (pdu: Uint8Array): Promise<unknown> => {
    const [one] = (await client.raw(pdu)) ?? [];
    return one?.body instanceof Fault && one.body.status;
  };
  assert.equal(await status(altered), FaultStatus.AccessDenied);
  assert.equal(await status(sealed(ntlm, LsarpcOpnum.LsarGetUserName, asked)), FaultStatus.AccessDenied, 'for good');
});

test('a wrong password, and nothing where a seal should be, are refused', async () => {
  const wrong = new Client();
  await bindAs(wrong, 'nonsense', AuthLevel.PktPrivacy);
  const call = (client: Client): Promise<unknown> =>
    client.call(LsarpcOpnum.LsarGetUserName, new LsarGetUserNameRequest(), new LsarGetUserNameResponse());
  assert.equal(await call(wrong), FaultStatus.AccessDenied);
  const plain = new Client();
  await bindAs(plain, 'other', AuthLevel.PktIntegrity);
  assert.equal(await call(plain), FaultStatus.AccessDenied);
  const connect = new Client();
  await bindAs(connect, 'other', AuthLevel.Connect);
  assert.ok((await call(connect)) instanceof LsarGetUserNameResponse, 'only the logon was asked for');
});

test('who guesses passwords in binds is told as slowly as elsewhere, over all pipes of a session together', async () => {
  const clock = new HandClock();
  const refusals = new Refusals(clock, 1);
  const guess = async (): Promise<NtlmClient> => {
    const client = new Client(new AssociationGroups(random), user('ann'), refusals);
    return bindAs(client, 'nonsense', AuthLevel.Connect);
  };
  await guess();
  let told = 0;
  for (let i = 0; i < 2; i++) void guess().then(() => told++);
  await turn();
  for (const seconds of [1, 2]) {
    await clock.wind(999);
    assert.equal(told, seconds - 1);
    await clock.wind(1);
    assert.equal(told, seconds);
  }
  const [right, name] = [new Client(undefined, undefined, refusals), new LsarGetUserNameResponse()];
  await bindAs(right, 'other', AuthLevel.Connect);
  assert.equal(await right.call(LsarpcOpnum.LsarGetUserName, new LsarGetUserNameRequest(), name), name);
});

test('mechanisms that nobody has here are a bind_nak', async () => {
  const contexts = [Object.assign(new ContextElement(), { abstractSyntax: LSARPC, transferSyntaxes: [NDR] })];
  const values = { authType: AuthType.GssKerberos, authLevel: AuthLevel.PktPrivacy, authValue: new Uint8Array(8) };
  const verifier = Object.assign(new AuthVerifier(), values);
  const [nak] = (await new Client().send(Object.assign(new Bind(), { contexts }), 3, verifier)) ?? [];
  assert.ok(nak?.body instanceof BindNak);
  assert.equal(nak.body.providerRejectReason, RejectReason.AuthenticationTypeNotRecognized);
});

test('strangers learn who they are, and nothing else', async () => {
  const client = new Client(new AssociationGroups(random), user('ANONYMOUS LOGON', 'anonymous'));
  await client.bind();
  const asked = Object.assign(new LsarGetUserNameRequest(), { domainAsked: true });
  const me = await client.call(LsarpcOpnum.LsarGetUserName, asked, new LsarGetUserNameResponse());
  assert.ok(me instanceof LsarGetUserNameResponse);
  assert.deepEqual([me.userName, me.domainName], ['ANONYMOUS LOGON', 'NT AUTHORITY']);
  const opened = await client.call(44, new LsarOpenPolicy2Request(), new LsarOpenPolicyResponse());
  assert.equal(opened instanceof LsarOpenPolicyResponse && opened.status, NtStatus.AccessDenied);
});
