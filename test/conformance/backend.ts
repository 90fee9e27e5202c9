import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Backend, ReadableBackend, WritableBackend } from '#fs/backend.js';
import { isWritable } from '#fs/backend.js';
import { resolvePath } from '#fs/case-fold.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { capabilityTests } from './capabilities.js';
import {
  BOTH,
  bytes,
  contentOf,
  entriesOf,
  fails,
  mkdir,
  NEITHER,
  namesOf,
  put,
  READ,
  SECOND,
  textOf,
  WRITE,
} from './helpers.js';

export interface Subject {
  readonly backend: Backend;
  /** Fills a read-only `backend` with what it is to show. */
  readonly fill?: WritableBackend<unknown>;
  cleanup(): Promise<void> | void;
}

/** What every backend must do, as tests. A read-only backend comes with one that fills it. */
export function backendConformance(name: string, make: () => Promise<Subject>): void {
  describe(`back end ${name}`, () => {
    const subjects: Subject[] = [];
    let writes = true;
    before(async () => {
      const subject = await make();
      writes = isWritable(subject.backend);
      await subject.cleanup();
    });
    after(async () => {
      for (const subject of subjects) await subject.cleanup();
    });
    const fresh = async (): Promise<{ view: ReadableBackend<unknown>; fill: WritableBackend<unknown> }> => {
      const subject = await make();
      subjects.push(subject);
      const fill = subject.fill ?? subject.backend;
      assert.ok(isWritable(fill), 'nothing to fill it with');
      return { view: subject.backend, fill };
    };
    readingTests(fresh);
    const writing = (title: string, body: (backend: WritableBackend<unknown>) => Promise<void>): void => {
      test(title, async (t) => {
        if (!writes) return t.skip('cannot be written');
        const { fill } = await fresh();
        await body(fill);
      });
    };
    nameTests(writing);
    dataTests(writing);
    infoTests(writing);
    renameTests(writing);
    removeTests(writing);
    listTests(writing);
    capabilityTests(async () => (writes ? (await fresh()).fill : undefined));
  });
}

type Fresh = () => Promise<{ view: ReadableBackend<unknown>; fill: WritableBackend<unknown> }>;
export type Writing = (title: string, body: (backend: WritableBackend<unknown>) => Promise<void>) => void;

