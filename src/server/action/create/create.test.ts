import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OpenAccess, WritableBackend } from '#fs/backend.js';
import { memory } from '#fs/memory/memory.js';
import { FsctlBench } from '#testing/fsctl-bench.js';
import { FileAccess, FileGeneric } from '#wire/dtyp/access-mask.js';
import { StatusError, statusOf } from '#wire/erref/errors.js';
import { NtStatus, statusName } from '#wire/erref/nt-status.js';
import { FileAttributes } from '#wire/fscc/attributes.js';
import { shortNameOf } from '#wire/fscc/short-name.js';
import { CreateAction, CreateDisposition, CreateOptions } from '#wire/smb2/command/create.js';
import type { DiskOpen } from '../../state/open.js';
import type { ShareOptions } from '../../state/share.js';
import { close, withdraw } from '../close.js';
import { type Created, type CreateFacts, create } from '../create.js';
import { fileFacts } from '../facts.js';
import { setDisposition } from '../set-info/disposition.js';
import { leavePlace, makeWay } from '../set-info/new-place.js';
import { rename } from '../set-info/rename.js';

const { Open, Create, OpenIf, OverwriteIf, Supersede } = CreateDisposition;
const { DirectoryFile, NonDirectoryFile, DeleteOnClose } = CreateOptions;

class Files extends FsctlBench {
  constructor(options: Partial<ShareOptions> = {}) {
    const backend = memory();
    super(backend);
    this.shares.set('files', { backend, ...options });
  }

  create(name: string, facts: Partial<CreateFacts> = {}): Promise<Created> {
    const plain = { desiredAccess: FileGeneric.All, shareAccess: 7, disposition: OpenIf, options: 0, attributes: 0 };
    return create(this.core, this.tree, { name, ...plain, ...facts });
  }

  async refusal(name: string, facts: Partial<CreateFacts> = {}): Promise<string> {
    try {
      await this.close(await this.create(name, facts));
      return 'STATUS_SUCCESS';
    } catch (error) {
      return statusName(statusOf(error));
    }
  }

  async close({ open }: { open: DiskOpen }): Promise<void> {
    await close(this.core, open);
  }

  async streams(name: string): Promise<string[]> {
    const created = await this.create(name, { disposition: Open });
    const { streams } = await fileFacts(this.core, created.open, true);
    await this.close(created);
    return streams.map((stream) => stream.name);
  }
}

test('what cannot be is refused before anything is looked at', async () => {
  const files = new Files();
  const rows: [Partial<CreateFacts>, string][] = [
    [{ options: 0x0100_0000 }, 'INVALID_PARAMETER'],
    [{ options: DirectoryFile | NonDirectoryFile }, 'INVALID_PARAMETER'],
    [{ options: DirectoryFile, disposition: OverwriteIf }, 'INVALID_PARAMETER'],
    [{ disposition: 6 }, 'INVALID_PARAMETER'],
    [{ options: CreateOptions.OpenByFileId }, 'NOT_SUPPORTED'],
    [{ options: 0x80 }, 'NOT_SUPPORTED'],
    [{ attributes: 0x40 }, 'INVALID_PARAMETER'],
    [{ shareAccess: 8 }, 'INVALID_PARAMETER'],
    [{ desiredAccess: 0 }, 'ACCESS_DENIED'],
    [{ desiredAccess: 0x0800_0000, attributes: 8 }, 'ACCESS_DENIED'],
    [{ desiredAccess: FileAccess.ReadData, options: DeleteOnClose }, 'INVALID_PARAMETER'],
    [{ attributes: FileAttributes.Encrypted }, 'ACCESS_DENIED'],
    [{ options: DirectoryFile, attributes: FileAttributes.Temporary }, 'INVALID_PARAMETER'],
    [{ attributes: FileAttributes.Readonly, options: DeleteOnClose }, 'CANNOT_DELETE'],
    [{ disposition: Open }, 'OBJECT_NAME_NOT_FOUND'],
  ];
  for (const [facts, status] of rows) {
    assert.equal(await files.refusal('f', facts), `STATUS_${status}`, JSON.stringify(facts));
  }
});

test('what is read-only is not written to, and MAXIMUM_ALLOWED leaves writing out', async () => {
  const files = new Files();
  const made = await files.create('f', { attributes: FileAttributes.Readonly });
  assert.equal(made.open.grantedAccess, FileGeneric.All, 'who makes it may write to it');
  await files.close(made);
  assert.equal(await files.refusal('f', { desiredAccess: FileAccess.WriteData }), 'STATUS_ACCESS_DENIED');
  assert.equal(await files.refusal('f', { disposition: OverwriteIf, desiredAccess: 1 }), 'STATUS_ACCESS_DENIED');
  assert.equal(
    await files.refusal('f', { desiredAccess: FileAccess.Delete, options: DeleteOnClose }),
    'STATUS_CANNOT_DELETE',
  );
  const { open } = await files.create('f', { desiredAccess: FileAccess.MaximumAllowed });
  assert.equal(open.grantedAccess & (FileAccess.WriteData | FileAccess.AppendData | FileAccess.DeleteChild), 0);
  assert.notEqual(open.grantedAccess & FileAccess.Delete, 0);
});

