import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GmacSigner } from '#crypto/signing.js';
import { verifySignature } from '#engine/smb2/compose.js';
import type { SessionSecurity } from '#engine/smb2/security.js';
import { type PeerOptions, type Reply, Smb2Peer, turn } from '#testing/smb2-peer.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { EchoRequest } from '#wire/smb2/command/echo.js';
import { SessionSetupFlags, SessionSetupRequest } from '#wire/smb2/command/session-setup.js';
import { TreeDisconnectRequest } from '#wire/smb2/command/tree-disconnect.js';
import { Dialect } from '#wire/smb2/dialect.js';
import { Command } from '#wire/smb2/header.js';
import { SigningAlgorithm } from '#wire/smb2/negotiate-context/signing-capabilities.js';
import { createServer, type SmbServer } from '../server.js';

const users = { ann: { password: 'secret' }, bob: { password: 'other' } };
const { AesCmac, AesGmac, HmacSha256 } = SigningAlgorithm;

function twoPeers(one: PeerOptions, other: PeerOptions): [SmbServer, Smb2Peer, Smb2Peer] {
  const server = createServer({ users });
  const peers = [one, other].map((options) => new Smb2Peer(server, options)) as [Smb2Peer, Smb2Peer];
  for (const peer of peers) peer.negotiate();
  return [server, ...peers];
}

test('a second connection joins a session, under a key of its own, and the session outlives the first', async () => {
  const dialect = Dialect.Smb311;
  const [server, one, other] = twoPeers({ dialect }, { dialect });
  const session = await one.logOn();
  const channel = await other.logOn({ joins: session });
  assert.equal(other.status, NtStatus.Success);
  assert.equal(server.sessions.length, 1);
  assert.equal(verifySignature(other.last.bytes, other.last.header, channel, true), true);
  // Tree connects of the first channel work on the second, but the first one's key is not valid there.
  const asking = { sessionId: session.id, treeId: await one.connect(session, 'IPC$') };
  await other.ask(Command.TreeDisconnect, new TreeDisconnectRequest(), { ...asking, signWith: session });
  assert.equal(other.status, NtStatus.AccessDenied);
  await other.ask(Command.TreeDisconnect, new TreeDisconnectRequest(), { ...asking, signWith: channel });
  assert.equal(other.status, NtStatus.Success);
  one.closed();
  await turn();
  assert.equal(server.sessions.length, 1);
  await other.ask(Command.Echo, new EchoRequest(), { sessionId: session.id, signWith: channel });
  assert.equal(other.status, NtStatus.Success);
  other.closed();
  await turn();
  assert.deepEqual(server.sessions, []);
});

test('a connection must have agreed on what the session began with', async () => {
  const at311 = (signingAlgorithm: number): PeerOptions => ({ dialect: Dialect.Smb311, signingAlgorithm });
  const cases: readonly [PeerOptions, PeerOptions, number][] = [
    [{ dialect: Dialect.Smb210 }, { dialect: Dialect.Smb210 }, NtStatus.RequestNotAccepted],
    [{ dialect: Dialect.Smb302 }, { dialect: Dialect.Smb210 }, NtStatus.RequestNotAccepted],
    [{ dialect: Dialect.Smb210 }, { dialect: Dialect.Smb302 }, NtStatus.InvalidParameter],
    [{ dialect: Dialect.Smb302 }, at311(AesCmac), NtStatus.InvalidParameter],
    [at311(AesGmac), at311(AesCmac), NtStatus.RequestOutOfSequence],
    [at311(AesGmac), { dialect: Dialect.Smb210 }, NtStatus.RequestOutOfSequence],
    [at311(HmacSha256), at311(AesGmac), NtStatus.NotSupported],
    [at311(AesCmac), at311(HmacSha256), NtStatus.Success],
  ];
  for (const [one, other, status] of cases) {
    const [server, first, second] = twoPeers(one, other);
    const session = await first.logOn();
    await second.logOn({ joins: session });
    assert.equal(second.status, status);
    assert.equal(server.sessions.length, 1);
  }
});

test('who joins must be the user of the session, know its key and not be there already', async () => {
  const dialect = Dialect.Smb311;
  const [server, one, other] = twoPeers({ dialect }, { dialect });
  const session = await one.logOn();
  await other.logOn({ joins: session, account: 'bob', password: 'other' });
  assert.equal(other.status, NtStatus.AccessDenied);
  await other.logOn({ joins: session, password: 'wrong' });
  assert.equal(other.status, NtStatus.LogonFailure);
  await other.logOn({ joins: { ...session, signer: undefined } });
  assert.equal(other.status, NtStatus.InvalidParameter);
  await other.logOn({ joins: { ...session, id: session.id + 1n } });
  assert.equal(other.status, NtStatus.UserSessionDeleted);
  await other.logOn({ renews: session });
  assert.equal(other.status, NtStatus.UserSessionDeleted);
  await one.logOn({ joins: session });
  assert.equal(one.status, NtStatus.RequestNotAccepted);
  assert.equal(server.sessions.length, 1);
  await one.ask(Command.Echo, new EchoRequest(), { sessionId: session.id, signWith: session });
  assert.equal(one.status, NtStatus.Success);
});

/** The first half of binding to a session. */
function beginToJoin(peer: Smb2Peer, session: SessionSecurity, signWith = session): Promise<Reply> {
  const request = Object.assign(new SessionSetupRequest(), { flags: SessionSetupFlags.Binding });
  request.securityBuffer = peer.ntlm().step(undefined);
  return peer.ask(Command.SessionSetup, request, { sessionId: session.id, signWith });
}

test('who has begun to join a session cannot log on in its place', async () => {
  const dialect = Dialect.Smb311;
  const [server, one, other] = twoPeers({ dialect }, { dialect });
  const session = await one.logOn();
  await beginToJoin(other, session);
  assert.equal(other.status, NtStatus.MoreProcessingRequired);
  await other.logOn({ renews: session, account: 'bob', password: 'other' });
  assert.equal(other.status, NtStatus.UserSessionDeleted);
  assert.deepEqual(
    server.sessions.map(({ account }) => account),
    ['ann'],
  );
  assert.notEqual(await one.connect(session, 'IPC$'), 0);
});

test('a connection that has only begun to join a session does not keep it alive', async () => {
  const dialect = Dialect.Smb311;
  const [server, one, other] = twoPeers({ dialect }, { dialect });
  const session = await one.logOn();
  await beginToJoin(other, session);
  one.closed();
  await turn();
  assert.deepEqual(server.sessions, []);
  await beginToJoin(other, session);
  assert.equal(other.status, NtStatus.UserSessionDeleted);
});

test('the key of a session signs nothing for who does not have it', async () => {
  const options = { dialect: Dialect.Smb311, signingAlgorithm: AesGmac };
  const [, one, other] = twoPeers(options, options);
  const session = await one.logOn();
  const { header, bytes } = await beginToJoin(other, session, {
    ...session,
    signer: new GmacSigner(new Uint8Array(16)),
  });
  assert.equal(header.status, NtStatus.AccessDenied);
  assert.equal(verifySignature(bytes, header, session, true), false);
  await beginToJoin(one, session);
  assert.equal(one.status, NtStatus.RequestNotAccepted);
  assert.equal(verifySignature(one.last.bytes, one.last.header, session, true), true);
});