function readingTests(fresh: Fresh): void {
  test('the volume says what it is', async () => {
    const { volume } = (await fresh()).view;
    assert.ok(volume.serial >= 0 && volume.serial <= 0xffff_ffff && Number.isInteger(volume.serial));
    assert.ok(volume.maxNameLength > 0 && volume.maxNameLength <= 255);
    assert.equal(typeof volume.label, 'string');
  });

  test('the root is a directory', async () => {
    const { view } = await fresh();
    const { handle, info } = await view.open('', NEITHER);
    assert.equal(info.kind, 'directory');
    assert.deepEqual((await view.stat(handle)).id, info.id);
    await view.close(handle);
    assert.deepEqual(await namesOf(view, ''), []);
  });

  test('opens, reads and lists what is there', async () => {
    const { view, fill } = await fresh();
    await mkdir(fill, 'a');
    await mkdir(fill, 'a/b');
    await put(fill, 'a/b/c.txt', 'hello, world');
    const { handle, info } = await view.open('a/b/c.txt', READ);
    assert.equal(info.kind, 'file');
    assert.equal(info.size, 12);
    assert.equal(info.links, 1);
    assert.equal(await textOf(view, handle), 'hello, world');
    assert.equal(await textOf(view, handle, 7), 'world');
    assert.equal(await textOf(view, handle, 3, 2), 'lo');
    assert.equal(await textOf(view, handle, 12), '');
    assert.equal(await textOf(view, handle, 2 ** 40), '');
    assert.equal(await view.read(handle, new Uint8Array(0), 0), 0);
    await view.close(handle);
    const [entry] = await entriesOf(view, 'a/b');
    assert.equal(entry?.name, 'c.txt');
    assert.equal(entry?.info.size, 12);
    assert.equal(entry?.info.id, info.id);
    assert.deepEqual(await namesOf(view, ''), ['a']);
  });

  test('says what is wrong with a path', async () => {
    const { view, fill } = await fresh();
    await mkdir(fill, 'd');
    await put(fill, 'd/f', 'x');
    await fails(() => view.open('nothing', READ), NtStatus.ObjectNameNotFound);
    await fails(() => view.open('d/nothing', NEITHER), NtStatus.ObjectNameNotFound);
    await fails(() => view.open('nothing/f', READ), NtStatus.ObjectPathNotFound);
    await fails(() => view.open('d/nothing/f', NEITHER), NtStatus.ObjectPathNotFound);
    await fails(() => view.open('d/f/g', READ), NtStatus.ObjectPathNotFound);
    for (const path of ['..', 'd/..', 'd/../d/f', '.', 'd/./f', '/d', 'd/', 'd//f', '../etc', 'd/\0', 'd\\f']) {
      await fails(() => view.open(path, NEITHER), NtStatus.ObjectNameInvalid);
    }
  });

  test('keeps files and directories apart', async () => {
    const { view, fill } = await fresh();
    await mkdir(fill, 'd');
    await put(fill, 'f', 'x');
    const directory = await view.open('d', READ);
    await fails(() => view.read(directory.handle, new Uint8Array(1), 0), NtStatus.FileIsADirectory);
    await view.close(directory.handle);
    const file = await view.open('f', NEITHER);
    await fails(() => view.read(file.handle, new Uint8Array(1), 0), NtStatus.AccessDenied);
    await fails(async () => {
      for await (const _ of view.list(file.handle)) assert.fail('a file has no entries');
    }, NtStatus.NotADirectory);
    assert.equal((await view.stat(file.handle)).size, 1);
    await view.close(file.handle);
  });

  test('space, if told, makes sense', async () => {
    const { view } = await fresh();
    const space = await view.space?.();
    if (space === undefined) return;
    assert.ok(space.free >= 0 && space.free <= space.total && space.unit > 0);
  });

  test('finds names regardless of case', async () => {
    const { view, fill } = await fresh();
    await mkdir(fill, 'Directory');
    await mkdir(fill, 'Directory/Ünder');
    await put(fill, 'Directory/Ünder/File.TXT');
    const resolve = (path: string) => resolvePath(view, path === '' ? [] : path.split('/'));
    assert.deepEqual(await resolve(''), { path: '', missing: [] });
    assert.deepEqual(await resolve('DIRECTORY/ÜNDER/file.txt'), { path: 'Directory/Ünder/File.TXT', missing: [] });
    assert.deepEqual(await resolve('directory/other/x'), { path: 'Directory', missing: ['other', 'x'] });
    assert.deepEqual(await resolve('Directory/Ünder/new'), { path: 'Directory/Ünder', missing: ['new'] });
    assert.deepEqual(await resolve('directory/ünder/file.txt/x'), {
      path: 'Directory/Ünder/File.TXT',
      missing: ['x'],
    });
    if (!view.volume.caseSensitive) return;
    await put(fill, 'Directory/Ünder/FILE.txt');
    assert.equal((await resolve('directory/ünder/FILE.txt')).path, 'Directory/Ünder/FILE.txt');
    assert.equal((await resolve('directory/ünder/File.TXT')).path, 'Directory/Ünder/File.TXT');
  });
}

