import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryCoordinator } from '#coord/memory/memory-coordinator.js';
import type { WritableBackend } from '#fs/backend.js';
import { memory } from '#fs/memory/memory.js';
import { systemClock } from '#net/clock.js';
import { testTokens } from '#testing/tokens.js';
import { FileGeneric } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { CompletionFilter, FileAction, FileNotifyList } from '#wire/fscc/notify.js';
import { Decoder } from '#wire/io/decoder.js';
import { Encoder } from '#wire/io/encoder.js';
import { CreateDisposition, CreateOptions } from '#wire/smb2/command/create.js';
import type { ServerCore } from '../core.js';
import { defaultLimits } from '../limits.js';
import { Notifier } from '../notifier.js';
import { AppInstances } from '../state/app-instances.js';
import { DurableOpens } from '../state/durable-opens.js';
import { PersistentOpens } from '../state/persistent-opens.js';
import { Session } from '../state/session.js';
import { ShareTable } from '../state/share.js';
import type { Tree } from '../state/tree.js';
import { close } from './close.js';
import { type CreateFacts, create } from './create.js';
import { FileTimes } from './file-times.js';
import { NameTunnel } from './name-tunnel.js';
import { queryDirectory } from './query-directory.js';
import { setDisposition } from './set-info/disposition.js';
import { rename } from './set-info/rename.js';
import { type WatchFacts, type WatchOutcome, watch } from './watch.js';
import { write } from './write.js';

const EVERYTHING = 0xfff;
const refused = (status: number) => (error: unknown) => error instanceof StatusError && error.status === status;

/** A user with a tree connect to a separate share. */
class Bench {
  readonly core: ServerCore;
  readonly shares = new ShareTable();
  readonly tree: Tree;
  readonly backend: WritableBackend<unknown>;

  constructor(backend: WritableBackend<unknown>) {
    this.backend = backend;
    const coordinator = new MemoryCoordinator();
    const notifier = new Notifier(coordinator, systemClock, 16);
    this.core = {
      coordinator,
      notifier,
      times: new FileTimes(systemClock, 0, notifier),
      tunnel: new NameTunnel(systemClock),
      durables: new DurableOpens(16, 1),
      apps: new AppInstances(),
      persistents: new PersistentOpens(undefined, 0, () => Promise.reject(new Error('none'))),
      limits: defaultLimits,
      tokens: testTokens(),
      encoder: new Encoder(),
    } as unknown as ServerCore;
    const identity = {
      account: 'ann',
      domain: '',
      kind: 'user',
      sessionKey: new Uint8Array(0),
      workstation: '',
    } as const;
    this.tree = new Session('1', identity, defaultLimits).connectTree(this.shares, this.shares.set('files', backend));
  }

  async create(name: string, facts: Partial<CreateFacts> = {}) {
    const plain = {
      desiredAccess: FileGeneric.All,
      shareAccess: 0,
      disposition: CreateDisposition.OpenIf,
      options: 0,
      attributes: 0,
    };
    return (await create(this.core, this.tree, { name, ...plain, ...facts })).open;
  }

  root() {
    return this.create('', { shareAccess: 7, options: CreateOptions.DirectoryFile });
  }

  next(open: Parameters<typeof watch>[1], facts: Partial<WatchFacts> = {}) {
    const filter = CompletionFilter.FileName;
    const { signal } = new AbortController();
    return watch(this.core, open, { filter, recursive: false, maxBytes: EVERYTHING, signal, ...facts });
  }

  /** Reports names in the root directory. */
  tell(...names: string[]): void {
    const filter = CompletionFilter.FileName;
    for (const name of names) this.core.notifier.publish(this.backend, name, FileAction.Added, filter);
  }
}

/** A back end with some of its methods replaced. */
function but(over: Partial<WritableBackend<unknown>>): WritableBackend<unknown> {
  const backend = memory() as WritableBackend<unknown>;
  return new Proxy(backend, {
    get: (target, name) => {
      const own = Reflect.get(over, name) ?? Reflect.get(target, name);
      return typeof own === 'function' ? own.bind(target) : own;
    },
  });
}