test('overwriting needs a right that it does not give, and keeps what is hidden', async () => {
  const files = new Files();
  await files.close(await files.create('f', { attributes: FileAttributes.Hidden }));
  assert.equal(await files.refusal('f', { disposition: OverwriteIf }), 'STATUS_ACCESS_DENIED');
  const facts = { disposition: OverwriteIf, desiredAccess: FileAccess.ReadData, attributes: FileAttributes.Hidden };
  const { open, action, info } = await files.create('f', facts);
  assert.equal(open.grantedAccess, FileAccess.ReadData);
  assert.equal(action, CreateAction.Overwritten);
  assert.equal(info.attributes, FileAttributes.Hidden | FileAttributes.Archive);
});

test('what is hidden by its name only is overwritten like others', async () => {
  const files = new Files({ hideFiles: ['secret'] });
  for (const name of ['.profile', 'Secret']) {
    await files.close(await files.create(name, { attributes: FileAttributes.Hidden }));
    assert.equal(await files.refusal(name, { disposition: OverwriteIf }), 'STATUS_SUCCESS');
  }
});

test('a stream makes its file, has share modes of its own, and goes when the file is overwritten', async () => {
  const files = new Files();
  const stream = await files.create('f:One', { disposition: Create, shareAccess: 0 });
  assert.equal(stream.action, CreateAction.Created);
  assert.equal(stream.open.claim.stream, 'One');
  assert.equal(await files.refusal('F:ONE:$data', { desiredAccess: FileAccess.ReadData }), 'STATUS_SHARING_VIOLATION');
  assert.equal(await files.refusal('f', { desiredAccess: FileAccess.Delete }), 'STATUS_SHARING_VIOLATION');
  assert.equal(await files.refusal('f', { desiredAccess: FileAccess.WriteData, shareAccess: 0 }), 'STATUS_SUCCESS');
  await files.close(stream);
  assert.deepEqual(await files.streams('f'), ['', 'One']);
  assert.equal(await files.refusal('f:two', { disposition: Open }), 'STATUS_OBJECT_NAME_NOT_FOUND');
  assert.equal(await files.refusal('f:one', { disposition: Create }), 'STATUS_OBJECT_NAME_COLLISION');
  assert.equal(await files.refusal('f:one', { disposition: Supersede }), 'STATUS_SUCCESS');
  assert.deepEqual(await files.streams('f'), ['', 'One']);
  await files.close(await files.create('f', { disposition: OverwriteIf }));
  assert.deepEqual(await files.streams('f'), ['']);
});

test('streams of directories are files; a data stream is no directory, an index nothing else', async () => {
  const files = new Files();
  await files.close(await files.create('d', { options: DirectoryFile }));
  const { open } = await files.create('d:s', { options: NonDirectoryFile });
  assert.equal(open.isDirectory, false);
  await files.close({ open });
  assert.deepEqual(await files.streams('d'), ['s']);
  assert.equal(await files.refusal('d:s', { options: DirectoryFile }), 'STATUS_NOT_A_DIRECTORY');
  assert.equal(await files.refusal('d::$DATA'), 'STATUS_FILE_IS_A_DIRECTORY');
  assert.equal(await files.refusal('d:$I30:$INDEX_ALLOCATION'), 'STATUS_SUCCESS');
  assert.equal(
    await files.refusal('d:$I30:$INDEX_ALLOCATION', { options: NonDirectoryFile }),
    'STATUS_FILE_IS_A_DIRECTORY',
  );
});

test('a stream is deleted alone; with its file it goes when the last of them is closed', async () => {
  const files = new Files();
  await files.close(await files.create('f'));
  await files.close(await files.create('f:s', { options: DeleteOnClose }));
  assert.deepEqual(await files.streams('f'), ['']);
  const stream = await files.create('f:t');
  await files.close(await files.create('f', { options: DeleteOnClose }));
  assert.equal(await files.refusal('f'), 'STATUS_DELETE_PENDING');
  await files.close(stream);
  assert.equal(await files.refusal('f', { disposition: Open }), 'STATUS_OBJECT_NAME_NOT_FOUND');
});

test('space that is asked for shows in whole units, unless the file was there', async () => {
  const files = new Files();
  const made = await files.create('f', { allocationSize: 5000 });
  assert.equal((await fileFacts(files.core, made.open)).allocationSize, 8192);
  await files.close(made);
  const { open } = await files.create('f', { allocationSize: 1_000_000 });
  assert.ok((await fileFacts(files.core, open)).allocationSize < 1_000_000);
});

