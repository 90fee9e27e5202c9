import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import type { WritableBackend } from '#fs/backend.js';
import type { Ea, Extents, Streams } from '#fs/capabilities.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { BOTH, bytes, contentOf, entriesOf, fails, mkdir, NEITHER, namesOf, put, READ, textOf } from './helpers.js';

type Any = WritableBackend<unknown>;
type Making = () => Promise<Any | undefined>;
/** Declares tests for a capability that a backend may have. */
type Section = <K extends keyof Any>(
  what: K,
  title: string,
  body: (backend: Any, capability: NonNullable<Any[K]>) => Promise<void>,
) => void;

/** Tests of optional capabilities, run for the backends that have them. */
export function capabilityTests(make: Making): void {
  const section: Section = (what, title, body) => {
    test(`${what}: ${title}`, async (t: TestContext) => {
      const backend = await make();
      const capability = backend?.[what];
      if (backend === undefined || capability === undefined) return t.skip(`has no ${what}`);
      await body(backend, capability as NonNullable<Any[typeof what]>);
    });
  };
  streamTests(section);
  moreStreamTests(section);
  extraTests(section);
  extentTests(section);
  copyTests(section);
  linkTests(section);
}

async function putStream(backend: Any, streams: Streams<unknown>, path: string, name: string, text: string) {
  const node = await backend.open(path, NEITHER);
  const { handle } = await streams.create(node.handle, name);
  await backend.write(handle, bytes(text), 0);
  await backend.close(handle);
  await backend.close(node.handle);
}

async function streamNames(backend: Any, streams: Streams<unknown>, path: string): Promise<string[]> {
  const node = await backend.open(path, NEITHER);
  const found = (await streams.list(node.handle)).map(({ name }) => name);
  await backend.close(node.handle);
  return found;
}

function streamTests(section: Section): void {
  section('streams', 'are made, read, written and listed', async (backend, streams) => {
    await put(backend, 'f', 'main');
    await mkdir(backend, 'd');
    for (const path of ['f', 'd']) {
      const node = await backend.open(path, NEITHER);
      assert.deepEqual(await streams.list(node.handle), []);
      await fails(() => streams.open(node.handle, 'none', READ), NtStatus.ObjectNameNotFound);
      const { handle, info } = await streams.create(node.handle, 'Größe 1');
      assert.deepEqual([info.kind, info.size, info.id], [node.info.kind, 0, node.info.id]);
      await fails(() => streams.create(node.handle, 'gRÖßE 1'), NtStatus.ObjectNameCollision);
      await backend.write(handle, bytes('0123456789'), 0);
      await backend.write(handle, bytes('xy'), 4);
      await backend.write(handle, bytes('z'), 12);
      assert.equal(await textOf(backend, handle), '0123xy6789\0\0z');
      assert.equal(await textOf(backend, handle, 4, 2), 'xy');
      assert.equal(await textOf(backend, handle, 13), '');
      await backend.truncate(handle, 5);
      await backend.truncate(handle, 6);
      await backend.flush(handle);
      assert.equal((await backend.stat(handle)).size, 6);
      const again = await streams.open(node.handle, 'GRÖßE 1', READ);
      assert.equal(await textOf(backend, again.handle), '0123x\0');
      await fails(() => backend.write(again.handle, bytes('no'), 0), NtStatus.AccessDenied);
      await backend.close(again.handle);
      await backend.close(handle);
      await backend.close((await streams.create(node.handle, 'b')).handle);
      const list = await streams.list(node.handle);
      const seen = list.map(({ name, size, allocationSize }) => [name, size, allocationSize >= size]);
      assert.deepEqual(new Set(seen.map(String)), new Set(['Größe 1,6,true', 'b,0,true']));
      assert.deepEqual(await streams.list(node.handle), list);
      await backend.close(node.handle);
    }
    assert.equal(await contentOf(backend, 'f'), 'main');
  });

  section('streams', 'belong to the node, whose facts they have', async (backend, streams) => {
    await put(backend, 'f', 'main');
    await putStream(backend, streams, 'f', 's', 'stream');
    const file = await backend.open('f', NEITHER);
    const stream = await streams.open(file.handle, 's', READ);
    await backend.setInfo(stream.handle, { creationTime: 132_223_104_000_000_000n, attributes: 0x21 });
    const [ofFile, ofStream] = [await backend.stat(file.handle), await backend.stat(stream.handle)];
    assert.deepEqual([ofFile.size, ofStream.size], [4, 6]);
    assert.deepEqual([ofFile.attributes, ofFile.creationTime], [ofStream.attributes, ofStream.creationTime]);
    await backend.rename(file.handle, 'g', false);
    assert.equal(await textOf(backend, stream.handle), 'stream');
    assert.deepEqual(await streamNames(backend, streams, 'g'), ['s']);
    await backend.remove(file.handle);
    assert.equal(await textOf(backend, stream.handle), 'stream');
    await backend.close(stream.handle);
    await backend.close(file.handle);
    await put(backend, 'g', 'another');
    assert.deepEqual(await streamNames(backend, streams, 'g'), []);
  });

  section('streams', 'can be large and many', async (backend, streams) => {
    await put(backend, 'f', 'main');
    const node = await backend.open('f', NEITHER);
    const block = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 31) & 0xff);
    for (let i = 0; i < 40; i++) {
      const { handle } = await streams.create(node.handle, `stream ${i}`);
      await backend.write(handle, block.subarray(0, 500 * i), 0);
      await backend.close(handle);
    }
    const { handle } = await streams.create(node.handle, 'large');
    const other = await streams.open(node.handle, 'LARGE', READ);
    await backend.write(handle, block.subarray(0, 1000), 0);
    await backend.write(handle, block.subarray(1000), 1000);
    const back = new Uint8Array(block.length + 1);
    assert.equal(await backend.read(other.handle, back, 0), block.length);
    assert.deepEqual(back.subarray(0, block.length), block);
    await backend.truncate(handle, 70_000);
    assert.equal((await backend.stat(other.handle)).size, 70_000);
    await backend.close(handle);
    await backend.close(other.handle);
    const sizes = new Map((await streams.list(node.handle)).map(({ name, size }) => [name, size]));
    assert.equal(sizes.size, 41);
    assert.equal(sizes.get('large'), 70_000);
    for (let i = 0; i < 40; i++) assert.equal(sizes.get(`stream ${i}`), 500 * i);
    await backend.close(node.handle);
  });
}

