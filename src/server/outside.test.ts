import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Caching } from '#coord/caching.js';
import { localDirectory } from '#fs/local/local-directory.js';
import { LeaseClient } from '#testing/lease-client.js';
import { turn } from '#testing/smb2-peer.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileNotifyList } from '#wire/fscc/notify.js';
import { Decoder } from '#wire/io/decoder.js';
import type { FileId } from '#wire/io/file-id.js';
import { ChangeNotifyFlags, ChangeNotifyRequest, type ChangeNotifyResponse } from '#wire/smb2/command/change-notify.js';
import { OplockLevel } from '#wire/smb2/command/create.js';
import { Command } from '#wire/smb2/header.js';
import { createServer } from './server.js';

const { R, RH, RWH } = Caching;
const PATIENCE_MS = 5000;

/** Changes made to a share by programs on the server's machine, as clients see them. */
class Bench {
  readonly root: string;
  readonly server;
  #clients = 0;

  constructor(t: TestContext) {
    this.root = mkdtempSync(join(tmpdir(), 'sombrero-outside-'));
    mkdirSync(join(this.root, 'd'));
    writeFileSync(this.at('f'), 'content');
    const shares = { docs: localDirectory(this.root) };
    this.server = createServer({ users: { ann: { password: 'secret' } }, shares, signing: 'enabled' });
    t.after(async () => {
      await this.server.close();
      rmSync(this.root, { recursive: true });
    });
  }

  at(name: string): string {
    return join(this.root, 'd', name);
  }

  client(): Promise<LeaseClient> {
    return new LeaseClient(this.server, ++this.#clients).start();
  }
}

/** The next breaks the client is notified of. */
async function told(client: LeaseClient): Promise<string[]> {
  for (const start = performance.now(); performance.now() - start < PATIENCE_MS; ) {
    const breaks = await client.breaks();
    if (breaks.length > 0) return breaks;
  }
  return [];
}

/** Waits for the medium's reports, and for the interval in which a busy file is not checked again. */
async function settled(): Promise<void> {
  for (const start = performance.now(); performance.now() - start < 100; ) await turn();
}

test('another program writes: who has cached the file is told, though nobody watches its directory', async (t) => {
  const bench = new Bench(t);
  for (const [state, break_] of [
    [R, 'R> 1 e2'],
    [RH, 'RH> 1 e2!'],
    [RWH, 'RWH> 1 e2!'],
  ] as const) {
    const client = await bench.client();
    const { fileId } = await client.open('d\\f', { lease: { key: 1, state } });
    appendFileSync(bench.at('f'), 'more');
    assert.deepEqual(await told(client), [break_]);
    await client.close(fileId);
  }
  const client = await bench.client();
  await client.open('d\\f', { oplock: OplockLevel.Batch });
  appendFileSync(bench.at('f'), 'more');
  assert.deepEqual(await told(client), ['oplock']);
});

test('what a client does itself breaks nothing of its own; what others do right after it does', async (t) => {
  const bench = new Bench(t);
  const client = await bench.client();
  const { fileId } = await client.open('d\\f', { lease: { key: 1, parent: 2, state: RWH } });
  await client.open('d', { directory: true, lease: { key: 2, state: RH } });
  for (let i = 0; i < 5; i++) {
    await client.write(fileId, new Uint8Array(60_000));
    await client.setEndOfFile(fileId, 3);
    await client.setBasic(fileId, { lastWriteTime: 116_444_736_000_000_000n + BigInt(i) });
    await settled();
  }
  const made = await client.open('d\\made', { lease: { key: 3, parent: 2, state: RWH } });
  await client.write(made.fileId);
  await client.close(made.fileId);
  await settled();
  assert.deepEqual(await client.breaks(), []);
  appendFileSync(bench.at('f'), 'more');
  assert.deepEqual((await told(client)).sort(), ['RH> 2 e2!', 'RWH> 1 e2!']);
});

test('another program adds and removes: who has cached the directory is told', async (t) => {
  const bench = new Bench(t);
  const deeds: readonly [string, () => void][] = [
    ['add', () => writeFileSync(bench.at('new'), '')],
    ['rename', () => renameSync(bench.at('new'), bench.at('renamed'))],
    ['remove', () => unlinkSync(bench.at('renamed'))],
  ];
  for (const [what, deed] of deeds) {
    const client = await bench.client();
    const { fileId } = await client.open('d', { directory: true, lease: { key: 1, state: RH } });
    deed();
    assert.deepEqual(await told(client), ['RH> 1 e2!'], what);
    await client.close(fileId);
  }
});

test('another program puts another file in the place of one that is cached', async (t) => {
  const bench = new Bench(t);
  const client = await bench.client();
  await client.open('d\\f', { lease: { key: 1, state: RH } });
  writeFileSync(bench.at('temporary'), 'other');
  renameSync(bench.at('temporary'), bench.at('f'));
  assert.deepEqual(await told(client), ['RH> 1 e2!']);
});

async function nextChanges(client: LeaseClient, fileId: FileId): Promise<string[]> {
  const request = Object.assign(new ChangeNotifyRequest(), {
    fileId,
    flags: ChangeNotifyFlags.WatchTree,
    completionFilter: 0xfff,
    outputBufferLength: 4096,
  });
  const id = client.send(Command.ChangeNotify, request);
  const answer = await client.answer(id);
  assert.ok(answer);
  assert.equal(answer.status, NtStatus.Success);
  const list = new FileNotifyList();
  list.layout(new Decoder().reset((answer.body as ChangeNotifyResponse).output));
  return list.entries.map(({ action, fileName }) => `${action} ${fileName}`);
}

test('a watched directory that is renamed is watched at its new place', async (t) => {
  const bench = new Bench(t);
  const client = await bench.client();
  const watched = await client.open('d', { directory: true });
  const first = nextChanges(client, watched.fileId);
  await settled();
  writeFileSync(bench.at('one'), '');
  assert.deepEqual((await first).slice(0, 1), ['1 one']);
  assert.equal(await client.rename(watched.fileId, 'e'), NtStatus.Success);
  await settled();
  writeFileSync(join(bench.root, 'e', 'two'), '');
  const seen: string[] = [];
  while (!seen.includes('1 two')) seen.push(...(await nextChanges(client, watched.fileId)));
});
