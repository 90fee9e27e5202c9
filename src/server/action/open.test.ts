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
import { CompletionFilter } from '#wire/fscc/notify.js';
import { Encoder } from '#wire/io/encoder.js';
import { CreateDisposition, CreateOptions } from '#wire/smb2/command/create.js';
import type { ServerCore } from '../core.js';
import { defaultLimits } from '../limits.js';
import { Notifier } from '../notifier.js';
import { Session } from '../state/session.js';
import { ShareTable } from '../state/share.js';
import type { Tree } from '../state/tree.js';
import { close } from './close.js';
import { type CreateFacts, create } from './create.js';
import { FileTimes } from './file-times.js';
import { NameTunnel } from './name-tunnel.js';
import { queryDirectory } from './query-directory.js';
import { watch } from './watch.js';

const EVERYTHING = 0xfff;
const refused = (status: number) => (error: unknown) => error instanceof StatusError && error.status === status;

/** A user with a tree connect to a share of his own. */
class Bench {
  readonly core: ServerCore;
  readonly shares = new ShareTable();
  readonly tree: Tree;

  constructor(backend: WritableBackend<unknown>) {
    const coordinator = new MemoryCoordinator();
    const notifier = new Notifier(coordinator, systemClock);
    this.core = {
      coordinator,
      notifier,
      times: new FileTimes(systemClock, 0),
      tunnel: new NameTunnel(systemClock),
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

  next(open: Parameters<typeof watch>[1], signal = new AbortController().signal) {
    const filter = CompletionFilter.FileName;
    return watch(this.core, open, { filter, recursive: false, maxBytes: EVERYTHING, signal });
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
