import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Account, accountOf } from '#auth/account-store.js';
import { memory } from '#fs/memory/memory.js';
import { Smb2Peer, turn } from '#testing/smb2-peer.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileInfoClass } from '#wire/fscc/file-info/classes.js';
import { FileId } from '#wire/io/file-id.js';
import { CloseRequest } from '#wire/smb2/command/close.js';
import { CreateDisposition, CreateRequest } from '#wire/smb2/command/create.js';
import { EchoRequest } from '#wire/smb2/command/echo.js';
import { InfoType } from '#wire/smb2/command/info-type.js';
import { LogoffRequest } from '#wire/smb2/command/logoff.js';
import type { NegotiateResponse } from '#wire/smb2/command/negotiate.js';
import { QueryInfoRequest } from '#wire/smb2/command/query-info.js';
import { SessionSetupRequest } from '#wire/smb2/command/session-setup.js';
import { TreeConnectRequest } from '#wire/smb2/command/tree-connect.js';
import { Dialect } from '#wire/smb2/dialect.js';
import { Command, HeaderFlags } from '#wire/smb2/header.js';
import { createServer } from '../server.js';

/** An account store that answers when the test tells it to. */
function slowStore() {
  let answer: (account: Account) => void = () => undefined;
  const find = (): Promise<Account> => new Promise((resolve) => (answer = resolve));
  return { find, answer: () => answer(accountOf('ann', { password: 'secret' })) };
}

test('a connection that is lost while its logon is looked up leaves no session behind', async () => {
  const store = slowStore();
  const server = createServer({ users: { find: store.find } });
  const peer = new Smb2Peer(server);
  peer.negotiate();
  await peer.beginLogOn();
  peer.closed();
  store.answer();
  await turn();
  assert.deepEqual(server.sessions, []);
  assert.equal(server.connections.all, 0);
});

test('the same logon goes well when nothing is lost', async () => {
  const store = slowStore();
  const server = createServer({ users: { find: store.find } });
  const peer = new Smb2Peer(server);
  peer.negotiate();
  await peer.beginLogOn();
  store.answer();
  await turn();
  assert.equal(peer.status, NtStatus.Success);
  assert.equal(server.sessions[0]?.account, 'ann');
  peer.closed();
  await turn();
  assert.deepEqual(server.sessions, []);
});

test('before NEGOTIATE nothing else is answered', () => {
  const peer = new Smb2Peer(createServer());
  peer.send(Command.Echo, new EchoRequest());
  assert.equal(peer.replies.length, 0);
  assert.equal(peer.ended, true);
});

test('behind the session service nothing is promised that its frames cannot carry', () => {
  for (const [framing, most] of [
    ['netbios', 65_536],
    ['direct', 1_048_576],
  ] as const) {
    const peer = new Smb2Peer(createServer(), { framing });
    peer.negotiate();
    assert.equal((peer.last.body as NegotiateResponse).maxReadSize, most);
    assert.equal((peer.last.body as NegotiateResponse).maxTransactSize, framing === 'direct' ? 8 * 1_048_576 : most);
  }
});

const users = { ann: { password: 'secret' }, bob: { password: 'other' } };

test('a session may go on under another user; its keys stay', async () => {
  const server = createServer({ users });
  const peer = new Smb2Peer(server, { dialect: Dialect.Smb311 });
  peer.negotiate();
  const session = await peer.logOn();
  const echo = { sessionId: session.id, signWith: session };
  await peer.logOn({ renews: session, account: 'bob', password: 'other' });
  assert.equal(peer.status, NtStatus.Success);
  assert.deepEqual(
    server.sessions.map(({ account }) => account),
    ['bob'],
  );
  assert.equal((await peer.ask(Command.Echo, new EchoRequest(), echo)).header.status, NtStatus.Success);
});