function moreStreamTests(section: Section): void {
  section('streams', 'stay when they are given the name that they have', async (backend, streams) => {
    await put(backend, 'f', 'main');
    const node = await backend.open('f', NEITHER);
    for (const size of [10, 100_000]) {
      const { handle } = await streams.create(node.handle, 's');
      await backend.write(handle, new Uint8Array(size).fill(7), 0);
      for (const name of ['s', 'S', 's']) await streams.rename(handle, name, true);
      await backend.close(handle);
      const again = await streams.open(node.handle, 's', READ);
      assert.equal(again.info.size, size);
      await streams.remove(again.handle);
      await backend.close(again.handle);
    }
    await backend.close(node.handle);
  });

  section('streams', 'go away while they are open', async (backend, streams) => {
    await put(backend, 'f', 'main');
    const node = await backend.open('f', NEITHER);
    for (const text of ['small', 'large'.repeat(30_000)]) {
      await putStream(backend, streams, 'f', 's', text);
      const one = await streams.open(node.handle, 's', BOTH);
      const other = await streams.open(node.handle, 's', BOTH);
      await streams.remove(one.handle);
      assert.deepEqual(await streams.list(node.handle), []);
      await fails(() => streams.open(node.handle, 's', READ), NtStatus.ObjectNameNotFound);
      await fails(() => streams.remove(other.handle), NtStatus.ObjectNameNotFound);
      await backend.write(one.handle, bytes('SM'), 0);
      assert.equal(await textOf(backend, other.handle, 0, 5), `SM${text.slice(2, 5)}`);
      await putStream(backend, streams, 'f', 's', 'new');
      await backend.close(one.handle);
      await backend.close(other.handle);
      const found = await streams.open(node.handle, 's', BOTH);
      assert.equal(await textOf(backend, found.handle), 'new');
      await streams.remove(found.handle);
      await backend.close(found.handle);
    }
    await backend.close(node.handle);
  });

  section('streams', 'get other names', async (backend, streams) => {
    await put(backend, 'f', 'main');
    const node = await backend.open('f', NEITHER);
    for (const text of ['small', 'large'.repeat(30_000)]) {
      await putStream(backend, streams, 'f', 'a', text);
      await putStream(backend, streams, 'f', 'b', 'other');
      const a = await streams.open(node.handle, 'a', BOTH);
      const b = await streams.open(node.handle, 'b', READ);
      await fails(() => streams.rename(a.handle, 'B', false), NtStatus.ObjectNameCollision);
      await streams.rename(a.handle, 'A', false);
      await streams.rename(a.handle, 'B', true);
      assert.equal(await textOf(backend, b.handle), 'other', 'who had the replaced one open goes on');
      await backend.write(a.handle, bytes('SM'), 0);
      const found = await streams.open(node.handle, 'b', READ);
      assert.equal(await textOf(backend, found.handle, 0, 5), `SM${text.slice(2, 5)}`);
      assert.deepEqual(await streamNames(backend, streams, 'f'), ['B']);
      await fails(() => streams.rename(a.handle, '', false), NtStatus.ObjectNameCollision);
      await streams.rename(a.handle, '', true);
      const main = await backend.open('f', READ);
      assert.equal(main.info.size, text.length);
      assert.equal(await textOf(backend, main.handle, 0, 5), `SM${text.slice(2, 5)}`);
      assert.deepEqual(await streams.list(node.handle), []);
      for (const { handle } of [a, b, found, main]) await backend.close(handle);
    }
    await backend.close(node.handle);
  });
}

