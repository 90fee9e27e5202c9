import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memory } from '#fs/memory/memory.js';
import { FsctlBench } from '#testing/fsctl-bench.js';
import { fromHex } from '#testing/golden.js';
import { FileAccess, FileGeneric } from '#wire/dtyp/access-mask.js';
import { Fsctl } from '#wire/fscc/fsctl/fsctl.js';
import { ReparseData, SymbolicLinkReparseData, SymlinkFlags } from '#wire/fscc/fsctl/reparse-data.js';
import { Decoder } from '#wire/io/decoder.js';
import { Encoder } from '#wire/io/encoder.js';
import { CreateDisposition, CreateOptions } from '#wire/smb2/command/create.js';
import type { DiskOpen } from '../state/open.js';
import { close } from './close.js';
import { type CreateFacts, create } from './create.js';
import { fileFacts } from './facts.js';

const DELETE = fromHex('0c0000a0 0000 0000');

function symlink(substituteName: string, flags: number = SymlinkFlags.Relative): Uint8Array {
  const data = Object.assign(new SymbolicLinkReparseData(), { substituteName, printName: substituteName, flags });
  return new Encoder().encode(Object.assign(new ReparseData(), { data }));
}

/** A client that opens symlinks themselves. */
class LinkBench extends FsctlBench {
  async link(name: string, facts: Partial<CreateFacts> = {}): Promise<DiskOpen> {
    const plain = { desiredAccess: FileGeneric.All, shareAccess: 7, attributes: 0 };
    const options = CreateOptions.OpenReparsePoint;
    const asked = { name, disposition: CreateDisposition.OpenIf, options, ...plain, ...facts };
    return (await create(this.core, this.tree, asked)).open;
  }

  async make(name: string, target: string): Promise<void> {
    const open = await this.link(name);
    assert.equal((await this.send(open, Fsctl.SetReparsePoint, symlink(target))).status, 'STATUS_SUCCESS');
    await close(this.core, open);
  }

  async target(open: DiskOpen): Promise<string> {
    const { status, output } = await this.send(open, Fsctl.GetReparsePoint);
    if (status !== 'STATUS_SUCCESS') return status;
    const point = new ReparseData();
    point.layout(new Decoder().reset(fromHex(output)));
    assert.ok(point.data instanceof SymbolicLinkReparseData);
    return `${point.data.flags} ${point.data.substituteName}`;
  }
}

test('an empty file becomes a symlink on the medium, and a file again', async () => {
  const backend = memory();
  const bench = new LinkBench(backend);
  await close(bench.core, await bench.directory('d'));
  await close(bench.core, await bench.open('d\\f', 5));
  const open = await bench.link('l');
  assert.equal(await bench.target(open), 'STATUS_NOT_A_REPARSE_POINT');
  assert.equal((await bench.send(open, Fsctl.SetReparsePoint, symlink('d\\f'))).status, 'STATUS_SUCCESS');
  assert.equal(await bench.target(open), '1 d\\f');
  const facts = await fileFacts(bench.core, open);
  assert.deepEqual([facts.attributes & 0x400, facts.reparseTag], [0x400, 0xa000000c]);
  const node = await backend.open('l', { read: false, write: false, link: true });
  assert.equal(await backend.links?.target(node.handle), 'd/f');
  await backend.close(node.handle);
  await close(bench.core, open);
  const followed = await bench.open('l');
  assert.equal((await followed.backend.stat(followed.handle)).size, 5);
  assert.equal(await bench.target(followed), 'STATUS_NOT_A_REPARSE_POINT');
  await close(bench.core, followed);
  const again = await bench.link('l');
  assert.equal((await bench.send(again, Fsctl.DeleteReparsePoint, DELETE)).status, 'STATUS_SUCCESS');
  assert.equal(await bench.target(again), 'STATUS_NOT_A_REPARSE_POINT');
  await close(bench.core, again);
  assert.deepEqual(await bench.core.coordinator.opens.list(), []);
});