test('who fails to renew a session loses it', async () => {
  const server = createServer({ users });
  const peer = new Smb2Peer(server, { dialect: Dialect.Smb311 });
  peer.negotiate();
  const session = await peer.logOn();
  await peer.logOn({ renews: session, password: 'wrong' });
  assert.equal(peer.status, NtStatus.LogonFailure);
  assert.deepEqual(server.sessions, []);
  await peer.ask(Command.Logoff, new LogoffRequest(), { sessionId: session.id, signWith: session });
  assert.equal(peer.status, NtStatus.UserSessionDeleted);
  // A response that cannot be signed any more carries the signature of its request, as on Windows.
  assert.notEqual(peer.last.header.flags & HeaderFlags.Signed, 0);
});

test('while a session is renewed, nothing is done that depends on who the user is', async () => {
  const peer = new Smb2Peer(createServer({ users }), { dialect: Dialect.Smb311 });
  peer.negotiate();
  const session = await peer.logOn();
  const ntlm = peer.ntlm();
  const signed = { sessionId: session.id, signWith: session };
  const first = Object.assign(new SessionSetupRequest(), { securityBuffer: ntlm.step(undefined) });
  await peer.ask(Command.SessionSetup, first, signed);
  await peer.ask(Command.TreeConnect, Object.assign(new TreeConnectRequest(), { path: '\\\\here\\IPC$' }), signed);
  assert.equal(peer.status, NtStatus.InvalidHandle);
  await peer.ask(Command.Echo, new EchoRequest(), signed);
  assert.equal(peer.status, NtStatus.Success);
});

test('what was begun before a session is renewed is finished', async () => {
  const create = Object.assign(new CreateRequest(), {
    name: 'f',
    desiredAccess: FileAccess.ReadAttributes,
    shareAccess: 7,
    createDisposition: CreateDisposition.OpenIf,
  });
  const query = Object.assign(new QueryInfoRequest(), {
    infoType: InfoType.File,
    fileInfoClass: FileInfoClass.Standard,
    fileId: FileId.related,
    outputBufferLength: 100,
  });
  const close = Object.assign(new CloseRequest(), { fileId: FileId.related });
  const peer = new Smb2Peer(createServer({ users, shares: { docs: memory() } }));
  peer.negotiate();
  const session = await peer.logOn();
  const asking = { sessionId: session.id, treeId: await peer.connect(session, 'docs'), signWith: session };
  const related = { ...asking, flags: HeaderFlags.RelatedOperations };
  const before = peer.replies.length;
  peer.compound([
    { command: Command.Create, body: create, asking },
    { command: Command.QueryInfo, body: query, asking: related },
    { command: Command.Close, body: close, asking: related },
  ]);
  assert.equal(peer.replies.length, before, 'it is under way');
  const renewal = Object.assign(new SessionSetupRequest(), { securityBuffer: peer.ntlm().step(undefined) });
  peer.send(Command.SessionSetup, renewal, asking);
  await turn();
  await turn();
  const statuses = peer.replies.slice(before).map(({ header }) => [header.command, header.status] as const);
  assert.deepEqual(
    new Map(statuses),
    new Map([
      [Command.SessionSetup, NtStatus.MoreProcessingRequired],
      [Command.Create, NtStatus.Success],
      [Command.QueryInfo, NtStatus.Success],
      [Command.Close, NtStatus.Success],
    ]),
  );
});

test('a session takes the place of the one that its user says he had', async () => {
  const server = createServer({ users });
  const [lost, found, stranger] = [1, 2, 3].map(() => new Smb2Peer(server, { dialect: Dialect.Smb311 })) as [
    Smb2Peer,
    Smb2Peer,
    Smb2Peer,
  ];
  for (const peer of [lost, found, stranger]) peer.negotiate();
  const { id } = await lost.logOn();
  await stranger.logOn({ account: 'bob', password: 'other', previous: id });
  assert.equal(server.sessions.length, 2);
  await found.logOn({ previous: id });
  assert.deepEqual(
    server.sessions.map(({ account }) => account),
    ['bob', 'ann'],
  );
});
