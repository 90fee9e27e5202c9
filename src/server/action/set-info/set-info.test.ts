import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OpenAccess, WritableBackend } from '#fs/backend.js';
import { memory } from '#fs/memory/memory.js';
import { FsctlBench } from '#testing/fsctl-bench.js';
import { FileAccess, FileGeneric } from '#wire/dtyp/access-mask.js';
import { statusOf } from '#wire/erref/errors.js';
import { statusName } from '#wire/erref/nt-status.js';
import { FileAttributes } from '#wire/fscc/attributes.js';
import { FileBasicInformation } from '#wire/fscc/file-info/basic.js';
import { FileInfoClass } from '#wire/fscc/file-info/classes.js';
import { DispositionFlags } from '#wire/fscc/file-info/disposition-ex.js';
import { FileLinkInformation } from '#wire/fscc/file-info/link.js';
import { FileModeInformation } from '#wire/fscc/file-info/mode.js';
import { RenameFlags } from '#wire/fscc/file-info/rename-ex.js';
import { CreateDisposition, CreateOptions } from '#wire/smb2/command/create.js';
import type { DiskOpen } from '../../state/open.js';
import { close } from '../close.js';
import { type CreateFacts, create } from '../create.js';
import { fileFacts } from '../facts.js';
import { applyFileInfo } from '../set-info.js';
import { setBasic } from './basic.js';
import { setDisposition, setDispositionEx } from './disposition.js';
import { rename, replacingOf } from './rename.js';
import { setAllocation, setEndOfFile } from './size.js';

const ALONE = { replace: false };
const REPLACE = { replace: true };

async function statusIn(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'STATUS_SUCCESS';
  } catch (error) {
    return statusName(statusOf(error));
  }
}

class Files extends FsctlBench {
  async make(name: string, facts: Partial<CreateFacts> = {}): Promise<DiskOpen> {
    const plain = { desiredAccess: FileGeneric.All, shareAccess: 7, options: 0, attributes: 0 };
    const { OpenIf } = CreateDisposition;
    return (await create(this.core, this.tree, { name, disposition: OpenIf, ...plain, ...facts })).open;
  }

  async exists(name: string): Promise<boolean> {
    const status = await statusIn(this.make(name, { disposition: CreateDisposition.Open, desiredAccess: 0x80 }));
    return status === 'STATUS_SUCCESS';
  }

  close(open: DiskOpen): Promise<void> {
    return close(this.core, open);
  }
}

test('a rename uses the directory: who keeps it from being written to, or may delete it, is in the way', async () => {
  const files = new Files();
  const rows: [number, number, string][] = [
    [FileAccess.ReadData | FileAccess.Delete, 7, 'STATUS_SHARING_VIOLATION'],
    [FileAccess.ReadData, 0, 'STATUS_SHARING_VIOLATION'],
    [FileAccess.ReadData, 3, 'STATUS_SUCCESS'],
    [FileAccess.ReadAttributes, 0, 'STATUS_SUCCESS'],
  ];
  await files.close(await files.directory('d'));
  for (const [desiredAccess, shareAccess, status] of rows) {
    const directory = await files.make('d', { options: CreateOptions.DirectoryFile, desiredAccess, shareAccess });
    const open = await files.make('d\\f', { options: CreateOptions.DeleteOnClose });
    assert.equal(await statusIn(rename(files.core, open, 'd\\g', ALONE)), status);
    await files.close(open);
    await files.close(directory);
  }
});

test('what has the new name goes if it may, and is closed or opened by POSIX rules', async () => {
  const files = new Files();
  const open = await files.make('f');
  const other = await files.make('g');
  assert.equal(await statusIn(rename(files.core, open, 'G', ALONE)), 'STATUS_OBJECT_NAME_COLLISION');
  assert.equal(await statusIn(rename(files.core, open, 'g', REPLACE)), 'STATUS_ACCESS_DENIED');
  const posix = replacingOf(RenameFlags.ReplaceIfExists | RenameFlags.PosixSemantics);
  assert.equal(await statusIn(rename(files.core, open, 'g', posix)), 'STATUS_SUCCESS');
  assert.equal((await other.backend.stat(other.node)).links, 0);
  assert.equal(open.claim.path, 'g');
  const readonly = await files.make('r', { attributes: FileAttributes.Readonly });
  await files.close(readonly);
  assert.equal(await statusIn(rename(files.core, open, 'r', REPLACE)), 'STATUS_ACCESS_DENIED');
  assert.equal(await statusIn(rename(files.core, open, 'R', { ...REPLACE, ignoreReadonly: true })), 'STATUS_SUCCESS');
  assert.throws(() => replacingOf(0x1000));
});

