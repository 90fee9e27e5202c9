import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { StatusError, UsageError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { WritableBackend } from '../backend.js';
import { AttributeStore, type NodeRef } from './attribute-store.js';
import { DataIo } from './data-io.js';
import type { LocalHandle } from './handle.js';
import { localDirectory } from './local-directory.js';
import { type Libc, libc } from './native/libc.js';
import { NodeFiles } from './node-files.js';
import type { LocalDirectoryOptions } from './options.js';
import { Overflow } from './overflow.js';
import { LocalStream, readInline } from './stream.js';

const NEITHER = { read: false, write: false };
const READ = { read: true, write: false };
const [HIDDEN, SYSTEM, ARCHIVE, SPARSE] = [2, 4, 0x20, 0x200];
const calls = libc();
const isFull = (error: unknown): boolean => error instanceof StatusError && error.status === NtStatus.DiskFull;
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

function temporary(t: TestContext): string {
  const root = fs.mkdtempSync(join(tmpdir(), 'sombrero-'));
  t.after(() => fs.rmSync(root, { recursive: true, force: true }));
  return root;
}

/** Extended attributes as the system has them, accessed directly. */
function xattrs(at: string) {
  assert.ok(calls);
  return {
    set: (name: string, value: string | Uint8Array): void => {
      assert.equal(calls.setxattr(at, name, typeof value === 'string' ? Buffer.from(value) : value), 0);
    },
    get: (name: string): string | undefined => {
      const into = new Uint8Array(65_536);
      const length = calls.getxattr(at, name, into);
      return length < 0 ? undefined : text(into.subarray(0, length));
    },
  };
}

type Share = WritableBackend<LocalHandle>;

async function fileIn(t: TestContext, options?: LocalDirectoryOptions) {
  const root = temporary(t);
  const share: Share = localDirectory(root, options);
  const { handle } = await share.create('f', 'file', 0);
  return { root, share, handle, at: join(root, 'f') };
}

const native = { skip: calls === undefined };

test('attributes stand where Samba has them, and what was in the sidecar moves there', native, async (t) => {
  const { root, share, handle, at } = await fileIn(t, { native: false });
  await share.setInfo(handle, { attributes: HIDDEN | ARCHIVE, creationTime: 1_000_000_000n });
  await share.close(handle);
  const again = localDirectory(root);
  const { handle: other, info } = await again.open('f', NEITHER);
  assert.deepEqual([info.attributes, info.creationTime], [HIDDEN | ARCHIVE, 1_000_000_000n]);
  await again.setInfo(other, { attributes: SYSTEM, sparse: true });
  assert.ok(xattrs(at).get('user.DOSATTRIB'));
  for (const view of [again, localDirectory(root, { sidecar: false })]) {
    const { info: now } = await view.open('f', READ);
    assert.deepEqual([now.attributes, now.creationTime], [SYSTEM | SPARSE, 1_000_000_000n]);
  }
  await again.setInfo(other, { attributes: ARCHIVE });
  assert.equal((await again.stat(other)).attributes, ARCHIVE | SPARSE, 'what a file is stays');
  await again.setInfo(other, { attributes: ARCHIVE | 1 });
  assert.equal(fs.statSync(at).mode & 0o200, 0o200, 'the permissions are not touched');
});

test('what others write into extended attributes is no harm', native, async (t) => {
  const { share, handle, at } = await fileIn(t);
  const { set } = xattrs(at);
  set('user.DOSATTRIB', 'rubbish');
  set('user.DosStream.empty:$DATA', '');
  set('user.DosStream.no type', 'x\0');
  set('user.DosStream.cut:$DATA', 'content\x05');
  set('user.sombrero.stream.elsewhere', '1 2 ../../../etc/passwd');
  set('user.sombrero.stream.large', 'x'.repeat(2000));
  set('user.two words', 'an attribute');
  set('user.empty', '');
  const info = await share.stat(handle);
  assert.equal(info.attributes, ARCHIVE);
  assert.deepEqual(
    (await share.streams?.list(handle))?.map(({ name, size }) => [name, size]),
    [['cut', 7]],
  );
  for (const name of ['empty', 'no type', 'elsewhere', 'large']) {
    await assert.rejects(async () => share.streams?.open(handle, name, READ), StatusError);
  }
  const made = await share.streams?.create(handle, 'elsewhere');
  assert.ok(made);
  await share.write(made.handle, Buffer.from('ours'), 0);
  assert.equal(xattrs(at).get('user.DosStream.elsewhere:$DATA'), 'ours\0');
  assert.deepEqual(
    (await share.eas?.list(handle))?.map(({ name }) => name),
    ['two words'],
  );
  if (process.geteuid?.() !== 0) return;
  for (const value of ['', 'x', 'x'.repeat(200)]) {
    set('security.NTACL', value);
    assert.equal(await share.descriptors?.get(handle), undefined);
  }
});

test("descriptors may stand in an attribute of another name, which is no client's then", native, async (t) => {
  const { share, handle, at } = await fileIn(t, { descriptorName: 'user.acl' });
  const descriptor = Uint8Array.from([1, 0, 4, 128, ...new Uint8Array(16)]);
  await share.descriptors?.set(handle, descriptor);
  await share.eas?.set(handle, [{ name: 'other', flags: 0, value: Buffer.from('x') }]);
  assert.ok(xattrs(at).get('user.acl'));
  assert.deepEqual(await share.descriptors?.get(handle), descriptor);
  assert.deepEqual(
    (await share.eas?.list(handle))?.map(({ name }) => name),
    ['other'],
  );
  await assert.rejects(async () => share.eas?.set(handle, [{ name: 'ACL', flags: 0, value: Buffer.from('x') }]), {
    status: NtStatus.AccessDenied,
  });
  for (const name of ['acl', 'system.acl', 'user.DOSATTRIB', 'user.a:b']) {
    assert.throws(() => localDirectory(temporary(t), { descriptorName: name }), UsageError, name);
  }
});

test('streams that newer smbd cut in pieces are read whole', native, async (t) => {
  const { share, handle, at } = await fileIn(t);
  const { set, get } = xattrs(at);
  set('user.DosStream.s:$DATA', 'one \x02');
  set('user.DosStreamExt.1.s:$DATA', 'two ');
  set('user.DosStreamExt.2.s:$DATA', 'three');
  const { handle: stream } = (await share.streams?.open(handle, 's', { read: true, write: true })) ?? assert.fail();
  const into = new Uint8Array(20);
  assert.equal(text(into.subarray(0, await share.read(stream, into, 0))), 'one two three');
  await share.write(stream, Buffer.from('ONE'), 0);
  assert.equal(get('user.DosStream.s:$DATA'), 'ONE two three\0');
  assert.equal(get('user.DosStreamExt.1.s:$DATA'), undefined);
});

test('large streams lie in the private directory and go with their file', async (t) => {
  const { root, share, handle } = await fileIn(t);
  const folder = join(root, '.sombrero/streams');
  const { handle: stream } = (await share.streams?.create(handle, 's')) ?? assert.fail();
  await share.write(stream, new Uint8Array(100_000), 0);
  assert.equal(fs.readdirSync(folder).length, 1);
  assert.deepEqual(await share.eas?.list(handle), [], 'the reference is nobody else’s');
  await share.remove(handle);
  assert.deepEqual(fs.readdirSync(folder), []);
  await share.write(stream, new Uint8Array(10), 100_000);
  assert.equal((await share.stat(stream)).size, 100_010);
  await share.close(stream);
  await share.close(handle);
});

test('a stream is there before and after, whatever there is no room for', native, async (t) => {
  const root = temporary(t);
  const put = { refused: '' };
  const refusing: Libc | undefined = calls && {
    ...calls,
    setxattr: (at, name, value) => (name.includes(put.refused) ? -28 : calls.setxattr(at, name, value)),
  };
  const place = () => ({ directory: root, release: () => {} });
  const store = new AttributeStore(refusing, new NodeFiles(undefined, 1));
  const at = join(root, 'f');
  fs.writeFileSync(at, '');
  const node: NodeRef = { at, id: 1n, birth: 2n };
  const keeping = { store, overflow: new Overflow(place), data: new DataIo() };
  put.refused = 'user.sombrero';
  const stream = new LocalStream(keeping, 1n, 's', undefined);
  stream.make(node);
  await stream.write(node, Buffer.from('content'), 0);
  await assert.rejects(async () => stream.write(node, new Uint8Array(70_000), 0), isFull);
  put.refused = 'user.';
  assert.throws(() => stream.rename(node, 't'), isFull);
  assert.equal(text(readInline(store, node, 's') ?? assert.fail()), 'content');
  assert.deepEqual(fs.readdirSync(join(root, 'streams')), []);
});

test('streams whose files are gone are gone', native, async (t) => {
  const { root, share, handle } = await fileIn(t);
  const { handle: stream } = (await share.streams?.create(handle, 's')) ?? assert.fail();
  await share.write(stream, new Uint8Array(100_000), 0);
  await share.close(stream);
  fs.rmSync(join(root, '.sombrero'), { recursive: true });
  assert.deepEqual(await share.streams?.list(handle), []);
  assert.ok(await share.streams?.create(handle, 's'));
});

test('devices and FIFOs have no streams', { skip: process.platform !== 'linux' }, async (t) => {
  const root = temporary(t);
  execFileSync('mkfifo', [join(root, 'fifo')]);
  const share: Share = localDirectory(root);
  const { handle } = await share.open('fifo', NEITHER);
  await assert.rejects(async () => share.streams?.create(handle, 's'), StatusError);
  await assert.rejects(async () => share.streams?.open(handle, 's', READ), StatusError);
});

test('a copy of a file has none of its large streams, and takes none away', native, async (t) => {
  const { root, share, handle, at } = await fileIn(t);
  const { handle: stream } = (await share.streams?.create(handle, 's')) ?? assert.fail();
  await share.write(stream, new Uint8Array(100_000), 0);
  execFileSync('cp', ['--preserve=xattr', at, join(root, 'copy')]);
  const { handle: copy } = await share.open('copy', NEITHER);
  assert.deepEqual(await share.streams?.list(copy), []);
  await share.remove(copy);
  assert.equal((await share.streams?.list(handle))?.length, 1);
});

test('what the system refuses to keep is kept in a file', native, async (t) => {
  const root = temporary(t);
  const files = new NodeFiles(() => ({ directory: root, release: () => {} }), 2);
  const { EPERM, ENOSPC } = { EPERM: -1, ENOSPC: -28 };
  let answer = EPERM;
  const store = new AttributeStore(
    calls && { ...calls, setxattr: () => answer, getxattr: () => -61, removexattr: () => -61, listxattr: () => 0 },
    files,
  );
  const node = (id: bigint, birth = 7n): NodeRef => ({ at: root, id, birth });
  assert.ok(store.set(node(1n), 'security.NTACL', Buffer.from('one')));
  assert.ok(store.set(node(1n), 'user.x', Buffer.from('two')));
  assert.equal(text(store.get(node(1n), 'security.NTACL') ?? assert.fail()), 'one');
  assert.deepEqual(store.names(node(1n)), ['security.NTACL', 'user.x']);
  assert.equal(store.get(node(1n, 8n), 'user.x'), undefined, 'another node of the same number');
  answer = ENOSPC;
  assert.equal(store.set(node(2n), 'user.x', Buffer.from('x')), false);
  assert.equal(store.set(node(2n), 'user.x', Buffer.from('x'), 'large too'), true);
  assert.equal(store.set(node(3n), 'user.x', Buffer.from('x'), 'large too'), false, 'not more nodes than that');
  assert.deepEqual(fs.readdirSync(join(root, 'nodes')).sort(), ['1', '2']);
  assert.ok(store.remove(node(1n), 'user.x') && store.remove(node(1n), 'security.NTACL'));
  assert.deepEqual(fs.readdirSync(join(root, 'nodes')), ['2']);
  for (const damage of ['', 'rubbish', 'sombrero node 1\n\x07\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff']) {
    fs.writeFileSync(join(root, 'nodes/2'), damage, 'latin1');
    assert.equal(store.get(node(2n), 'user.x'), undefined);
  }
});

test('two servers of a directory keep each other’s', async (t) => {
  const root = temporary(t);
  const [one, other]: Share[] = [localDirectory(root, { native: false }), localDirectory(root, { native: false })];
  assert.ok(one && other);
  const { handle } = await one.create('f', 'file', 0);
  const { handle: busy } = await one.create('busy', 'file', 0);
  const { handle: same } = await other.open('f', NEITHER);
  assert.deepEqual(await other.eas?.list(same), []);
  await one.eas?.set(handle, [{ name: 'A', flags: 0, value: Buffer.from('a') }]);
  await other.eas?.set(same, [{ name: 'B', flags: 0, value: Buffer.from('b') }]);
  await other.setInfo(same, { attributes: HIDDEN });
  // So many changes that `one` rewrites the sidecar file.
  for (let i = 0; i < 10_100; i++) await one.setInfo(busy, { attributes: i % 2 === 0 ? HIDDEN : SYSTEM });
  const both = localDirectory(root, { native: false });
  const { handle: found, info } = await both.open('f', NEITHER);
  assert.equal(info.attributes, HIDDEN);
  assert.deepEqual((await both.eas?.list(found))?.map(({ name }) => name).sort(), ['A', 'B']);
  await other.setInfo(same, { attributes: SYSTEM });
  assert.equal((await localDirectory(root, { native: false }).open('f', NEITHER)).info.attributes, SYSTEM);
});

test('what is kept of a file goes when another takes its name', async (t) => {
  const root = temporary(t);
  const share: Share = localDirectory(root, { native: false });
  const kept = () => ['nodes', 'streams'].map((folder) => fs.readdirSync(join(root, '.sombrero', folder)).length);
  const make = async (name: string) => {
    const { handle } = await share.create(name, 'file', 0);
    await share.eas?.set(handle, [{ name: 'A', flags: 0, value: Buffer.from('a') }]);
    const { handle: stream } = (await share.streams?.create(handle, 's')) ?? assert.fail();
    await share.write(stream, new Uint8Array(100_000), 0);
    await share.close(stream);
    return handle;
  };
  await share.close(await make('f'));
  const handle = await make('new');
  assert.deepEqual(kept(), [2, 2]);
  await share.rename(handle, 'f', true);
  assert.deepEqual(kept(), [1, 1]);
  await share.close(await make('g'));
  await share.hardLink?.(handle, 'g', true);
  assert.deepEqual(kept(), [1, 1]);
  await share.remove(handle);
  assert.deepEqual(kept(), [1, 1], 'not the last name');
});

test('native calls: no NUL in a path, a place is given back when a call cannot begin', native, async (t) => {
  const root = temporary(t);
  assert.ok(calls);
  assert.throws(() => calls.openat2(`${root}\0x`, 0, 0), StatusError);
  for (let i = 0; i < 40; i++) await assert.rejects(calls.fallocate(-1, 0, {} as number, 1));
  assert.equal(await calls.fallocate(-1, 0, 0, 1), -9);
});

test('private names are no extended attributes', async (t) => {
  const { share, handle } = await fileIn(t);
  const set = (name: string) => async () => share.eas?.set(handle, [{ name, flags: 0, value: Buffer.from('x') }]);
  for (const name of ['DOSATTRIB', 'DosStream.x:$DATA', 'sombrero.stream.x', 'a:b', '']) {
    await assert.rejects(set(name), StatusError, name);
  }
});

test('former states are there to be read, and not seen as directories', async (t) => {
  const root = temporary(t);
  const [old, newer] = ['@GMT-2020.01.02-03.04.05', '@GMT-2021.01.02-03.04.05'];
  for (const token of [old, newer, 'other', '@GMT-x'])
    fs.mkdirSync(join(root, '.snapshots', token), { recursive: true });
  fs.writeFileSync(join(root, '.snapshots', old, 'f'), 'then');
  fs.writeFileSync(join(root, 'f'), 'now');
  const share = localDirectory(root);
  assert.deepEqual(await share.snapshots?.list(), [newer, old]);
  const then = (await share.snapshots?.open(old)) ?? assert.fail();
  assert.equal(await share.snapshots?.open(old), then);
  const { handle } = await then.open('f', READ);
  const into = new Uint8Array(4);
  await then.read(handle, into, 0);
  assert.equal(text(into), 'then');
  await assert.rejects(async () => then.open('f', { read: true, write: true }), StatusError);
  for (const token of ['@GMT-2022.01.02-03.04.05', '..', 'other', '@GMT-x']) {
    assert.equal(await share.snapshots?.open(token), undefined);
  }
  const names: string[] = [];
  for await (const batch of share.list((await share.open('', NEITHER)).handle)) {
    names.push(...batch.map(({ name }) => name));
  }
  assert.deepEqual(names, ['f']);
  const fails = (what: () => unknown) => assert.rejects(async () => what(), StatusError);
  await fails(() => share.open('.snapshots', NEITHER));
  await fails(() => share.open(`.snapshots/${old}/f`, READ));
  await fails(() => share.create('.snapshots/x', 'file', 0));
  await fails(() => share.links?.make('.snapshots/x', 'f'));
  const { handle: mine } = await share.open('f', READ);
  await fails(() => share.hardLink?.(mine, '.snapshots/x', false));
  await fails(() => share.rename(mine, '.Snapshots/x', false));
  await share.links?.make('to a former state', `.snapshots/${old}/f`);
  await fails(() => share.open('to a former state', { read: true, write: true }));
  await share.links?.make('to former states', '.snapshots');
  await fails(() => share.create(`to former states/${old}/x`, 'file', 0));
  assert.equal(await share.findName?.('', '.SNAPSHOTS'), undefined);
  assert.equal(localDirectory(temporary(t)).snapshots, undefined);
  assert.deepEqual(await localDirectory(root, { snapshots: join(root, 'none') }).snapshots?.list(), []);
});

test('a file knows the path of its number while it is open', async (t) => {
  const { share, handle } = await fileIn(t);
  const { id } = await share.stat(handle);
  await share.rename(handle, 'g', false);
  assert.equal(await share.pathOf?.(id), 'g');
  assert.equal(await share.pathOf?.(1n), undefined);
});

test('nobody is replaced by a rename that may not', native, async (t) => {
  const { root, share, handle } = await fileIn(t);
  fs.writeFileSync(join(root, 'there'), 'x');
  assert.equal(calls?.renameNoReplace(join(root, 'f'), join(root, 'there')), -17);
  await assert.rejects(
    async () => share.rename(handle, 'there', false),
    (error) => error instanceof StatusError && error.status === NtStatus.ObjectNameCollision,
  );
});

test('more calls at a time than there are threads', native, async (t) => {
  const { share, handle } = await fileIn(t);
  await share.write(handle, new Uint8Array(1000), 0);
  const copies = Array.from({ length: 600 }, (_, i) => share.copies?.copy(handle, i, handle, 2000 + i, 1));
  assert.deepEqual(new Set(await Promise.all(copies)), new Set([1]));
  assert.equal((await share.stat(handle)).size, 2600);
});

test('streams leave no descriptors open', { skip: process.platform !== 'linux' }, async (t) => {
  const { share, handle } = await fileIn(t);
  const open = (): number => fs.readdirSync('/proc/self/fd').length;
  const round = async (): Promise<void> => {
    for (const size of [10, 100_000]) {
      const { handle: stream } = (await share.streams?.create(handle, 's')) ?? assert.fail();
      await share.write(stream, new Uint8Array(size), 0);
      const again = (await share.streams?.open(handle, 'S', READ)) ?? assert.fail();
      await assert.rejects(async () => share.streams?.create(handle, 'S'), StatusError);
      await share.streams?.list(handle);
      await share.streams?.remove(stream);
      for (const opened of [stream, again.handle]) await share.close(opened);
    }
    const { handle: moved } = (await share.streams?.create(handle, 'm')) ?? assert.fail();
    await share.streams?.rename(moved, '', true);
    await share.close(moved);
  };
  await round();
  const before = open();
  for (let i = 0; i < 5; i++) await round();
  assert.equal(open(), before);
});