function nameTests(writing: Writing): void {
  writing('creates, and only what is not there', async (backend) => {
    const { handle, info } = await backend.create('f', 'file', 0);
    assert.equal(info.kind, 'file');
    assert.equal(info.size, 0);
    await backend.write(handle, bytes('both ways'), 0);
    assert.equal(await textOf(backend, handle), 'both ways');
    await backend.close(handle);
    const directory = await backend.create('d', 'directory', 0);
    assert.equal(directory.info.kind, 'directory');
    await backend.close(directory.handle);
    for (const kind of ['file', 'directory'] as const) {
      await fails(() => backend.create('f', kind, 0), NtStatus.ObjectNameCollision);
      await fails(() => backend.create('d', kind, 0), NtStatus.ObjectNameCollision);
      await fails(() => backend.create('', kind, 0), NtStatus.ObjectNameCollision);
      await fails(() => backend.create('no/x', kind, 0), NtStatus.ObjectPathNotFound);
      await fails(() => backend.create('f/x', kind, 0), NtStatus.ObjectPathNotFound);
      for (const path of ['..', 'd/..', '.', '../x', 'd/../x', 'd//x', 'd/', '/x', 'x\0y', 'd\\x']) {
        await fails(() => backend.create(path, kind, 0), NtStatus.ObjectNameInvalid);
      }
    }
    assert.equal(await contentOf(backend, 'f'), 'both ways');
  });

  writing('takes names of all sorts', async (backend) => {
    const names = [
      'Grüße',
      'gru\u0308n',
      'ファイル',
      '文件夹',
      '🐋🎩.txt',
      'with space',
      ' leading',
      '.dot',
      'a.b.c',
      "it's (1) [2] {3} #%&+,;=@^`~!$",
      'con',
      'x'.repeat(255),
      '-rf',
    ];
    for (const name of names) {
      await put(backend, name, name);
      assert.equal(await contentOf(backend, name), name);
    }
    assert.deepEqual(await namesOf(backend, ''), names.sort());
    await fails(() => backend.create('x'.repeat(256), 'file', 0), NtStatus.ObjectNameInvalid);
    await fails(() => backend.open('x'.repeat(256), READ), NtStatus.ObjectNameInvalid, NtStatus.ObjectNameNotFound);
    // 255 UTF-16 units may be too long for a medium that counts bytes, but then it must say so.
    const long = '漢'.repeat(255);
    try {
      await put(backend, long);
      assert.ok((await namesOf(backend, '')).includes(long));
    } catch (error) {
      assert.ok(error instanceof StatusError && error.status === NtStatus.ObjectNameInvalid);
    }
  });

  writing('goes deep', async (backend) => {
    let path = 'deep';
    await mkdir(backend, path);
    for (let i = 0; i < 40; i++) {
      path += `/level ${i}`;
      await mkdir(backend, path);
    }
    await put(backend, `${path}/bottom`, 'here');
    assert.equal(await contentOf(backend, `${path}/bottom`), 'here');
  });
}

function dataTests(writing: Writing): void {
  writing('writes anywhere and reads it back', async (backend) => {
    const { handle } = await backend.create('f', 'file', 0);
    const block = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 31) & 0xff);
    await backend.write(handle, block, 0);
    await backend.write(handle, bytes('patch'), 65_534);
    block.set(bytes('patch'), 65_534);
    const back = new Uint8Array(300_010);
    assert.equal(await backend.read(handle, back, 0), 300_000);
    assert.deepEqual(back.subarray(0, 300_000), block);
    await backend.write(handle, bytes('far'), 400_000);
    assert.equal((await backend.stat(handle)).size, 400_003);
    const gap = new Uint8Array(100_003).fill(7);
    assert.equal(await backend.read(handle, gap, 300_000), 100_003);
    assert.ok(gap.subarray(0, 100_000).every((byte) => byte === 0));
    await backend.write(handle, new Uint8Array(0), 500_000);
    assert.equal((await backend.stat(handle)).size, 400_003);
    await backend.close(handle);
  });

  writing('knows offsets beyond 32 bits', async (backend) => {
    const { handle } = await backend.create('sparse', 'file', 0);
    const far = 2 ** 40 + 12_345;
    await backend.write(handle, bytes('far out'), far);
    const info = await backend.stat(handle);
    assert.equal(info.size, far + 7);
    assert.ok(info.allocationSize < 64 * 1024 * 1024, 'holes take no room');
    assert.equal(await textOf(backend, handle, far), 'far out');
    const hole = new Uint8Array(16).fill(1);
    assert.equal(await backend.read(handle, hole, 2 ** 33), 16);
    assert.ok(hole.every((byte) => byte === 0));
    await backend.truncate(handle, 2 ** 41);
    assert.equal((await backend.stat(handle)).size, 2 ** 41);
    await backend.truncate(handle, 0);
    await backend.close(handle);
  });

  writing('truncates both ways', async (backend) => {
    const { handle } = await backend.create('f', 'file', 0);
    await backend.write(handle, bytes('0123456789'), 0);
    await backend.truncate(handle, 4);
    assert.equal(await textOf(backend, handle), '0123');
    await backend.truncate(handle, 8);
    assert.equal(await textOf(backend, handle), '0123\0\0\0\0');
    await backend.flush(handle);
    await backend.close(handle);
  });

  writing('holds handles to what they were opened for', async (backend) => {
    await put(backend, 'f', 'data');
    const reader = await backend.open('f', READ);
    await fails(() => backend.write(reader.handle, bytes('x'), 0), NtStatus.AccessDenied);
    await fails(() => backend.truncate(reader.handle, 0), NtStatus.AccessDenied);
    await backend.flush(reader.handle);
    const writer = await backend.open('f', WRITE);
    await fails(() => backend.read(writer.handle, new Uint8Array(1), 0), NtStatus.AccessDenied);
    await backend.write(writer.handle, bytes('DA'), 0);
    assert.equal(await textOf(backend, reader.handle), 'DAta');
    await backend.close(reader.handle);
    await backend.close(writer.handle);
    await mkdir(backend, 'd');
    const directory = await backend.open('d', BOTH);
    await fails(() => backend.write(directory.handle, bytes('x'), 0), NtStatus.FileIsADirectory);
    await fails(() => backend.truncate(directory.handle, 0), NtStatus.FileIsADirectory);
    await backend.flush(directory.handle);
    await backend.close(directory.handle);
  });

  writing('many handles see one file', async (backend) => {
    await put(backend, 'f', '');
    const opened = await Promise.all(Array.from({ length: 20 }, () => backend.open('f', BOTH)));
    await Promise.all(opened.map(({ handle }, i) => backend.write(handle, bytes(String.fromCharCode(97 + i)), i)));
    for (const { handle } of opened) {
      assert.equal(await textOf(backend, handle), 'abcdefghijklmnopqrst');
      await backend.close(handle);
    }
  });
}