function extraTests(section: Section): void {
  const ea = (name: string, value: string): Ea => ({ name, flags: 0, value: bytes(value) });
  section('eas', 'are set, changed and taken away', async (backend, eas) => {
    await put(backend, 'f', 'main');
    await mkdir(backend, 'd');
    for (const path of ['f', 'd']) {
      const { handle } = await backend.open(path, NEITHER);
      const all = async (): Promise<string[]> =>
        (await eas.list(handle)).map(({ name, value }) => `${name}=${Buffer.from(value)}`).sort();
      assert.deepEqual(await all(), []);
      await eas.set(handle, [ea('ONE', 'first'), ea('Two.x', '2')]);
      assert.deepEqual(await all(), ['ONE=first', 'Two.x=2']);
      await eas.set(handle, [ea('one', 'changed'), ea('TWO.X', ''), ea('NONE', '')]);
      assert.deepEqual(await all(), ['ONE=changed']);
      await fails(() => eas.set(handle, [ea('BIG', 'x'.repeat(70_000))]), NtStatus.EaTooLarge);
      assert.deepEqual(await all(), ['ONE=changed']);
      await backend.close(handle);
    }
    // A backend that reports their size in listings must report it correctly.
    const size = 9 + 'ONE'.length + 'changed'.length;
    for (const { info } of await entriesOf(backend, '')) assert.equal(info.eaSize ?? size, size);
  });

  section('descriptors', 'are kept as they are', async (backend, descriptors) => {
    // Owner BUILTIN\Administrators, no DACL.
    const descriptor = new Uint8Array(
      Buffer.from('010000801400000000000000000000000000000001020000000000052000000020020000', 'hex'),
    );
    await put(backend, 'f', 'main');
    await mkdir(backend, 'd');
    for (const path of ['', 'f', 'd']) {
      const { handle } = await backend.open(path, NEITHER);
      assert.equal(await descriptors.get(handle), undefined);
      await descriptors.set(handle, descriptor);
      assert.deepEqual(await descriptors.get(handle), descriptor);
      const large = new Uint8Array(20_000);
      large.set(descriptor);
      await descriptors.set(handle, large);
      assert.deepEqual(await descriptors.get(handle), large);
      await descriptors.set(handle, descriptor);
      await backend.close(handle);
      const again = await backend.open(path, NEITHER);
      assert.deepEqual(await descriptors.get(again.handle), descriptor);
      await fails(() => descriptors.set(again.handle, new Uint8Array(3)), NtStatus.InvalidSecurityDescr);
      await backend.close(again.handle);
    }
  });
}

const MIB = 1024 * 1024;

