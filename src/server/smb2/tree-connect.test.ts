import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memory } from '#fs/memory/memory.js';
import { Smb2Peer } from '#testing/smb2-peer.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import {
  ShareType,
  TreeConnectFlags,
  TreeConnectRequest,
  type TreeConnectResponse,
} from '#wire/smb2/command/tree-connect.js';
import { Dialect } from '#wire/smb2/dialect.js';
import { Command } from '#wire/smb2/header.js';
import { TreeConnectContext } from '#wire/smb2/tree-connect-context.js';
import { createServer } from '../server.js';

const users = { ann: { password: 'secret' } };
const dialect = Dialect.Smb311;

test('a tree connect with an extension is one like any other', async () => {
  const peer = new Smb2Peer(createServer({ users, shares: { files: memory() } }), { dialect });
  peer.negotiate();
  const session = await peer.logOn();
  const request = Object.assign(new TreeConnectRequest(), { path: '\\\\here\\files' });
  request.flags = TreeConnectFlags.ExtensionPresent;
  request.treeConnectContexts = [new TreeConnectContext()];
  await peer.ask(Command.TreeConnect, request, { sessionId: session.id, signWith: session });
  assert.equal(peer.status, NtStatus.Success);
  assert.equal((peer.last.body as TreeConnectResponse).shareType, ShareType.Disk);
});

test('at 3.1.1 a user who does not prove that a tree connect is his loses the connection', async () => {
  const peer = new Smb2Peer(createServer({ users, signing: 'enabled', shares: { files: memory() } }), { dialect });
  peer.negotiate();
  const { id } = await peer.logOn();
  const request = Object.assign(new TreeConnectRequest(), { path: '\\\\here\\files' });
  await peer.ask(Command.TreeConnect, request, { sessionId: id });
  assert.equal(peer.ended, true);
});

test('an anonymous session gets to IPC$, and to what guests may see', async () => {
  const shares = { files: memory(), open: { backend: memory(), guests: 'read' as const } };
  const peer = new Smb2Peer(createServer({ users, anonymous: true, shares }), { dialect });
  peer.negotiate();
  const session = await peer.logOn({ account: '', password: '' });
  assert.equal(peer.status, NtStatus.Success);
  const connect = async (share: string): Promise<number> => {
    const request = Object.assign(new TreeConnectRequest(), { path: `\\\\here\\${share}` });
    return (await peer.ask(Command.TreeConnect, request, { sessionId: session.id })).header.status;
  };
  assert.equal(await connect('IPC$'), NtStatus.Success);
  assert.equal(await connect('files'), NtStatus.AccessDenied);
  assert.equal(await connect('open'), NtStatus.Success);
  assert.equal(await connect('missing'), NtStatus.BadNetworkName);
});

test('a share that demands encryption is not for those who cannot', async () => {
  const shares = { files: { backend: memory(), encryption: 'required' as const } };
  const peer = new Smb2Peer(createServer({ users, shares }), { dialect: Dialect.Smb210 });
  peer.negotiate();
  await peer.connect(await peer.logOn(), 'files');
  assert.equal(peer.status, NtStatus.AccessDenied);
});
