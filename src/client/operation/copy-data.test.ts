import assert from 'node:assert/strict';
import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { localDirectory } from '#fs/local/local-directory.js';
import { memoryPair } from '#net/memory.js';
import { createServer } from '#server/server.js';
import { temporaryFolder } from '#testing/peers.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { connectOver } from '../connect.js';
import type { FileProtocol, Handle, Lent } from '../protocol.js';
import type { Share } from '../share.js';
import { copyData } from './copy-data.js';

const MIB = 1024 * 1024;
const handle = { path: 'f' } as Handle;

/** A server without sparse files and server-side copy, and the peak number of concurrent requests. */
function plain(content: Uint8Array): { protocol: FileProtocol; file: () => Uint8Array; most: () => number } {
  let file = content;
  let flying = 0;
  let most = 0;
  const wait = async (): Promise<void> => {
    most = Math.max(most, ++flying);
    for (let i = 0; i < 20; i++) await null;
    flying--;
  };
  const protocol = {
    window: 80,
    readSize: 10,
    writeSize: () => 10,
    inspect: async () => ({ size: file.length, allocationSize: file.length, attributes: 0 }),
    lend: async (_: Handle, offset: number, length: number): Promise<Lent> => {
      await wait();
      return { bytes: file.slice(offset, offset + length), release: () => undefined };
    },
    write: async (_: Handle, offset: number, data: Uint8Array): Promise<number> => {
      await wait();
      const grown = new Uint8Array(Math.max(file.length, offset + data.length));
      grown.set(file);
      grown.set(data, offset);
      file = grown;
      return data.length;
    },
    copiesWithin: () => undefined,
  } as unknown as FileProtocol;
  return { protocol, file: () => file, most: () => most };
}

test('where no server copies, a window of requests is under way, both ways, and no more', async () => {
  const content = Uint8Array.from({ length: 1234 }, (_, i) => i + 1);
  const [source, target] = [plain(content), plain(new Uint8Array(0))];
  const told: number[] = [];
  const onCopied = (bytes: number, total: number): void => void told.push(bytes, total);
  await copyData({ protocol: source.protocol, handle }, { protocol: target.protocol, handle }, { onCopied });
  assert.deepEqual(target.file(), content);
  assert.deepEqual(told.slice(-2), [1234, 1234]);
  assert.equal(told.filter((bytes) => bytes === 1234).length, told.length / 2 + 1, 'the end is told once');
  assert.deepEqual([source.most() > 4, source.most() <= 8], [true, true]);
  assert.deepEqual([target.most() > 4, target.most() <= 8], [true, true]);
});

interface Place {
  readonly share: Share;
  readonly folder: string;
  blocks(name: string): number;
  same(name: string): void;
}

async function place(t: TestContext): Promise<Place> {
  const folder = await temporaryFolder(t);
  const server = createServer({ shares: { s: localDirectory(folder) }, users: { ann: { password: 'secret' } } });
  t.after(() => server.close());
  const [here, there] = memoryPair();
  server.accept(there);
  const share = await connectOver(here, 'smb://ann:secret@server/s');
  t.after(() => share.close());
  return {
    share,
    folder,
    blocks: (name) => statSync(join(folder, name)).blocks,
    same: (name) => assert.ok(readFileSync(join(folder, name)).equals(readFileSync(join(folder, 'holes'))), name),
  };
}

/** A sparse file of 24 MiB, 3 of them data. */
async function makeHoles(folder: string): Promise<void> {
  const file = await open(join(folder, 'holes'), 'w');
  for (const at of [1, 9, 20]) await file.write(Buffer.alloc(MIB, at), 0, MIB, at * MIB);
  await file.truncate(24 * MIB);
  await file.close();
}

const LINUX = { skip: process.platform !== 'linux' };
const ROOM = (4 * MIB) / 512;

test('holes stay holes, whether the server tells of them or not', LINUX, async (t) => {
  const { share, folder, blocks, same } = await place(t);
  await makeHoles(folder);
  await share.copy('holes', 'guessed');
  same('guessed');
  assert.ok(blocks('guessed') <= 2 * ROOM, `${blocks('guessed')} blocks`);
  const file = await share.open('holes', { access: 'read-write' });
  await file.makeSparse();
  await file.close();
  await share.copy('holes', 'told');
  same('told');
  assert.ok(blocks('told') <= ROOM, `${blocks('told')} blocks`);
  assert.equal((await share.stat('told')).attributes & 0x200, 0x200);
});

test('what was in the target before does not show through the holes', LINUX, async (t) => {
  const { share, folder, same } = await place(t);
  await makeHoles(folder);
  await using source = await share.open('holes', { access: 'read-write' });
  await source.makeSparse();
  for (const size of [1, 24 * MIB, 25 * MIB]) {
    writeFileSync(join(folder, 'target'), Buffer.alloc(size, 1));
    await using target = await share.open('target', { access: 'read-write', create: 'never' });
    await target.copyFrom(source);
    if (size > 24 * MIB) {
      assert.equal(readFileSync(join(folder, 'target'))[24 * MIB], 1, 'what is behind stays');
      truncateSync(join(folder, 'target'), 24 * MIB);
    }
    same('target');
  }
});

test('a file copied onto itself stays what it is', LINUX, async (t) => {
  const { share, folder, same } = await place(t);
  await makeHoles(folder);
  writeFileSync(join(folder, 'before'), readFileSync(join(folder, 'holes')));
  await using file = await share.open('holes', { access: 'read-write' });
  await using other = await share.open('holes', { access: 'read-write', create: 'never' });
  await file.makeSparse();
  await file.copyFrom(file);
  same('before');
  await file.copyFrom(other);
  same('before');
});

test('a file of nothing but a hole', LINUX, async (t) => {
  const { share, folder, blocks } = await place(t);
  writeFileSync(join(folder, 'holes'), '');
  truncateSync(join(folder, 'holes'), 24 * MIB);
  await share.copy('holes', 'copy');
  await using source = await share.open('holes', { access: 'read-write' });
  await source.makeSparse();
  await share.copy('holes', 'told');
  for (const name of ['copy', 'told'])
    assert.deepEqual([statSync(join(folder, name)).size, blocks(name)], [24 * MIB, 0]);
});

test('a medium that compresses has no holes: the server copies', async () => {
  const { protocol } = plain(new Uint8Array(0));
  const calls: unknown[] = [];
  const compressing: FileProtocol = {
    ...protocol,
    inspect: async () => ({ size: 100_000, allocationSize: 1000, attributes: 0 }),
    ioctl: async () => {
      throw new StatusError(NtStatus.NotSupported, { command: 'IOCTL' });
    },
    read: async (_: Handle, _offset: number, length: number) => new Uint8Array(length).fill(7),
    copiesWithin: () => compressing,
    copySource: async () => ({ session: compressing, key: new Uint8Array(24) }),
    copyRanges: async (_source: unknown, _to: Handle, ranges: unknown) => {
      calls.push(ranges);
      return 'copied';
    },
  } as unknown as FileProtocol;
  await copyData({ protocol: compressing, handle }, { protocol: compressing, handle }, {});
  assert.deepEqual(calls, [[{ start: 0, end: 100_000 }]]);
});
