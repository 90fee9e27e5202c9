import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Account, accountOf } from '#auth/account-store.js';
import { memory } from '#fs/memory/memory.js';
import { HandClock } from '#testing/hand-clock.js';
import { Smb2Peer, turn } from '#testing/smb2-peer.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileId } from '#wire/io/file-id.js';
import { ChangeNotifyRequest } from '#wire/smb2/command/change-notify.js';
import { CreateRequest, type CreateResponse } from '#wire/smb2/command/create.js';
import { EchoRequest } from '#wire/smb2/command/echo.js';
import { Dialect } from '#wire/smb2/dialect.js';
import { Command } from '#wire/smb2/header.js';
import { createServer } from './server.js';

test('a server that drains answers what is under way, takes nothing new, and ends', async () => {
  let answer: (account: Account) => void = () => undefined;
  let held = false;
  const ann = accountOf('ann', { password: 'secret' });
  const find = (): Account | Promise<Account> => (held ? new Promise((resolve) => (answer = resolve)) : ann);
  const server = createServer({ users: { find }, shares: { files: memory() } });
  const peer = new Smb2Peer(server, { dialect: Dialect.Smb311 });
  peer.negotiate();
  const session = await peer.logOn();
  const treeId = await peer.connect(session, 'files');
  const asking = { sessionId: session.id, treeId, signWith: session };
  const open = Object.assign(new CreateRequest(), { desiredAccess: 1, shareAccess: 7, createDisposition: 1 });
  const { fileId } = (await peer.ask(Command.Create, open, asking)).body as CreateResponse;
  assert.notEqual(fileId, FileId.none);
  const watch = Object.assign(new ChangeNotifyRequest(), { fileId, completionFilter: 1, outputBufferLength: 100 });
  await peer.ask(Command.ChangeNotify, watch, asking);
  assert.equal(peer.status, NtStatus.Pending);
  held = true;
  await peer.beginLogOn();
  const closing = server.close({ drainMs: 60_000 });
  await peer.ask(Command.Echo, new EchoRequest(), asking);
  assert.notEqual(peer.last.header.command, Command.Echo);
  assert.equal(peer.ended, false);
  answer(ann);
  await turn();
  const statuses = (command: number): number[] =>
    peer.replies.filter(({ header }) => header.command === command).map(({ header }) => header.status);
  assert.equal(statuses(Command.SessionSetup).at(-1), NtStatus.Success);
  while (!peer.ended) await turn();
  assert.equal(statuses(Command.ChangeNotify).at(-1), NtStatus.NotifyCleanup);
  peer.closed();
  await closing;
  assert.equal(server.connections.all, 0);
});

test('what takes longer than a drain allows is cut off', async () => {
  const clock = new HandClock();
  const server = createServer({ users: { find: () => new Promise(() => undefined) }, clock });
  const peer = new Smb2Peer(server);
  peer.negotiate();
  await peer.beginLogOn();
  const closing = server.close({ drainMs: 30 });
  await clock.wind(29);
  assert.equal(peer.ended, false);
  await clock.wind(1);
  await closing;
  assert.equal(peer.ended, true);
  assert.equal(server.connections.all, 0);
});

test('a drain keeps the process until it is over, also when its peers are gone', async () => {
  const clock = new HandClock();
  const held: number[] = [];
  const after = (ms: number, callback: () => void, holds = false): (() => void) => {
    if (holds) held.push(ms);
    return clock.after(ms, callback);
  };
  const server = createServer({
    users: { find: () => new Promise(() => undefined) },
    clock: { now: clock.now, after },
  });
  const peer = new Smb2Peer(server);
  peer.negotiate();
  await peer.beginLogOn();
  assert.equal(held.length, 0);
  const closing = server.close({ drainMs: 30 });
  assert.ok(held.includes(30));
  assert.equal(held.length, 2, 'the end of it, and its looks');
  peer.closed();
  await clock.wind(30);
  await closing;
});