test('an open whose overwriting fails leaves nothing behind', async () => {
  let full = true;
  const backend = but({
    truncate: () => {
      if (full) throw new StatusError(NtStatus.DiskFull);
    },
  });
  const bench = new Bench(backend);
  await close(bench.core, await bench.create('a'));
  const overwrite = { disposition: CreateDisposition.OverwriteIf };
  await assert.rejects(bench.create('a', overwrite), refused(NtStatus.DiskFull));
  assert.equal(bench.tree.opens.size, 0);
  assert.deepEqual(await bench.core.coordinator.opens.list(), []);
  full = false;
  await close(bench.core, await bench.create('a', overwrite));
});

test('the root of a share cannot be marked for deletion, so nobody can lock others out of it', async () => {
  const bench = new Bench(memory() as WritableBackend<unknown>);
  const options = CreateOptions.DirectoryFile | CreateOptions.DeleteOnClose;
  await assert.rejects(bench.create('', { options, shareAccess: 7 }), refused(NtStatus.CannotDelete));
});

test('a pattern is a name, never a path', async () => {
  const asked: string[] = [];
  const inner = memory() as WritableBackend<unknown>;
  const backend = but({
    open: (path, access) => {
      asked.push(path);
      return inner.open(path, access);
    },
  });
  const bench = new Bench(backend);
  const root = await bench.root();
  asked.length = 0;
  for (const pattern of ['..', '../secret', 'a/b', 'a\\b', 'a\0b', '.']) {
    const query = { infoClass: 12, pattern, reopen: true, restart: false, single: false, maxBytes: 1000 };
    await assert.rejects(queryDirectory(bench.core, root, query), refused(NtStatus.ObjectNameInvalid));
  }
  assert.deepEqual(asked, []);
});

test('a watch whose handle is closed while it begins ends with it', async () => {
  const bench = new Bench(memory() as WritableBackend<unknown>);
  const root = await bench.root();
  const outcome = bench.next(root);
  await close(bench.core, root);
  assert.equal((await outcome).status, NtStatus.NotifyCleanup);
});

test('a watch that cannot begin is refused each time, not waited for', async () => {
  const bench = new Bench(
    but({
      watch: () => {
        throw new StatusError(NtStatus.InsufficientResources);
      },
    }),
  );
  const root = await bench.root();
  await assert.rejects(bench.next(root), refused(NtStatus.InsufficientResources));
  await assert.rejects(bench.next(root), refused(NtStatus.InsufficientResources));
});

test('whoever has lost the right to look is told no names', async () => {
  const backend = memory() as WritableBackend<unknown>;
  const bench = new Bench(backend);
  const root = await bench.root();
  const outcome = bench.next(root);
  await Promise.resolve();
  await Promise.resolve();
  bench.shares.set('files', { backend, users: { ann: 'none' } });
  bench.core.notifier.publish(backend, 'secret', 1, CompletionFilter.FileName);
  await assert.rejects(outcome, refused(NtStatus.AccessDenied));
});

function namesOf({ changes }: WatchOutcome): string[] {
  const list = new FileNotifyList();
  if (changes.length > 0) list.layout(new Decoder().reset(changes));
  return list.entries.map(({ fileName }) => fileName);
}

test('whoever watches a directory that is marked for deletion is told so, now and when he asks again', async () => {
  const bench = new Bench(memory() as WritableBackend<unknown>);
  const plain = { options: CreateOptions.DirectoryFile, shareAccess: 7 };
  const [one, two] = [await bench.create('d', plain), await bench.create('d', plain)];
  const waiting = bench.next(one);
  await setDisposition(bench.core, two, true);
  assert.equal((await waiting).status, NtStatus.DeletePending);
  assert.equal((await bench.next(one)).status, NtStatus.DeletePending);
  // The mark has been cleared, so a new watch starts.
  await setDisposition(bench.core, two, false);
  const again = bench.next(one);
  const onClose = await bench.create('d', { ...plain, options: plain.options | CreateOptions.DeleteOnClose });
  await close(bench.core, onClose);
  assert.equal((await again).status, NtStatus.DeletePending);
  await close(bench.core, one);
  await close(bench.core, two);
  assert.equal(bench.tree.session.watches, 0);
  await assert.rejects(bench.create('d', { ...plain, disposition: CreateDisposition.Open }));
});

