import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { SeenChange } from '../changes.js';
import type { ClaimRequest } from '../opens.js';
import { sharingConflicts } from '../share-mode.js';
import { MemoryCoordinator } from './memory-coordinator.js';

const [READ, WRITE, DELETE] = [1, 2, 4];
const ALL = READ | WRITE | DELETE;

const request = (changes: Partial<ClaimRequest> = {}): ClaimRequest => ({
  volume: 'v',
  file: 1n,
  path: 'a/f',
  stream: '',
  access: FileAccess.ReadData,
  share: ALL,
  deleteOnClose: false,
  overwrites: false,
  ...changes,
});

const throwsStatus = (what: () => unknown, status: number): void => {
  assert.throws(what, (error) => error instanceof StatusError && error.status === status);
};

test('share modes: what each access needs of the other', () => {
  const rows: [access: number, need: number][] = [
    [FileAccess.ReadData, READ],
    [FileAccess.Execute, READ],
    [FileAccess.WriteData, WRITE],
    [FileAccess.AppendData, WRITE],
    [FileAccess.Delete, DELETE],
  ];
  for (const [access, need] of rows) {
    for (let share = 0; share <= ALL; share++) {
      const conflict = (share & need) === 0;
      const other = { access: FileAccess.ReadData, share, stream: '' };
      assert.equal(
        sharingConflicts({ access, share: ALL, stream: '' }, other, true),
        conflict,
        `${access} against ${share}`,
      );
      assert.equal(sharingConflicts(other, { access, share: ALL, stream: '' }, true), conflict);
    }
  }
  for (const access of [FileAccess.ReadAttributes, FileAccess.Synchronize, FileAccess.ReadControl]) {
    assert.equal(
      sharingConflicts({ access, share: 0, stream: '' }, { access: FileAccess.WriteData, share: 0, stream: '' }, true),
      false,
    );
  }
});

test('share modes do not depend on who came first', () => {
  const sharing = fc.record({ access: fc.nat(0x1f_ffff), share: fc.nat(ALL), stream: fc.constant('') });
  fc.assert(fc.property(sharing, sharing, (a, b) => sharingConflicts(a, b, true) === sharingConflicts(b, a, true)));
});

test('an open that conflicts leaves nothing behind', () => {
  const { opens } = new MemoryCoordinator();
  const claim = opens.claim(request({ share: READ }));
  throwsStatus(() => opens.claim(request({ access: FileAccess.WriteData })), NtStatus.SharingViolation);
  assert.equal(opens.list().length, 1);
  opens.claim(request({ volume: 'w', access: FileAccess.WriteData }));
  opens.claim(request({ file: 2n, access: FileAccess.WriteData }));
  assert.equal(opens.hasOthers(claim), false);
  assert.deepEqual(opens.release([claim]), ['nothing']);
  assert.deepEqual(opens.release([claim]), ['nothing']);
  opens.claim(request({ access: FileAccess.WriteData, share: 0 }));
});

test('delete on close: nobody opens it any more, the last one removes it', () => {
  const { opens } = new MemoryCoordinator();
  const one = opens.claim(request({ access: FileAccess.Delete, deleteOnClose: true }));
  const two = opens.claim(request());
  assert.equal(opens.isDeletePending(two), false);
  assert.deepEqual(opens.release([one]), ['nothing']);
  assert.equal(opens.isDeletePending(two), true);
  throwsStatus(() => opens.claim(request()), NtStatus.DeletePending);
  assert.deepEqual(opens.release([two]), ['file']);
  throwsStatus(() => opens.claim(request()), NtStatus.DeletePending);
  opens.removed(two, 'file');
  opens.release([opens.claim(request())]);
  assert.deepEqual(opens.list(), []);
});

test('an open that came to nothing is the last one of a file that others have marked', async () => {
  const { opens } = new MemoryCoordinator();
  const [one, two] = [opens.claim(request()), opens.claim(request({ deleteOnClose: true }))];
  opens.setDeletePending(one, true);
  assert.deepEqual(opens.release([one]), ['nothing']);
  assert.equal(opens.withdraw(two), 'file');
  assert.equal(opens.withdraw(two), 'nothing');
  opens.removed(two, 'file');
  const three = opens.claim(request({ deleteOnClose: true }));
  assert.equal(opens.withdraw(three), 'nothing', 'by itself it deletes nothing');
  opens.claim(request());
});

test('delete-pending can be taken back', () => {
  const { opens } = new MemoryCoordinator();
  const [one, two] = [opens.claim(request()), opens.claim(request())];
  opens.setDeletePending(one, true);
  throwsStatus(() => opens.claim(request()), NtStatus.DeletePending);
  opens.setDeletePending(two, false);
  opens.release([opens.claim(request())]);
  assert.deepEqual(opens.release([one]), ['nothing']);
  assert.deepEqual(opens.release([two]), ['nothing']);
});

test('who takes away what is there writes, whatever else he may do', () => {
  const { opens } = new MemoryCoordinator();
  opens.claim(request({ share: READ | DELETE }));
  const opensBy = FileAccess.WriteData;
  throwsStatus(() => opens.claim(request({ overwrites: true, opensBy })), NtStatus.SharingViolation);
  const looking = request({ overwrites: true, opensBy, access: FileAccess.ReadAttributes });
  throwsStatus(() => opens.claim(looking), NtStatus.SharingViolation);
  // Access used only to overwrite at open does not conflict with later opens.
  const other = new MemoryCoordinator().opens;
  other.claim(request({ overwrites: true, opensBy }));
  other.claim(request({ share: READ }));
});

