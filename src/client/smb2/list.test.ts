import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Smb2Reply } from '#engine/smb2/client-connection.js';
import { memory } from '#fs/memory/memory.js';
import { memoryPair } from '#net/memory.js';
import { createServer, type SmbServer } from '#server/server.js';
import { frames } from '#tap/events.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileNamesInformation } from '#wire/fscc/directory-info/names.js';
import { DirectoryPacker } from '#wire/fscc/directory-info/packer.js';
import { CreateResponse } from '#wire/smb2/command/create.js';
import { QueryDirectoryResponse } from '#wire/smb2/command/query-directory.js';
import { Command } from '#wire/smb2/header.js';
import { openClient } from '../connection.js';
import { settingsFrom } from '../options.js';
import type { FileProtocol } from '../protocol.js';
import type { Caller } from './caller.js';
import { names, requireEnd } from './list.js';
import type { TreeCall } from './tree-call.js';

const MANY = 1500;

async function client(t: TestContext): Promise<{ protocol: FileProtocol; server: SmbServer }> {
  const server = createServer({ shares: { s: memory() }, users: { ann: { password: 'secret' } } });
  t.after(() => server.close());
  const [here, there] = memoryPair();
  server.accept(there);
  const connection = await openClient(here, settingsFrom('smb://ann:secret@server/s', {}));
  t.after(() => connection.close());
  const { protocol } = await connection.tree('s');
  return { protocol, server };
}

async function gathered<T>(batches: AsyncIterable<readonly T[]>): Promise<T[]> {
  const all: T[] = [];
  for await (const batch of batches) all.push(...batch);
  return all;
}

async function fill(protocol: FileProtocol, directory: string, count: number): Promise<string[]> {
  await protocol.mkdir(directory);
  const names = Array.from({ length: count }, (_, i) => `${'f'.repeat(60)}${i}`);
  for (const name of names) await protocol.mkdir(`${directory}\\${name}`);
  return names.sort();
}

test('a list of many answers is whole, and so are the names alone', async (t) => {
  const { protocol, server } = await client(t);
  const names = await fill(protocol, 'd', MANY);
  assert.deepEqual((await gathered(protocol.list('d', '*'))).map(({ name }) => name).sort(), names);
  assert.deepEqual((await gathered(protocol.names('d', '*'))).sort(), names);
  assert.deepEqual(await gathered(protocol.names('d', '*f1234')), [`${'f'.repeat(60)}1234`]);
  assert.deepEqual(await gathered(protocol.names('d', 'none')), []);
  assert.equal((await server.status()).opens, 0);
});

test('a server that goes on for ever without a name is not listened to', () => {
  requireEnd(1);
  requireEnd(2);
  assert.throws(() => requireEnd(3), { code: 'SMB_MALFORMED', retryable: false });
});

test('who stops reading leaves nothing open', async (t) => {
  const { protocol, server } = await client(t);
  await fill(protocol, 'd', MANY);
  for await (const batch of protocol.list('d', '*')) {
    assert.ok(batch.length < MANY);
    break;
  }
  assert.equal((await server.status()).opens, 0);
  const stop = new AbortController();
  const reading = gathered(protocol.names('d', '*', { signal: stop.signal }));
  stop.abort(new Error('enough'));
  await assert.rejects(reading, /enough/);
  // The pending open is closed as soon as its response arrives.
  while ((await server.status()).opens > 0) await protocol.stat('d');
});

test('a directory takes two round trips unless it is large', async (t) => {
  const { protocol } = await client(t);
  await fill(protocol, 'small', 3);
  await fill(protocol, 'larger', 200);
  let sent = 0;
  const end = frames.subscribe(({ connection, direction }) => {
    if (connection.role === 'client' && direction === 'sent') sent++;
  });
  t.after(end);
  for (const directory of ['small', 'larger']) {
    sent = 0;
    await gathered(protocol.list(directory, '*'));
    assert.equal(sent, 2, directory);
  }
});

test('what is no directory has no list', async (t) => {
  const { protocol, server } = await client(t);
  await assert.rejects(gathered(protocol.list('none', '*')), { status: NtStatus.ObjectNameNotFound });
  assert.equal((await server.status()).opens, 0);
});

test('an end that overtakes other answers ends nothing', async () => {
  const answer = (...names: string[]): Smb2Reply => {
    const packer = new DirectoryPacker(65536);
    for (const fileName of names) packer.add(Object.assign(new FileNamesInformation(), { fileName }));
    const status = names.length === 0 ? NtStatus.NoMoreFiles : NtStatus.Success;
    const body = Object.assign(new QueryDirectoryResponse(), { output: packer.finish() });
    return { header: { status }, body } as unknown as Smb2Reply;
  };
  const later = [answer(), answer('c'), answer('d')];
  const asked: number[] = [];
  const caller: Partial<Caller> = {
    answerable: (bytes) => bytes,
    charge: () => 1,
    openAndAsk: async () => ({
      opened: { body: new CreateResponse() } as unknown as Smb2Reply,
      answers: [Promise.resolve(answer('.', '..', 'a')), Promise.resolve(answer('b'))],
    }),
    call: async ({ command }: TreeCall) => {
      asked.push(command);
      return command === Command.Close ? answer() : (later.shift() ?? answer());
    },
  };
  assert.deepEqual(await gathered(names(caller as Caller, 'd', '*')), ['a', 'b', 'c', 'd']);
  const { QueryDirectory, Close } = Command;
  assert.deepEqual(asked, [QueryDirectory, QueryDirectory, QueryDirectory, Close]);
});