function extentTests(section: Section): void {
  const covers = async (extents: Extents<unknown>, handle: unknown, length: number): Promise<number> => {
    const found = await extents.allocated(handle, { offset: 0, length }, 1000);
    let end = 0;
    for (const extent of found) {
      assert.ok(extent.length > 0 && extent.offset >= end, 'in order');
      end = extent.offset + extent.length;
    }
    assert.ok(end <= length);
    return found.reduce((sum, extent) => sum + extent.length, 0);
  };
  section('extents', 'tell holes from data and make holes', async (backend, extents) => {
    const { handle } = await backend.create('f', 'file', 0);
    assert.deepEqual(await extents.allocated(handle, { offset: 0, length: MIB }, 10), []);
    await backend.truncate(handle, 16 * MIB);
    assert.equal(await covers(extents, handle, 16 * MIB), 0);
    await backend.write(handle, new Uint8Array(MIB).fill(1), 4 * MIB);
    await backend.write(handle, new Uint8Array(MIB).fill(2), 12 * MIB);
    await backend.flush(handle);
    assert.equal(await covers(extents, handle, 16 * MIB), 2 * MIB);
    assert.deepEqual(await extents.allocated(handle, { offset: 0, length: 16 * MIB }, 1), [
      { offset: 4 * MIB, length: MIB },
    ]);
    assert.deepEqual(await extents.allocated(handle, { offset: 12 * MIB + 65_536, length: 65_536 }, 10), [
      { offset: 12 * MIB + 65_536, length: 65_536 },
    ]);
    await extents.zero(handle, { offset: 12 * MIB, length: 100 * MIB });
    assert.equal((await backend.stat(handle)).size, 16 * MIB);
    const into = new Uint8Array(MIB).fill(7);
    assert.equal(await backend.read(handle, into, 12 * MIB), MIB);
    assert.ok(into.every((byte) => byte === 0));
    assert.ok((await covers(extents, handle, 16 * MIB)) <= 2 * MIB);
    await extents.zero(handle, { offset: 4 * MIB + 10, length: 20 });
    await backend.read(handle, into, 4 * MIB);
    assert.deepEqual([...into.subarray(8, 12), ...into.subarray(28, 32)], [1, 1, 0, 0, 0, 0, 1, 1]);
    await extents.zero(handle, { offset: 20 * MIB, length: 1 });
    assert.equal((await backend.stat(handle)).size, 16 * MIB);
    await backend.close(handle);
  });

  section('extents', 'need the right to write', async (backend, extents) => {
    await put(backend, 'f', 'data');
    const reader = await backend.open('f', READ);
    await fails(async () => extents.zero(reader.handle, { offset: 0, length: 1 }), NtStatus.AccessDenied);
    await backend.close(reader.handle);
  });

  section('extents', 'set space aside', async (backend, extents) => {
    if (extents.preallocate === undefined) return;
    const { handle } = await backend.create('f', 'file', 0);
    await extents.preallocate(handle, 2 * MIB);
    const info = await backend.stat(handle);
    assert.equal(info.size, 0);
    assert.ok(info.allocationSize >= 2 * MIB);
    await backend.write(handle, bytes('x'), 0);
    assert.equal((await backend.stat(handle)).size, 1);
    await backend.close(handle);
  });
}

function copyTests(section: Section): void {
  section('copies', 'copy ranges', async (backend, copies) => {
    const block = Uint8Array.from({ length: 3 * MIB }, (_, i) => (i * 31) & 0xff);
    const from = await backend.create('from', 'file', 0);
    const to = await backend.create('to', 'file', 0);
    await backend.write(from.handle, block, 0);
    await backend.write(to.handle, bytes('0123456789'), 0);
    assert.equal(await copies.copy(from.handle, 5, to.handle, 2, 3), 3);
    assert.deepEqual(await textOf(backend, to.handle, 0, 2), '01');
    assert.deepEqual(await textOf(backend, to.handle, 5, 9), '56789');
    assert.equal(await copies.copy(from.handle, MIB, to.handle, 100_000, 9 * MIB), 2 * MIB, 'as far as it goes');
    const back = new Uint8Array(2 * MIB);
    assert.equal(await backend.read(to.handle, back, 100_000), 2 * MIB);
    assert.deepEqual(back, block.subarray(MIB));
    assert.equal((await backend.stat(to.handle)).size, 2 * MIB + 100_000);
    assert.equal(await copies.copy(from.handle, 4 * MIB, to.handle, 0, 10), 0);
    assert.equal(await copies.copy(from.handle, 0, from.handle, 2 * MIB, MIB), MIB);
    block.copyWithin(2 * MIB, 0, MIB);
    const whole = new Uint8Array(block.length);
    await backend.read(from.handle, whole, 0);
    assert.deepEqual(whole, block, 'also within a file');
    const reader = await backend.open('to', READ);
    await fails(async () => copies.copy(from.handle, 0, reader.handle, 0, 1), NtStatus.AccessDenied);
    for (const { handle } of [from, to, reader]) await backend.close(handle);
  });

  section('copies', 'copy streams', async (backend, copies) => {
    if (backend.streams === undefined) return;
    await put(backend, 'f', 'main data');
    await putStream(backend, backend.streams, 'f', 's', 'stream data');
    const file = await backend.open('f', BOTH);
    const stream = await backend.streams.open(file.handle, 's', BOTH);
    assert.equal(await copies.copy(file.handle, 0, stream.handle, 7, 100), 9);
    assert.equal(await textOf(backend, stream.handle), 'stream main data');
    assert.equal(await copies.copy(stream.handle, 0, file.handle, 5, 6), 6);
    assert.equal(await textOf(backend, file.handle), 'main stream');
    for (const { handle } of [stream, file]) await backend.close(handle);
  });

  section('copies', 'let files share their blocks', async (backend, copies) => {
    if (copies.clone === undefined) return;
    const from = await backend.create('from', 'file', 0);
    const to = await backend.create('to', 'file', 0);
    await backend.write(from.handle, new Uint8Array(MIB).fill(3), 0);
    await backend.truncate(to.handle, 2 * MIB);
    await copies.clone(from.handle, 0, to.handle, MIB, MIB);
    assert.equal((await backend.stat(to.handle)).size, 2 * MIB);
    const into = new Uint8Array(MIB);
    await backend.write(from.handle, bytes('changed'), 0);
    await backend.read(to.handle, into, MIB);
    assert.ok(into.every((byte) => byte === 3));
    for (const { handle } of [from, to]) await backend.close(handle);
  });
}