test('streams have share modes of their own, but the file goes with them', () => {
  const { opens } = new MemoryCoordinator();
  const stream = opens.claim(request({ stream: 'Other', share: READ }));
  opens.claim(request({ access: FileAccess.WriteData, share: 0 }));
  throwsStatus(
    () => opens.claim(request({ stream: 'OTHER', access: FileAccess.WriteData })),
    NtStatus.SharingViolation,
  );
  throwsStatus(() => opens.claim(request({ access: FileAccess.Delete })), NtStatus.SharingViolation);
  assert.deepEqual(opens.release([stream]), ['nothing']);
});

test('a stream is deleted alone; one of a file that is to go keeps it until it is closed', () => {
  const { opens } = new MemoryCoordinator();
  const [file, stream] = [opens.claim(request()), opens.claim(request({ stream: 's', deleteOnClose: true }))];
  assert.deepEqual(opens.release([stream]), ['stream']);
  throwsStatus(() => opens.claim(request({ stream: 'S' })), NtStatus.DeletePending);
  opens.claim(request({ stream: 't' }));
  opens.removed(stream, 'stream');
  const again = opens.claim(request({ stream: 'S' }));
  opens.setDeletePending(file, true);
  throwsStatus(() => opens.claim(request({ stream: 'u' })), NtStatus.DeletePending);
  assert.deepEqual(opens.release([file]), ['nothing']);
  assert.equal(opens.isDeletePending(again), true);
});

test('an open that comes to nothing deletes nothing', () => {
  const { opens } = new MemoryCoordinator();
  const [one, two] = [opens.claim(request()), opens.claim(request({ deleteOnClose: true }))];
  opens.withdraw(two);
  assert.equal(opens.isDeletePending(one), false);
  assert.deepEqual(opens.release([one]), ['nothing']);
  assert.deepEqual(opens.list(), []);
});

test('renames move opens along', () => {
  const { opens } = new MemoryCoordinator();
  const directory = opens.claim(request({ file: 1n, path: 'a' }));
  const below = opens.claim(request({ file: 2n, path: 'a/b/f' }));
  const beside = opens.claim(request({ file: 3n, path: 'ab' }));
  const elsewhere = opens.claim(request({ file: 2n, path: 'a/b/f', volume: 'w' }));
  const denied = (error: unknown): boolean => error instanceof StatusError && error.status === NtStatus.AccessDenied;
  assert.throws(() => opens.prepareMove(directory), denied);
  assert.equal(opens.prepareMove(below), undefined);
  opens.moved(directory, 'x/y');
  assert.deepEqual([directory.path, below.path, beside.path, elsewhere.path], ['x/y', 'x/y/b/f', 'ab', 'a/b/f']);
  const other = opens.claim(request({ file: 4n, path: 'x/y' }));
  opens.moved(directory, 'z');
  assert.deepEqual([directory.path, below.path, other.path], ['z', 'z/b/f', 'x/y']);
  opens.release([below]);
  assert.equal(opens.prepareMove(directory), undefined);
  opens.release([directory, beside, other]);
  assert.deepEqual(opens.list(), [elsewhere]);
});

test('changes reach who watches the directory or the tree, by what they want', async () => {
  const { changes, opens } = new MemoryCoordinator();
  const heard: [string, readonly SeenChange[]][] = [];
  const watch = (name: string, path: string, recursive: boolean, filter = 1) =>
    changes.subscribe(
      { volume: 'v', path, recursive, filter },
      { seen: (seen) => heard.push([name, seen]), gone: () => heard.push([name, []]) },
    );
  watch('root', '', false);
  watch('tree', '', true);
  const a = watch('a', 'a', false);
  watch('a tree', 'a', true);
  watch('other filter', 'a', true, 2);
  watch('ab', 'ab', true);
  changes.publish([{ volume: 'v', path: 'a/b/c', action: 1, filter: 1 }]);
  assert.deepEqual(heard.splice(0), [
    ['tree', [{ path: 'a/b/c', action: 1 }]],
    ['a tree', [{ path: 'b/c', action: 1 }]],
  ]);
  changes.publish([
    { volume: 'v', path: 'a/old', action: 4, filter: 1 },
    { volume: 'v', path: 'a/new', action: 5, filter: 1 },
  ]);
  assert.deepEqual(
    heard.splice(0).map(([name, seen]) => [name, seen.length]),
    [
      ['tree', 2],
      ['a', 2],
      ['a tree', 2],
    ],
  );
  await a.end();
  changes.publish([{ volume: 'w', path: 'a/x', action: 1, filter: 3 }]);
  changes.publish([{ volume: 'v', path: 'a', action: 1, filter: 1 }]);
  assert.deepEqual(
    heard.splice(0).map(([name]) => name),
    ['root', 'tree'],
  );
  const directory = opens.claim(request({ path: 'a' }));
  opens.moved(directory, 'z/a');
  changes.publish([{ volume: 'v', path: 'z/a/x', action: 1, filter: 3 }]);
  assert.deepEqual(
    heard.splice(0).map(([name]) => name),
    ['tree', 'a tree', 'other filter'],
  );
  opens.setDeletePending(directory, true);
  assert.deepEqual(heard.splice(0), [
    ['a tree', []],
    ['other filter', []],
  ]);
});

test('a listener may subscribe anew while it is told', () => {
  const { changes } = new MemoryCoordinator();
  let count = 0;
  const again = {
    seen: (): void => {
      count++;
      changes.subscribe({ volume: 'v', path: '', recursive: false, filter: 1 }, again);
    },
    gone: () => undefined,
  };
  again.seen();
  changes.publish([{ volume: 'v', path: 'x', action: 1, filter: 1 }]);
  assert.equal(count, 2);
});