test('notifications are answered in the order of asking, also while the watch begins', async () => {
  const bench = new Bench(memory() as WritableBackend<unknown>);
  const root = await bench.root();
  const [one, two] = [bench.next(root), bench.next(root)];
  await Promise.resolve();
  bench.tell('a');
  assert.deepEqual(namesOf(await one), ['a']);
  bench.tell('b');
  assert.deepEqual(namesOf(await two), ['b']);
});

test('the first request says how much is remembered, and what of', async () => {
  const bench = new Bench(memory() as WritableBackend<unknown>);
  const root = await bench.root();
  const gone = AbortSignal.abort();
  assert.equal((await bench.next(root, { signal: gone, maxBytes: 40 })).status, NtStatus.Cancelled);
  bench.tell('abc', 'def');
  const both = await bench.next(root, { filter: CompletionFilter.Attributes });
  assert.deepEqual([both.status, namesOf(both)], [NtStatus.Success, ['abc', 'def']]);
  bench.tell('abc', 'def', 'ghi');
  assert.equal((await bench.next(root)).status, NtStatus.NotifyEnumDir);
  bench.tell('abcdefghijklmnop');
  assert.equal((await bench.next(root)).status, NtStatus.NotifyEnumDir);
  bench.tell('abc');
  assert.equal((await bench.next(root, { maxBytes: 0 })).status, NtStatus.NotifyEnumDir);
  bench.tell('abc');
  assert.deepEqual(namesOf(await bench.next(root)), ['abc']);
});

test('a session watches so many directories, waiting or not', async () => {
  const bench = new Bench(memory() as WritableBackend<unknown>);
  const signal = AbortSignal.abort();
  const opens = [];
  for (let i = 0; i < defaultLimits.watches; i++) {
    const open = await bench.root();
    opens.push(open);
    await bench.next(open, { signal });
  }
  const one = await bench.root();
  assert.throws(() => bench.next(one, { signal }), refused(NtStatus.InsufficientResources));
  assert.equal((await bench.next(opens[0] as typeof one, { signal })).status, NtStatus.Cancelled);
  await close(bench.core, opens[0] as typeof one);
  assert.equal((await bench.next(one, { signal })).status, NtStatus.Cancelled);
});

test('the data of a stream are told of by its name', async () => {
  const bench = new Bench(memory() as WritableBackend<unknown>);
  const root = await bench.root();
  const stream = await bench.create('f:s');
  const told = bench.next(root, { filter: CompletionFilter.StreamWrite });
  const other = await bench.root();
  const silent = bench.next(other, { filter: CompletionFilter.LastWrite });
  await write(bench.core, stream, new Uint8Array(1), 0, false);
  assert.deepEqual(namesOf(await told), ['f:s']);
  await close(bench.core, other);
  assert.equal((await silent).status, NtStatus.NotifyCleanup);
});

test('a renamed file is told of as changed to who does not watch names; a directory is not', async () => {
  const bench = new Bench(memory() as WritableBackend<unknown>);
  const plain = { shareAccess: 7, options: CreateOptions.DirectoryFile };
  const looking = { ...plain, desiredAccess: FileGeneric.Read };
  const replacing = { replace: false, posix: false, ignoreReadonly: false };
  const filter = CompletionFilter.Attributes;
  const told = bench.next(await bench.create('', looking), { filter });
  const names = bench.next(await bench.create('', looking), { filter: filter | CompletionFilter.FileName });
  const directory = await bench.create('d', { options: CreateOptions.DirectoryFile });
  await rename(bench.core, directory, 'e', replacing);
  const file = await bench.create('f');
  assert.deepEqual(namesOf(await names), ['f']);
  const renamed = bench.next([...bench.tree.opens][1] as typeof file);
  await rename(bench.core, file, 'g', replacing);
  assert.deepEqual(namesOf(await told), ['g']);
  assert.deepEqual(namesOf(await renamed), ['f', 'g']);
});