test('what cannot be made as it is asked for is not there afterwards, unless others have it open', async () => {
  const files = new Files();
  const { backend } = (await files.create('other')).open;
  let meanwhile: () => Promise<unknown> = async () => undefined;
  const preallocate = async (): Promise<void> => {
    await meanwhile();
    throw new StatusError(NtStatus.DiskFull);
  };
  Object.assign(backend, { extents: Object.assign(Object.create(backend.extents ?? null), { preallocate }) });
  assert.equal(await files.refusal('f', { allocationSize: 5000 }), 'STATUS_DISK_FULL');
  assert.equal(await files.refusal('f', { disposition: Open }), 'STATUS_OBJECT_NAME_NOT_FOUND');
  meanwhile = () => files.create('f');
  assert.equal(await files.refusal('f', { allocationSize: 5000 }), 'STATUS_DISK_FULL');
  assert.equal(await files.refusal('f', { disposition: Open }), 'STATUS_SUCCESS');
  // The session's last free open is taken while the file is being created.
  const make = (backend as WritableBackend<unknown>).create.bind(backend);
  const { session } = files;
  Object.assign(backend, {
    create: async (...args: Parameters<typeof make>) => {
      const made = await make(...args);
      session.nextOpenId = () => {
        throw new StatusError(NtStatus.TooManyOpenedFiles);
      };
      return made;
    },
  });
  assert.equal(await files.refusal('g'), 'STATUS_TOO_MANY_OPENED_FILES');
  assert.equal(await files.refusal('g', { disposition: Open }), 'STATUS_OBJECT_NAME_NOT_FOUND');
});

test('share options: no streams, exact names, hidden ones', async () => {
  const files = new Files({ streams: false, caseSensitive: true, hideDotFiles: true, hideFiles: ['*.tmp'] });
  for (const name of ['f:s', 'f::$DATA', 'f::foo']) {
    assert.equal(await files.refusal(name), 'STATUS_OBJECT_NAME_INVALID');
  }
  await files.close(await files.create('name'));
  assert.equal(await files.refusal('NAME', { disposition: Open }), 'STATUS_OBJECT_NAME_NOT_FOUND');
  assert.equal(await files.refusal('NAME\\x', { disposition: Open }), 'STATUS_OBJECT_PATH_NOT_FOUND');
  const attributes = async (name: string) => (await files.create(name)).info.attributes & FileAttributes.Hidden;
  assert.deepEqual(await Promise.all(['.x', 'a.TMP', 'b.tmp', 'name'].map(attributes)), [2, 2, 2, 0]);
});

test('an 8.3 name made again brings the long name back', async () => {
  const files = new Files();
  const name = 'a rather long name.text';
  await files.close(await files.create(name, { options: DeleteOnClose }));
  const { open } = await files.create(shortNameOf(name));
  assert.equal(open.claim.path, name);
});

test('a file that is renamed, or removed, while it is opened is looked for anew', async () => {
  const files = new Files();
  const made = await files.create('a');
  const { backend } = made.open;
  const look = backend.open.bind(backend);
  let meanwhile: (() => Promise<void>) | undefined = () => rename(files.core, made.open, 'b', { replace: false });
  // The medium's answer becomes outdated before it is used.
  Object.assign(backend, {
    open: async (path: string, access: OpenAccess) => {
      const [found, deed] = [await look(path, access), meanwhile];
      meanwhile = undefined;
      await deed?.();
      return found;
    },
  });
  assert.equal(await files.refusal('a', { disposition: Open }), 'STATUS_OBJECT_NAME_NOT_FOUND');
  await setDisposition(files.core, made.open, true);
  meanwhile = () => files.close(made);
  const again = await files.create('b');
  assert.equal(again.action, CreateAction.Created);
  assert.equal(again.info.links, 1);
});

test('an open that fails after all removes what was left to it', async () => {
  const files = new Files();
  const [one, two] = [await files.create('f'), await files.create('f')];
  await setDisposition(files.core, one.open, true);
  await files.close(one);
  assert.equal(await files.refusal('f'), 'STATUS_DELETE_PENDING');
  await withdraw(files.core, two.open);
  assert.equal(await files.refusal('f', { disposition: Open }), 'STATUS_OBJECT_NAME_NOT_FOUND');
  assert.equal(await files.refusal('f'), 'STATUS_SUCCESS');
});

test('a name that was to be replaced goes if it was deleted meanwhile, and is free again', async () => {
  const files = new Files();
  const [file, target] = [await files.create('f'), await files.create('t')];
  const claim = await makeWay(files.core, file.open, 't', { replace: true, posix: true });
  assert.ok(claim);
  await setDisposition(files.core, target.open, true);
  await files.close(target);
  await leavePlace(files.core, file.open, claim);
  assert.equal(await files.refusal('t', { disposition: Open }), 'STATUS_OBJECT_NAME_NOT_FOUND');
  assert.equal(await files.refusal('t'), 'STATUS_SUCCESS');
  await files.close(file);
});
