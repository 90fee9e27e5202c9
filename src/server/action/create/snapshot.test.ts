import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memory } from '#fs/memory/memory.js';
import { readOnly } from '#fs/read-only.js';
import { FsctlBench } from '#testing/fsctl-bench.js';
import { FileAccess, FileGeneric } from '#wire/dtyp/access-mask.js';
import { statusOf } from '#wire/erref/errors.js';
import { statusName } from '#wire/erref/nt-status.js';
import { FileInfoClass } from '#wire/fscc/file-info/classes.js';
import { CreateDisposition, CreateOptions } from '#wire/smb2/command/create.js';
import type { DiskOpen } from '../../state/open.js';
import { type CreateFacts, create } from '../create.js';
import { read } from '../read.js';
import { setFileInfo } from '../set-info.js';
import { write } from '../write.js';

const TOKEN = '@GMT-2026.11.23-10.50.36';
const PLAIN: CreateFacts = {
  name: '',
  desiredAccess: FileGeneric.Read,
  shareAccess: 7,
  disposition: CreateDisposition.Open,
  options: 0,
  attributes: 0,
};

/** A share in which `d/f` is now "new" and used to be "old". */
class PastBench extends FsctlBench {
  static async make(): Promise<PastBench> {
    const [past, present] = [memory(), memory()];
    for (const [backend, text] of [
      [past, 'old'],
      [present, 'new'],
    ] as const) {
      await backend.close((await backend.create('d', 'directory', 0)).handle);
      const { handle } = await backend.create('d/f', 'file', 0);
      await backend.write(handle, new TextEncoder().encode(text), 0);
      await backend.close(handle);
    }
    const former = readOnly(past);
    const snapshots = { list: () => [TOKEN], open: (token: string) => (token === TOKEN ? former : undefined) };
    return new PastBench(Object.assign(present, { snapshots }));
  }

  async make(facts: Partial<CreateFacts>): Promise<DiskOpen> {
    return (await create(this.core, this.tree, { ...PLAIN, ...facts })).open;
  }

  async status(facts: Partial<CreateFacts>): Promise<string> {
    return this.make(facts).then(
      () => 'STATUS_SUCCESS',
      (error) => statusName(statusOf(error)),
    );
  }

  async text(open: DiskOpen): Promise<string> {
    const into = new Uint8Array(3);
    await read(this.core, open, into, 0);
    return new TextDecoder().decode(into);
  }
}

test('a token may stand anywhere in a path, or a time beside it', async () => {
  const bench = await PastBench.make();
  for (const name of [`${TOKEN}\\d\\f`, `d\\${TOKEN}\\f`, `D\\F\\${TOKEN}`]) {
    assert.equal(await bench.text(await bench.make({ name })), 'old', name);
  }
  assert.equal(await bench.text(await bench.make({ name: 'd\\f', snapshot: TOKEN })), 'old');
  assert.equal(await bench.text(await bench.make({ name: 'd\\f' })), 'new');
});

test('what is no time, or one that nobody remembers', async () => {
  const bench = await PastBench.make();
  const later = TOKEN.replace('36', '37');
  assert.equal(await bench.status({ name: `${later}\\d\\f` }), 'STATUS_OBJECT_NAME_NOT_FOUND');
  assert.equal(await bench.status({ name: '@GMT-now\\d' }), 'STATUS_OBJECT_PATH_NOT_FOUND');
  const without = new PastBench(memory());
  assert.equal(await without.status({ name: 'x', snapshot: TOKEN }), 'STATUS_OBJECT_NAME_NOT_FOUND');
});

test('the past cannot be changed, but may be opened as if it could', async () => {
  const bench = await PastBench.make();
  const past = { snapshot: TOKEN };
  const { Overwrite, OverwriteIf, Supersede, OpenIf, Create } = CreateDisposition;
  for (const disposition of [Overwrite, OverwriteIf, Supersede]) {
    const status = await bench.status({ ...past, name: 'd\\f', disposition });
    assert.equal(status, 'STATUS_MEDIA_WRITE_PROTECTED');
  }
  for (const disposition of [OpenIf, Create, Supersede]) {
    assert.equal(await bench.status({ ...past, name: 'new', disposition }), 'STATUS_MEDIA_WRITE_PROTECTED');
  }
  const deleted = { ...past, name: 'd\\f', desiredAccess: FileAccess.Delete, options: CreateOptions.DeleteOnClose };
  assert.equal(await bench.status(deleted), 'STATUS_MEDIA_WRITE_PROTECTED');
  const open = await bench.make({ ...past, name: 'd\\f', desiredAccess: FileGeneric.All });
  assert.equal(open.grantedAccess, FileGeneric.All);
  const refused = async (deed: Promise<void>): Promise<string> =>
    deed.then(
      () => 'STATUS_SUCCESS',
      (error) => statusName(statusOf(error)),
    );
  assert.equal(await refused(write(bench.core, open, new Uint8Array(1), 0, false)), 'STATUS_MEDIA_WRITE_PROTECTED');
  for (const [infoClass, bytes] of [
    [FileInfoClass.Disposition, Uint8Array.of(1)],
    [FileInfoClass.EndOfFile, new Uint8Array(8)],
    [FileInfoClass.Basic, new Uint8Array(40).fill(2, 32, 33)],
    [FileInfoClass.FullEa, Uint8Array.of(0, 0, 0, 0, 0, 1, 1, 0, 97, 0, 1)],
  ] as const) {
    const status = await refused(setFileInfo(bench.core, open, infoClass, bytes));
    assert.equal(status, 'STATUS_MEDIA_WRITE_PROTECTED', String(infoClass));
  }
  assert.equal(await bench.text(open), 'old');
});