test('a symlink is removed and renamed itself, and takes a new target', async () => {
  const backend = memory();
  const bench = new LinkBench(backend);
  await close(bench.core, await bench.open('f', 5));
  await bench.make('l', 'nowhere');
  await bench.make('l', '.\\f');
  const options = CreateOptions.OpenReparsePoint | CreateOptions.DeleteOnClose;
  await close(bench.core, await bench.link('l', { options }));
  const names: string[] = [];
  const { handle } = await backend.open('', { read: false, write: false });
  for await (const batch of backend.list(handle)) names.push(...batch.map(({ name }) => name));
  assert.deepEqual(names, ['f']);
});

test('an empty directory becomes one, a full one and a full file do not', async () => {
  const bench = new LinkBench();
  const set = async (open: DiskOpen): Promise<string> =>
    (await bench.send(open, Fsctl.SetReparsePoint, symlink('x'))).status;
  assert.equal(await set(await bench.directory('empty')), 'STATUS_SUCCESS');
  const full = await bench.directory('full');
  await bench.open('full\\f');
  assert.equal(await set(full), 'STATUS_DIRECTORY_NOT_EMPTY');
  assert.equal(await set(await bench.open('g', 1)), 'STATUS_NOT_SUPPORTED');
  await bench.open('h');
  assert.equal(await set(await bench.open('h')), 'STATUS_SHARING_VIOLATION');
  assert.equal(await set(await bench.open('r', 0, FileAccess.ReadData)), 'STATUS_ACCESS_DENIED');
});

test('no symlink leads out of the share, whoever would follow it', async () => {
  const bench = new LinkBench();
  await bench.directory('d');
  const set = async (target: string, flags?: number): Promise<string> => {
    const open = await bench.link('d\\l');
    const { status } = await bench.send(open, Fsctl.SetReparsePoint, symlink(target, flags));
    await close(bench.core, open);
    return status;
  };
  assert.equal(await set('..\\..\\x'), 'STATUS_ACCESS_DENIED');
  assert.equal(await set('a\\..\\..\\..\\x'), 'STATUS_ACCESS_DENIED');
  assert.equal(await set('\\??\\C:\\x', 0), 'STATUS_NOT_SUPPORTED');
  assert.equal(await set('\\etc\\passwd'), 'STATUS_NOT_SUPPORTED');
  assert.equal(await set(''), 'STATUS_IO_REPARSE_DATA_INVALID');
  assert.equal(await set('..\\x'), 'STATUS_SUCCESS');
});

test('other tags and what is none are refused', async () => {
  const bench = new LinkBench();
  const open = await bench.open('f');
  const send = async (code: number, hex: string): Promise<string> =>
    (await bench.send(open, code, fromHex(hex))).status;
  assert.equal(await send(Fsctl.SetReparsePoint, '030000a0 0800 0000 0000000000000000'), 'STATUS_NOT_SUPPORTED');
  assert.equal(
    await send(Fsctl.SetReparsePoint, `00000000 0000 0000 ${'00'.repeat(16)}`),
    'STATUS_IO_REPARSE_TAG_INVALID',
  );
  assert.equal(await send(Fsctl.SetReparsePoint, '0c0000a0 ffff 0000'), 'STATUS_IO_REPARSE_DATA_INVALID');
  assert.equal(await send(Fsctl.SetReparsePoint, ''), 'STATUS_IO_REPARSE_DATA_INVALID');
  assert.equal(await send(Fsctl.DeleteReparsePoint, '0c0000a0 0000 0000'), 'STATUS_NOT_A_REPARSE_POINT');
  await bench.send(open, Fsctl.SetReparsePoint, symlink('x'));
  assert.equal(await send(Fsctl.DeleteReparsePoint, '030000a0 0000 0000'), 'STATUS_IO_REPARSE_TAG_MISMATCH');
  assert.equal(await send(Fsctl.DeleteReparsePoint, '0c0000a0 0100 0000 00'), 'STATUS_IO_REPARSE_DATA_INVALID');
});