test('a case-only rename is a new spelling; a directory with something open below stays', async () => {
  const files = new Files();
  const open = await files.make('name');
  await rename(files.core, open, 'NAME', ALONE);
  assert.equal(open.claim.path, 'NAME');
  const directory = await files.directory('d');
  const below = await files.make('d\\f');
  assert.equal(await statusIn(rename(files.core, directory, 'e', ALONE)), 'STATUS_ACCESS_DENIED');
  await files.close(below);
  assert.equal(await statusIn(rename(files.core, directory, 'e', ALONE)), 'STATUS_SUCCESS');
});

test('a stream gets another name, another stream’s, or becomes the file’s own content', async () => {
  const files = new Files();
  const stream = await files.make('f:one');
  await files.close(await files.make('f:two'));
  const to = (name: string, wanted = REPLACE) => statusIn(rename(files.core, stream, name, wanted));
  assert.equal(await to('two'), 'STATUS_INVALID_PARAMETER');
  assert.equal(await to('f:two'), 'STATUS_SHARING_VIOLATION');
  assert.equal(await to(':two', ALONE), 'STATUS_OBJECT_NAME_COLLISION');
  const open = await files.make('f:two');
  assert.equal(await to(':two'), 'STATUS_INVALID_PARAMETER');
  await files.close(open);
  assert.equal(await to(':Two:$DATA'), 'STATUS_SUCCESS');
  assert.equal(stream.claim.stream, 'Two');
  await files.core.times.changed(stream);
  assert.equal(await to('::$DATA'), 'STATUS_SUCCESS');
  assert.deepEqual(
    (await fileFacts(files.core, stream, true)).streams.map(({ name }) => name),
    [''],
  );
});

test('disposition: what may not go, and POSIX semantics', async () => {
  const files = new Files();
  const directory = await files.directory('d');
  await files.close(await files.make('d\\f'));
  assert.equal(await statusIn(setDisposition(files.core, directory, true)), 'STATUS_DIRECTORY_NOT_EMPTY');
  const readonly = await files.make('r', { attributes: FileAttributes.Readonly });
  assert.equal(await statusIn(setDisposition(files.core, readonly, true)), 'STATUS_CANNOT_DELETE');
  const flags = DispositionFlags.Delete | DispositionFlags.PosixSemantics | DispositionFlags.IgnoreReadonlyAttribute;
  const other = await files.make('r', { desiredAccess: FileAccess.ReadData });
  await setDispositionEx(files.core, readonly, flags);
  await files.close(readonly);
  assert.equal(await files.exists('r'), false, 'the name goes at once');
  assert.equal((await other.backend.stat(other.node)).links, 0);
  await files.close(other);
  assert.equal(await statusIn(setDispositionEx(files.core, directory, 0x100)), 'STATUS_INVALID_PARAMETER');
  assert.equal(
    await statusIn(setDispositionEx(files.core, directory, DispositionFlags.OnClose)),
    'STATUS_NOT_SUPPORTED',
  );
});

test('what is to be deleted on close can be kept', async () => {
  const files = new Files();
  const open = await files.make('f', { options: CreateOptions.DeleteOnClose });
  await setDispositionEx(files.core, open, DispositionFlags.OnClose);
  await files.close(open);
  assert.equal(await files.exists('f'), true);
});

test('allocation cuts a file, or sets space aside; sizes have an end', async () => {
  const files = new Files();
  const open = await files.open('f', 5000);
  await setAllocation(files.core, open, 100);
  const cut = await fileFacts(files.core, open);
  assert.equal(cut.size, 100);
  await setAllocation(files.core, open, 200_000);
  const facts = await fileFacts(files.core, open);
  assert.deepEqual([facts.size, facts.allocationSize], [100, 200_704]);
  assert.equal(await statusIn(setEndOfFile(files.core, open, 2 ** 44)), 'STATUS_INVALID_PARAMETER');
});