function infoTests(writing: Writing): void {
  writing('keeps times', async (backend) => {
    const { handle } = await backend.create('f', 'file', 0);
    const written = 132_223_104_000_000_000n + 123n * SECOND;
    await backend.setInfo(handle, { lastWriteTime: written, lastAccessTime: written - SECOND });
    let info = await backend.stat(handle);
    assert.equal(info.lastWriteTime, written);
    assert.equal(info.lastAccessTime, written - SECOND);
    await backend.setInfo(handle, { lastAccessTime: written + 5n * SECOND });
    info = await backend.stat(handle);
    assert.equal(info.lastWriteTime, written, 'what is absent stays');
    assert.equal(info.lastAccessTime, written + 5n * SECOND);
    await backend.setInfo(handle, {});
    assert.equal((await backend.stat(handle)).lastWriteTime, written);
    await backend.write(handle, bytes('now'), 0);
    assert.ok((await backend.stat(handle)).lastWriteTime > written);
    await backend.close(handle);
    const directory = await backend.create('d', 'directory', 0);
    await backend.setInfo(directory.handle, { lastWriteTime: written });
    assert.equal((await backend.stat(directory.handle)).lastWriteTime, written);
    await backend.close(directory.handle);
  });

  writing('keeps READONLY', async (backend) => {
    const READONLY = 1;
    const { handle, info } = await backend.create('f', 'file', READONLY);
    assert.equal(info.attributes & READONLY, READONLY);
    await backend.write(handle, bytes('still open for writing'), 0);
    await backend.close(handle);
    const again = await backend.open('f', NEITHER);
    assert.equal(again.info.attributes & READONLY, READONLY);
    await backend.setInfo(again.handle, { attributes: 0 });
    assert.equal((await backend.stat(again.handle)).attributes & READONLY, 0);
    await backend.close(again.handle);
  });

  writing('tells nodes apart', async (backend) => {
    const ids = new Set<bigint>();
    for (let i = 0; i < 20; i++) {
      const { handle, info } = await backend.create(`f${i}`, i % 2 === 0 ? 'file' : 'directory', 0);
      ids.add(info.id);
      await backend.close(handle);
    }
    assert.equal(ids.size, 20);
    const [first, second] = [await backend.open('f0', READ), await backend.open('f0', READ)];
    assert.equal(first.info.id, second.info.id);
    await backend.close(first.handle);
    await backend.close(second.handle);
  });
}

