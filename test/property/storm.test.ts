import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Identity } from '#auth/mechanism.js';
import type { MemoryOpens } from '#coord/memory/opens.js';
import type { Backend, DirectoryEntry } from '#fs/backend.js';
import { memory } from '#fs/memory/memory.js';
import { close, closeSession, closeTree } from '#server/action/close.js';
import { create } from '#server/action/create.js';
import { setEas } from '#server/action/eas.js';
import { queryDirectory } from '#server/action/query-directory.js';
import { setBasic } from '#server/action/set-info/basic.js';
import { setDisposition } from '#server/action/set-info/disposition.js';
import { setLink } from '#server/action/set-info/link.js';
import { rename } from '#server/action/set-info/rename.js';
import { setAllocation, setEndOfFile } from '#server/action/set-info/size.js';
import { write } from '#server/action/write.js';
import { defaultLimits } from '#server/limits.js';
import type { DiskOpen } from '#server/state/open.js';
import { Session } from '#server/state/session.js';
import type { Tree } from '#server/state/tree.js';
import { FsctlBench } from '#testing/fsctl-bench.js';
import { FileAccess, FileGeneric } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileBasicInformation } from '#wire/fscc/file-info/basic.js';
import { FullEaEntry } from '#wire/fscc/file-info/full-ea.js';
import { CreateOptions } from '#wire/smb2/command/create.js';

type Method = (...args: unknown[]) => unknown;
const OPENING = new Set(['open', 'create']);
const CAPABILITIES = new Set(['streams', 'eas', 'descriptors', 'extents']);
const ANSWERS = 8;

/** A backend that responds late and sometimes with errors; it knows which of its handles are open. */
class Moody {
  readonly plain = memory();
  readonly handles = new Set<unknown>();
  readonly backend: Backend = this.#moody(this.plain) as Backend;
  failures: number;
  #seed: number;

  constructor(seed: number, failures: number) {
    this.#seed = seed;
    this.failures = failures;
  }

  below(limit: number): number {
    this.#seed = (Math.imul(this.#seed, 1_103_515_245) + 12_345) >>> 0;
    return (this.#seed >>> 8) % limit;
  }

  async later(): Promise<void> {
    for (let turns = this.below(ANSWERS); turns > 0; turns--) await null;
  }

  #moody(object: object): object {
    return new Proxy(object, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value !== 'function') return CAPABILITIES.has(String(key)) ? this.#moody(value as object) : value;
        if (key === 'watch' || key === 'pathOf' || key === 'space') return value.bind(target);
        const method = value.bind(target) as Method;
        if (key === 'list' && target === this.plain) return (handle: unknown) => this.#list(method, handle);
        return (...args: unknown[]) => this.#call(String(key), method, args);
      },
    });
  }

  async *#list(list: Method, handle: unknown): AsyncGenerator<readonly DirectoryEntry[]> {
    for await (const batch of list(handle) as AsyncIterable<readonly DirectoryEntry[]>) {
      await this.later();
      yield batch;
    }
  }

  async #call(key: string, method: Method, args: unknown[]): Promise<unknown> {
    if (key === 'close') {
      assert.ok(this.handles.delete(args[0]), 'a handle is closed once');
      return method(...args);
    }
    await this.later();
    if (this.below(100) < this.failures) throw new StatusError(NtStatus.IoDeviceError);
    const result = method(...args);
    if (OPENING.has(key)) this.handles.add((result as { handle: unknown }).handle);
    await this.later();
    return result;
  }
}

const identity = { account: 'ann', domain: '', kind: 'user', workstation: '' } as unknown as Identity;
const NAMES = ['a', 'A', 'b', 'dir', 'dir\\a', 'dir\\b', 'a:s', 'b:s', 'dir:s'];
const PLACES = ['a', 'b', 'dir', 'dir\\a', 'dir2', ':t'];

