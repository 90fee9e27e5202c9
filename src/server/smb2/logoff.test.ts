import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memory } from '#fs/memory/memory.js';
import { Smb2Peer, turn } from '#testing/smb2-peer.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { ChangeNotifyRequest } from '#wire/smb2/command/change-notify.js';
import { CreateDisposition, CreateOptions, CreateRequest, type CreateResponse } from '#wire/smb2/command/create.js';
import { LogoffRequest } from '#wire/smb2/command/logoff.js';
import { TreeConnectRequest } from '#wire/smb2/command/tree-connect.js';
import { Dialect } from '#wire/smb2/dialect.js';
import { Command, HeaderFlags } from '#wire/smb2/header.js';
import { createServer } from '../server.js';

const create = (name = 'f', createOptions = 0): CreateRequest =>
  Object.assign(new CreateRequest(), {
    name,
    desiredAccess: FileAccess.ReadData,
    shareAccess: 7,
    createDisposition: CreateDisposition.OpenIf,
    createOptions,
  });

const treeConnect = (): TreeConnectRequest => Object.assign(new TreeConnectRequest(), { path: '\\\\here\\docs' });

const logoff = [Command.Logoff, new LogoffRequest()] as const;

for (const [name, flags, behind] of [
  ['related', HeaderFlags.RelatedOperations, NtStatus.InvalidParameter],
  ['unrelated', 0, NtStatus.UserSessionDeleted],
] as const) {
  for (const dialect of [Dialect.Smb210, Dialect.Smb311]) {
    test(`what stands behind a LOGOFF in a compound finds no session: ${name}, ${dialect.toString(16)}`, async () => {
      const server = createServer({ users: { ann: { password: 'secret' } }, shares: { docs: memory() } });
      const peer = new Smb2Peer(server, { dialect });
      peer.negotiate();
      const session = await peer.logOn();
      const asking = { sessionId: session.id, treeId: await peer.connect(session, 'docs'), signWith: session };
      const before = peer.replies.length;
      const requests = [[Command.Create, create()], logoff, [Command.TreeConnect, treeConnect()], logoff] as const;
      peer.compound(
        requests.map(([command, body], at) => ({
          command,
          body,
          asking: at === 0 ? asking : { ...asking, flags },
        })),
      );
      while (peer.replies.length < before + requests.length) await turn();
      const answers = peer.replies.slice(before).map(({ header }) => [header.command, header.status] as const);
      assert.deepEqual(answers, [
        [Command.Create, NtStatus.Success],
        [Command.Logoff, NtStatus.Success],
        [Command.TreeConnect, behind],
        [Command.Logoff, behind],
      ]);
      // A response whose key is gone carries the signature of its request.
      const signed = peer.replies.slice(before).map(({ header }) => (header.flags & HeaderFlags.Signed) !== 0);
      assert.deepEqual(signed, [true, true, true, true]);
      const { sessions, opens } = await server.status();
      assert.deepEqual([sessions, opens], [0, 0]);
    });
  }
}

test('what waits in a session is answered before its LOGOFF is, and what comes later finds none', async () => {
  const server = createServer({ users: { ann: { password: 'secret' } }, shares: { docs: memory() } });
  const peer = new Smb2Peer(server, { dialect: Dialect.Smb311 });
  peer.negotiate();
  const session = await peer.logOn();
  const asking = { sessionId: session.id, treeId: await peer.connect(session, 'docs'), signWith: session };
  await peer.answered(peer.send(Command.Create, create('', CreateOptions.DirectoryFile), asking));
  const { fileId } = peer.last.body as CreateResponse;
  const watching = { fileId, completionFilter: 1, outputBufferLength: 1000 };
  await peer.answered(peer.send(Command.ChangeNotify, Object.assign(new ChangeNotifyRequest(), watching), asking));
  assert.equal(peer.status, NtStatus.Pending);
  const before = peer.replies.length;
  for (const [command, body] of [logoff, logoff, [Command.Create, create()] as const]) peer.send(command, body, asking);
  while (peer.replies.length < before + 4) await turn();
  const answers = peer.replies.slice(before).map(({ header }) => [header.command, header.status] as const);
  const told = (command: number): number[] => answers.filter(([of]) => of === command).map(([, status]) => status);
  assert.deepEqual(told(Command.ChangeNotify), [NtStatus.NotifyCleanup]);
  assert.deepEqual(told(Command.Create), [NtStatus.UserSessionDeleted]);
  assert.deepEqual(told(Command.Logoff), [NtStatus.UserSessionDeleted, NtStatus.Success]);
  const waiting = answers.findIndex(([command]) => command === Command.ChangeNotify);
  const ended = answers.findIndex(([command, status]) => command === Command.Logoff && status === NtStatus.Success);
  assert.ok(waiting < ended);
  const { sessions, opens, watches } = await server.status();
  assert.deepEqual([sessions, opens, watches], [0, 0, 0]);
});