function renameTests(writing: Writing): void {
  writing('renames, handles surviving', async (backend) => {
    await mkdir(backend, 'a');
    await mkdir(backend, 'b');
    await put(backend, 'a/f', 'content');
    const opened = await backend.open('a/f', BOTH);
    await backend.rename(opened.handle, 'b/g', false);
    assert.equal(await textOf(backend, opened.handle), 'content');
    await backend.write(opened.handle, bytes('CON'), 0);
    assert.equal(await contentOf(backend, 'b/g'), 'CONtent');
    await fails(() => backend.open('a/f', READ), NtStatus.ObjectNameNotFound);
    assert.equal((await backend.stat(opened.handle)).id, opened.info.id);
    await backend.rename(opened.handle, 'b/g', false);
    await backend.rename(opened.handle, 'h', false);
    await backend.rename(opened.handle, 'H', false);
    assert.equal(await contentOf(backend, 'H'), 'CONtent');
    await backend.close(opened.handle);
    assert.deepEqual(await namesOf(backend, ''), ['H', 'a', 'b']);
  });

  writing('renames a directory with open nodes below', async (backend) => {
    await mkdir(backend, 'old');
    await mkdir(backend, 'old/sub');
    await put(backend, 'old/sub/f', 'inside');
    const directory = await backend.open('old', NEITHER);
    const sub = await backend.open('old/sub', NEITHER);
    const file = await backend.open('old/sub/f', BOTH);
    await backend.rename(directory.handle, 'new', false);
    assert.equal(await textOf(backend, file.handle), 'inside');
    assert.equal((await backend.stat(sub.handle)).id, sub.info.id);
    const names: string[] = [];
    for await (const batch of backend.list(sub.handle)) names.push(...batch.map((entry) => entry.name));
    assert.deepEqual(names, ['f']);
    await backend.rename(file.handle, 'new/moved', false);
    assert.deepEqual(await namesOf(backend, 'new'), ['moved', 'sub']);
    await backend.remove(file.handle);
    await backend.remove(sub.handle);
    for (const { handle } of [file, sub]) await backend.close(handle);
    await backend.remove(directory.handle);
    await backend.close(directory.handle);
    assert.deepEqual(await namesOf(backend, ''), []);
  });

  writing('replaces only where it may', async (backend) => {
    for (const path of ['d', 'e', 'full']) await mkdir(backend, path);
    await put(backend, 'full/x', '');
    await put(backend, 'f', 'new');
    await put(backend, 'g', 'old');
    const file = await backend.open('f', READ);
    const victim = await backend.open('g', READ);
    await fails(() => backend.rename(file.handle, 'g', false), NtStatus.ObjectNameCollision);
    await fails(() => backend.rename(file.handle, 'd', false), NtStatus.ObjectNameCollision);
    await fails(() => backend.rename(file.handle, 'd', true), NtStatus.ObjectNameCollision);
    await fails(() => backend.rename(file.handle, '', true), NtStatus.ObjectNameCollision);
    await fails(() => backend.rename(file.handle, 'none/x', true), NtStatus.ObjectPathNotFound);
    await fails(() => backend.rename(file.handle, 'g/x', true), NtStatus.ObjectPathNotFound);
    await fails(() => backend.rename(file.handle, 'd/..', true), NtStatus.ObjectNameInvalid);
    assert.equal(await contentOf(backend, 'g'), 'old');
    await backend.rename(file.handle, 'g', true);
    assert.equal(await contentOf(backend, 'g'), 'new');
    assert.equal(await textOf(backend, victim.handle), 'old', 'who had the replaced file open goes on');
    assert.equal((await backend.stat(victim.handle)).links, 0);
    await fails(() => backend.remove(victim.handle), NtStatus.ObjectNameNotFound);
    await fails(() => backend.rename(victim.handle, 'again', true), NtStatus.ObjectNameNotFound);
    await backend.close(victim.handle);
    await backend.close(file.handle);

    const directory = await backend.open('d', NEITHER);
    await fails(() => backend.rename(directory.handle, 'e', false), NtStatus.ObjectNameCollision);
    await fails(() => backend.rename(directory.handle, 'e', true), NtStatus.ObjectNameCollision);
    await fails(() => backend.rename(directory.handle, 'full', true), NtStatus.ObjectNameCollision);
    await fails(() => backend.rename(directory.handle, 'g', false), NtStatus.ObjectNameCollision);
    await fails(() => backend.rename(directory.handle, 'd/into', true), NtStatus.InvalidParameter);
    await backend.rename(directory.handle, 'g', true);
    await backend.close(directory.handle);
    assert.deepEqual(await namesOf(backend, ''), ['e', 'full', 'g']);
    assert.deepEqual(await namesOf(backend, 'g'), []);
    const root = await backend.open('', NEITHER);
    await fails(() => backend.rename(root.handle, 'x', true), NtStatus.AccessDenied);
    await backend.close(root.handle);
  });
}