const step = fc.record({
  what: fc.constantFrom(
    ...['create', 'create', 'create', 'create', 'create', 'delete', 'rename', 'rename', 'link', 'basic', 'write'],
    ...['size', 'allocation', 'eas', 'list', 'close', 'close', 'close', 'closeTree', 'settle'],
  ),
  who: fc.nat(2),
  name: fc.constantFrom(...NAMES),
  place: fc.constantFrom(...PLACES),
  disposition: fc.nat(5),
  options: fc.constantFrom(0, 0, 0, CreateOptions.DirectoryFile, CreateOptions.DeleteOnClose),
  share: fc.constantFrom(7, 7, 7, 7, 3, 1, 0),
  flag: fc.boolean(),
  which: fc.nat(),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

class Storm extends FsctlBench {
  readonly moody: Moody;
  readonly sessions: Session[];
  readonly trees: Tree[];
  readonly #under: Promise<unknown>[] = [];

  constructor(moody: Moody) {
    super(moody.backend);
    this.moody = moody;
    const share = this.tree.share;
    this.sessions = [0, 1, 2].map((i) => new Session(String(i), identity, defaultLimits));
    this.trees = this.sessions.map((session) => session.connectTree(this.shares, share));
  }

  get opens(): MemoryOpens {
    return this.core.coordinator.opens as MemoryOpens;
  }

  async step(step: Step): Promise<void> {
    if (step.what === 'settle') return this.settle();
    const done = this.#act(step).catch((error: unknown) => {
      if (!(error instanceof StatusError)) throw error;
    });
    this.#under.push(done);
    await this.moody.later();
  }

  async settle(): Promise<void> {
    await Promise.all(this.#under.splice(0));
  }

  async #act(step: Step): Promise<void> {
    const { core } = this;
    const session = this.sessions[step.who] as Session;
    const tree = this.trees[step.who] as Tree;
    if (step.what === 'create') return this.#create(tree, step);
    if (step.what === 'closeTree') {
      if (!step.flag) return;
      this.trees[step.who] = session.connectTree(this.shares, tree.share);
      return closeTree(core, tree);
    }
    const opens = [...session.opens.values()] as DiskOpen[];
    const open = opens[step.which % Math.max(1, opens.length)];
    if (open === undefined) return;
    switch (step.what) {
      case 'delete':
        return setDisposition(core, open, step.flag);
      case 'rename':
        return rename(core, open, step.place, { replace: step.flag });
      case 'link':
        return setLink(core, open, { fileName: step.place, rootDirectory: 0n }, { replace: step.flag });
      case 'basic':
        return setBasic(core, open, Object.assign(new FileBasicInformation(), { lastWriteTime: 1n << 56n }));
      case 'write':
        return write(core, open, new Uint8Array(10), 0, step.flag);
      case 'size':
        return setEndOfFile(core, open, 5);
      case 'allocation':
        return setAllocation(core, open, 4096);
      case 'eas':
        return setEas(core, open, core.encoder.encode(FullEaEntry.of('X', new Uint8Array(1))).slice());
      case 'list':
        await queryDirectory(core, open, {
          ...{ infoClass: 1, pattern: '*', reopen: step.flag, restart: false, single: true, maxBytes: 1000 },
        });
        return;
      default:
        return close(core, open);
    }
  }

  async #create(tree: Tree, { name, disposition, options, share, flag }: Step): Promise<void> {
    await create(this.core, tree, {
      name,
      desiredAccess: flag ? FileGeneric.All : FileAccess.MaximumAllowed,
      shareAccess: share,
      disposition,
      options,
      attributes: 0,
      allocationSize: flag ? 100 : 0,
      eas: flag ? [{ name: 'Y', flags: 0, value: new Uint8Array(3) }] : [],
    });
  }

  /** Every open must be for the file at its path, unless that is being deleted. */
  checkPaths(): void {
    for (const claim of this.opens.list()) {
      if (this.opens.isDeletePending(claim)) continue;
      const there = this.moody.plain.open(claim.path, { read: false, write: false });
      assert.ok(!(there instanceof Promise));
      void this.moody.plain.close(there.handle);
      assert.equal(there.info.id, claim.file, claim.path);
    }
  }

  async end(): Promise<void> {
    await this.settle();
    await Promise.all(this.sessions.map((session) => closeSession(this.core, session)));
    assert.deepEqual(this.opens.list(), [], 'claims');
    assert.equal(this.moody.handles.size, 0, 'handles');
    for (const session of this.sessions) assert.equal(session.opens.size, 0, 'opens');
  }
}

const steps = fc.array(step, { minLength: 5, maxLength: 60 });

test('whatever fails, and whenever: in the end nothing is open and nobody holds anything', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), steps, async (seed, all) => {
      const storm = new Storm(new Moody(seed, 15));
      for (const one of all) await storm.step(one);
      await storm.end();
    }),
    { numRuns: 400 },
  );
});

test('however opens, renames and deletions meet, an open is of what its path names', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), steps, async (seed, all) => {
      const storm = new Storm(new Moody(seed, 0));
      for (const one of all) {
        await storm.step(one);
        if (one.what !== 'settle') continue;
        storm.checkPaths();
      }
      await storm.settle();
      storm.checkPaths();
      await storm.end();
    }),
    { numRuns: 400 },
  );
});