test('modes and times that cannot be', async () => {
  const files = new Files();
  const open = await files.make('f');
  const mode = (value: number) =>
    applyFileInfo(files.core, open, 16, Object.assign(new FileModeInformation(), { mode: value }));
  assert.equal(await statusIn(mode(1)), 'STATUS_INVALID_PARAMETER');
  await mode(2);
  assert.equal((await fileFacts(files.core, open)).mode, 2);
  const basic = (values: Partial<FileBasicInformation>) =>
    statusIn(setBasic(files.core, open, Object.assign(new FileBasicInformation(), values)));
  assert.equal(await basic({ lastWriteTime: 0xffff_ffff_ffff_fffdn }), 'STATUS_INVALID_PARAMETER');
  assert.equal(await basic({ fileAttributes: FileAttributes.Directory }), 'STATUS_INVALID_PARAMETER');
  assert.equal(await basic({ fileAttributes: FileAttributes.Hidden, changeTime: 5n }), 'STATUS_SUCCESS');
  assert.equal(await basic({ fileAttributes: FileAttributes.Normal }), 'STATUS_SUCCESS');
  assert.equal((await fileFacts(files.core, open)).changeTime, 5n);
});

test('a link is another name, where the medium has such', async () => {
  const files = new Files();
  const open = await files.make('f');
  const link = Object.assign(new FileLinkInformation(), { fileName: 'g' });
  await applyFileInfo(files.core, open, 11, link);
  assert.equal(await files.exists('g'), true);
  assert.equal(await statusIn(applyFileInfo(files.core, open, 11, link)), 'STATUS_OBJECT_NAME_COLLISION');
  link.fileName = 'F';
  assert.equal(await statusIn(applyFileInfo(files.core, open, 11, link)), 'STATUS_OBJECT_NAME_COLLISION');
  link.rootDirectory = 1n;
  assert.equal(await statusIn(applyFileInfo(files.core, open, 11, link)), 'STATUS_INVALID_PARAMETER');
});

test('what a rename replaces is opened by nobody until it has been replaced', async () => {
  for (const [kind, replace] of [
    ['rename', (files: Files, open: DiskOpen) => rename(files.core, open, 'target', REPLACE)],
    [
      'link',
      (files: Files, open: DiskOpen) => {
        const link = Object.assign(new FileLinkInformation(), { replaceIfExists: true, fileName: 'target' });
        return applyFileInfo(files.core, open, FileInfoClass.Link, link);
      },
    ],
  ] as const) {
    const backend = memory();
    let during: () => Promise<unknown> = async () => undefined;
    const slowly = <A extends unknown[]>(deed: (...args: A) => unknown) => {
      return async (...args: A) => {
        await during();
        return deed(...args);
      };
    };
    const { rename: renames, hardLink } = backend as WritableBackend<unknown>;
    const slow = { rename: slowly(renames.bind(backend)), hardLink: slowly(hardLink?.bind(backend) ?? assert.fail()) };
    const files = new Files(Object.assign(backend, slow));
    const [open, target] = [await files.make('a'), await files.make('target')];
    await files.close(target);
    let seen = '';
    during = async () => {
      seen = await statusIn(files.make('target'));
    };
    await replace(files, open);
    assert.equal(seen, 'STATUS_SHARING_VIOLATION', kind);
    const { claim } = await files.make('target');
    assert.equal(claim.file, open.claim.file);
    assert.equal((await files.core.coordinator.opens.list()).length, 2);
  }
});

test('a rename looks again at what it replaces when that has become another file', async () => {
  const files = new Files();
  const [open, other] = [await files.make('a'), await files.make('other')];
  await files.close(await files.make('target'));
  const { backend } = open;
  const look = backend.open.bind(backend);
  let meanwhile: (() => Promise<void>) | undefined = () => rename(files.core, other, 'target', REPLACE);
  Object.assign(backend, {
    open: async (path: string, access: OpenAccess) => {
      const found = await look(path, access);
      const deed = path === 'target' ? meanwhile : undefined;
      if (deed) meanwhile = undefined;
      await deed?.();
      return found;
    },
  });
  assert.equal(await statusIn(rename(files.core, open, 'target', REPLACE)), 'STATUS_ACCESS_DENIED', 'it is open');
  await files.close(other);
  assert.equal(await statusIn(rename(files.core, open, 'target', REPLACE)), 'STATUS_SUCCESS');
});