function removeTests(writing: Writing): void {
  writing('removes names, not what is open', async (backend) => {
    await put(backend, 'f', 'still here');
    const one = await backend.open('f', BOTH);
    const other = await backend.open('f', BOTH);
    await backend.remove(one.handle);
    await fails(() => backend.open('f', READ), NtStatus.ObjectNameNotFound);
    assert.equal(await textOf(backend, one.handle), 'still here');
    await backend.write(other.handle, bytes('STILL'), 0);
    assert.equal(await textOf(backend, one.handle), 'STILL here');
    const info = await backend.stat(other.handle);
    assert.equal(info.links, 0);
    assert.equal(info.id, one.info.id);
    await fails(() => backend.remove(other.handle), NtStatus.ObjectNameNotFound);
    await put(backend, 'f', 'another');
    await fails(() => backend.remove(other.handle), NtStatus.ObjectNameNotFound);
    await fails(() => backend.rename(other.handle, 'g', true), NtStatus.ObjectNameNotFound);
    await backend.close(one.handle);
    await backend.close(other.handle);
    assert.equal(await contentOf(backend, 'f'), 'another');
  });

  writing('removes directories that are empty', async (backend) => {
    await mkdir(backend, 'd');
    await put(backend, 'd/f');
    const directory = await backend.open('d', NEITHER);
    await fails(() => backend.remove(directory.handle), NtStatus.DirectoryNotEmpty);
    const file = await backend.open('d/f', NEITHER);
    await backend.remove(file.handle);
    await backend.close(file.handle);
    await backend.remove(directory.handle);
    await backend.close(directory.handle);
    await fails(() => backend.open('d', NEITHER), NtStatus.ObjectNameNotFound);
    await fails(() => backend.open('d/f', NEITHER), NtStatus.ObjectPathNotFound);
    const root = await backend.open('', NEITHER);
    await fails(() => backend.remove(root.handle), NtStatus.AccessDenied);
    await backend.close(root.handle);
  });
}

function listTests(writing: Writing): void {
  writing('lists many, each once', async (backend) => {
    await mkdir(backend, 'many');
    const names = Array.from({ length: 700 }, (_, i) => `entry ${String(i).padStart(4, '0')}`);
    for (const name of names) await put(backend, `many/${name}`);
    assert.deepEqual(await namesOf(backend, 'many'), names);
  });

  writing('lists while the directory changes', async (backend) => {
    await mkdir(backend, 'd');
    for (let i = 0; i < 300; i++) await put(backend, `d/stays ${i}`);
    await put(backend, 'd/goes');
    const { handle } = await backend.open('d', NEITHER);
    const seen: string[] = [];
    let changed = false;
    for await (const batch of backend.list(handle)) {
      seen.push(...batch.map((entry) => entry.name));
      if (changed) continue;
      changed = true;
      await put(backend, 'd/comes');
      const goes = await backend.open('d/goes', NEITHER);
      await backend.remove(goes.handle);
      await backend.close(goes.handle);
    }
    await backend.close(handle);
    assert.equal(new Set(seen).size, seen.length, 'nothing twice');
    assert.equal(seen.filter((name) => name.startsWith('stays')).length, 300, 'nothing missing');
  });

  writing('a list can be left early', async (backend) => {
    for (let i = 0; i < 100; i++) await put(backend, `f${i}`);
    const { handle } = await backend.open('', NEITHER);
    for await (const _ of backend.list(handle)) break;
    await backend.close(handle);
    assert.equal((await namesOf(backend, '')).length, 100);
  });

  writing('two lists on one handle do not disturb each other', async (backend) => {
    for (let i = 0; i < 300; i++) await put(backend, `f${i}`);
    const { handle } = await backend.open('', NEITHER);
    let inner = 0;
    let outer = 0;
    for await (const batch of backend.list(handle)) {
      outer += batch.length;
      if (inner === 0) for await (const other of backend.list(handle)) inner += other.length;
    }
    assert.deepEqual([inner, outer], [300, 300]);
    await backend.close(handle);
  });

  writing('closing twice does no harm', async (backend) => {
    const { handle } = await backend.create('f', 'file', 0);
    await backend.close(handle);
    await backend.close(handle);
    const other = await backend.open('f', READ);
    assert.equal(await textOf(backend, other.handle), '');
    await backend.close(other.handle);
  });
}
