import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Account, accountOf } from '#auth/account-store.js';
import { Smb2Peer, turn } from '#testing/smb2-peer.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { EchoRequest } from '#wire/smb2/command/echo.js';
import { LogoffRequest } from '#wire/smb2/command/logoff.js';
import type { NegotiateResponse } from '#wire/smb2/command/negotiate.js';
import { SessionSetupRequest } from '#wire/smb2/command/session-setup.js';
import { TreeConnectRequest } from '#wire/smb2/command/tree-connect.js';
import { Dialect } from '#wire/smb2/dialect.js';
import { Command, HeaderFlags } from '#wire/smb2/header.js';
import { createServer } from '../server.js';

/** A store that answers when the test says so. */
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
  // What cannot be signed any more goes out with the signature that it came with, as from Windows.
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
