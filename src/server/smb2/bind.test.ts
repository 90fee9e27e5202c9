import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verifySignature } from '#engine/smb2/compose.js';
import { type PeerOptions, Smb2Peer, turn } from '#testing/smb2-peer.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { EchoRequest } from '#wire/smb2/command/echo.js';
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
  // What was connected over the first is there over the second, and the first's key does not count there.
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