function linkTests(section: Section): void {
  section('links', 'are made and opened as such', async (backend, links) => {
    await mkdir(backend, 'd');
    await put(backend, 'd/f', 'behind');
    await links.make('d/link', 'f');
    await links.make('up', '../outside/Größe');
    assert.equal(await contentOf(backend, 'd/link'), 'behind');
    await fails(() => links.make('up', 'x'), NtStatus.ObjectNameCollision);
    await fails(() => links.make('d', 'x'), NtStatus.ObjectNameCollision);
    await fails(() => links.make('none/link', 'x'), NtStatus.ObjectPathNotFound);
    for (const [path, target] of [
      ['d/link', 'f'],
      ['up', '../outside/Größe'],
    ] as const) {
      const { handle, info } = await backend.open(path, { ...NEITHER, link: true });
      assert.equal(info.kind, 'symlink');
      assert.equal((await backend.stat(handle)).kind, 'symlink');
      assert.equal(await links.target(handle), target);
      await backend.rename(handle, `${path} moved`, false);
      await backend.remove(handle);
      await backend.close(handle);
    }
    assert.deepEqual(await namesOf(backend, ''), ['d']);
    const file = await backend.open('d/f', { ...READ, link: true });
    assert.equal(await textOf(backend, file.handle), 'behind', 'no link is opened as always');
    await fails(() => links.target(file.handle), NtStatus.NotAReparsePoint);
    await backend.close(file.handle);
  });

  section('hardLink', 'gives a file another name', async (backend) => {
    const link = (handle: unknown, to: string, replace: boolean) => backend.hardLink?.(handle, to, replace);
    await mkdir(backend, 'd');
    await put(backend, 'f', 'one');
    await put(backend, 'g', 'two');
    const { handle, info } = await backend.open('f', BOTH);
    await link(handle, 'd/f', false);
    assert.equal((await backend.stat(handle)).links, 2);
    const other = await backend.open('d/f', READ);
    assert.equal(other.info.id, info.id);
    assert.equal(await textOf(backend, other.handle), 'one');
    await fails(() => link(handle, 'g', false), NtStatus.ObjectNameCollision);
    await fails(() => link(handle, 'd', true), NtStatus.ObjectNameCollision);
    await fails(() => link(handle, 'none/x', true), NtStatus.ObjectPathNotFound);
    await link(handle, 'g', true);
    await link(handle, 'g', true);
    assert.equal((await backend.stat(handle)).links, 3);
    assert.equal(await contentOf(backend, 'g'), 'one');
    await backend.remove(handle);
    await backend.close(handle);
    assert.deepEqual(await namesOf(backend, ''), ['d', 'g']);
    assert.equal((await backend.stat(other.handle)).links, 2);
    await backend.close(other.handle);
    const directory = await backend.open('d', NEITHER);
    await fails(() => link(directory.handle, 'e', false), NtStatus.FileIsADirectory);
    await backend.close(directory.handle);
  });
}
