import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memory } from '#fs/memory/memory.js';
import { LeaseClient } from '#testing/lease-client.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { LogoffRequest } from '#wire/smb2/command/logoff.js';
import { TreeDisconnectRequest } from '#wire/smb2/command/tree-disconnect.js';
import { LeaseState } from '#wire/smb2/create-context/lease.js';
import { Command } from '#wire/smb2/header.js';
import { createServer } from '../server.js';

const RH = LeaseState.ReadCaching | LeaseState.HandleCaching;
const RWH = RH | LeaseState.WriteCaching;
const { ReadData, WriteData, Delete } = FileAccess;

/** Ways in which a client leaves, with two opens that conflict with another client's. */
const ends: Record<string, (client: LeaseClient) => void> = {
  'is lost': (client) => client.peer.closed(),
  'logs off': (client) => void client.send(Command.Logoff, new LogoffRequest()),
  'disconnects from the share': (client) => void client.send(Command.TreeDisconnect, new TreeDisconnectRequest()),
};

for (const [how, end] of Object.entries(ends)) {
  test(`a client that ${how} gives way with all of its opens at once`, async () => {
    const server = createServer({
      users: { ann: { password: 'secret' } },
      shares: { docs: memory() },
      signing: 'enabled',
    });
    const [leaving, waiting] = [await new LeaseClient(server, 1).start(), await new LeaseClient(server, 2).start()];
    await leaving.open('f', { access: WriteData, share: 3, lease: { key: 2, state: RH } });
    const id = waiting.begin('f', { access: ReadData | WriteData | Delete });
    assert.deepEqual(await leaving.breaks(), ['RH>R 2 e2!']);
    // Does not share read access, and also holds a handle lease.
    await leaving.open('f', { access: ReadData | WriteData, share: 2, lease: { key: 1, state: RH } });
    end(leaving);
    assert.equal((await waiting.answer(id))?.status, NtStatus.Success);
    assert.deepEqual(await leaving.breaks(), [], 'of what it has left nothing is asked');
  });
}

test('an open of a lost client that nobody could ask for goes with the one that was asked for', async () => {
  const server = createServer({
    users: { ann: { password: 'secret' } },
    shares: { docs: memory() },
    signing: 'enabled',
  });
  const [leaving, waiting] = [await new LeaseClient(server, 1).start(), await new LeaseClient(server, 2).start()];
  await leaving.open('f', { access: WriteData, share: 3, lease: { key: 2, state: RH } });
  const id = waiting.begin('f', { access: ReadData | WriteData | Delete });
  await leaving.breaks();
  // This open caches nothing, so nobody is asked: alone, it would cause a refusal.
  await leaving.open('f', { access: ReadData | WriteData, share: 2 });
  leaving.peer.closed();
  assert.equal((await waiting.answer(id))?.status, NtStatus.Success);
});

test('who logs off is not let in any more by what it lets go of itself', async () => {
  const server = createServer({
    users: { ann: { password: 'secret' } },
    shares: { docs: memory() },
    signing: 'enabled',
  });
  const [leaving, waiting] = [await new LeaseClient(server, 1).start(), await new LeaseClient(server, 2).start()];
  await leaving.open('f', { lease: { key: 1, state: RWH } });
  const other = waiting.begin('f', { lease: { key: 2, state: RWH } });
  const own = leaving.begin('f', {});
  assert.deepEqual(await leaving.breaks(), ['RWH>RH 1 e2!']);
  leaving.send(Command.Logoff, new LogoffRequest());
  assert.equal((await waiting.answer(other))?.status, NtStatus.Success);
  assert.equal((await leaving.answer(own))?.status, NtStatus.Cancelled);
  assert.deepEqual(await waiting.breaks(), []);
});
