import { type Dots, errnoCode, leadsAway } from '#client/index.js';
import { inLanes, Queue } from '#trees/lanes.js';
import { isFatal, linkedDirectory } from './errors.js';
import type { FileTree, TreeControl, TreeEntry } from './tree.js';
import { type WalkDirectory, walk } from './walk.js';

const PARALLEL = 16;
const AHEAD = 10_000;
/** A listing may miss what is there while others are deleted from under it: it is read again. */
const ROUNDS = 5;

/** What is told while a tree is removed. */
export type RemoveEvent =
  | { readonly kind: 'removed'; readonly path: string; readonly directory: boolean }
  | { readonly kind: 'failed'; readonly path: string; readonly error: unknown };

export interface RemoveOptions {
  readonly signal?: AbortSignal;
  /** Files under way at a time; 16 when absent. */
  readonly parallel?: number;
  readonly onEvent?: (event: RemoveEvent) => void;
}

export interface RemoveResult {
  readonly files: number;
  readonly directories: number;
  readonly failed: number;
}

interface Branch {
  readonly directory: WalkDirectory;
  readonly parent: Branch | undefined;
  pending: number;
  failed: boolean;
  /** As its first entry tells of it. */
  dots: Dots | undefined;
  /** It is a link that the server has followed: what is there is not to be removed. */
  away: boolean;
}

class TreeRemoval {
  readonly #tree: FileTree;
  readonly #options: RemoveOptions;
  readonly #control: TreeControl;
  readonly #stop = new AbortController();
  readonly #queue = new Queue<{ path: string; branch: Branch }>(AHEAD);
  readonly #branches = new WeakMap<WalkDirectory, Branch>();
  readonly #counts = { files: 0, directories: 0, failed: 0 };

  constructor(tree: FileTree, options: RemoveOptions) {
    const { signal } = options;
    this.#tree = tree;
    this.#options = options;
    this.#control = { signal: signal ? AbortSignal.any([signal, this.#stop.signal]) : this.#stop.signal };
  }

  async run(): Promise<RemoveResult> {
    const lanes = inLanes(this.#options.parallel ?? PARALLEL, async () => {
      for (let next = await this.#queue.take(); next !== undefined; next = await this.#queue.take()) {
        await this.#one(next.path, false, next.branch);
        await this.#release(next.branch);
      }
    });
    lanes.catch(() => undefined);
    this.#control.signal?.addEventListener('abort', () => this.#queue.end(true), { once: true });
    try {
      await this.#find();
      this.#queue.end();
      await lanes;
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#stop.abort(error);
      await lanes.catch(() => undefined);
      this.#options.signal?.throwIfAborted();
      throw this.#stop.signal.reason;
    }
    return { ...this.#counts };
  }

  async #find(): Promise<void> {
    const onError = (path: string, error: unknown): void => this.#fail(path, error, undefined);
    const enters = (_path: string, _entry: TreeEntry, parent: WalkDirectory): boolean => !this.#branchOf(parent).away;
    for await (const step of walk(this.#tree, '', { ...this.#control, onError, enters })) {
      if (step.kind === 'left') await this.#release(this.#branchOf(step.directory));
      if (step.kind !== 'entry') continue;
      const branch = this.#branchOf(step.in);
      if (this.#isAway(branch, step.entry)) continue;
      // A directory counts, too, until it has gone.
      branch.pending++;
      if (step.entry.kind !== 'directory') await this.#queue.push({ path: step.path, branch });
    }
  }

  #isAway(branch: Branch, { dots }: TreeEntry): boolean {
    if (branch.dots === undefined && leadsAway(branch.parent?.dots, dots)) {
      branch.away = true;
      this.#fail(branch.directory.path, linkedDirectory(), branch);
    }
    branch.dots ??= dots;
    return branch.away;
  }

  #branchOf(directory: WalkDirectory): Branch {
    const known = this.#branches.get(directory);
    if (known) return known;
    const parent = directory.parent && this.#branchOf(directory.parent);
    const branch = { directory, parent, pending: 1, failed: false, dots: undefined, away: false };
    this.#branches.set(directory, branch);
    return branch;
  }

  async #release(branch: Branch): Promise<void> {
    for (let done: Branch | undefined = branch; done !== undefined && --done.pending === 0; done = done.parent) {
      if (done.failed) {
        if (done.parent) done.parent.failed = true;
      } else await this.#one(done.directory.path, true, done);
    }
  }

  async #one(path: string, directory: boolean, branch: Branch): Promise<void> {
    try {
      await this.#remove(path, directory);
      if (directory) this.#counts.directories++;
      else this.#counts.files++;
      this.#options.onEvent?.({ kind: 'removed', path: this.#tree.show(path), directory });
    } catch (error) {
      this.#fail(path, error, directory ? branch.parent : branch);
    }
  }

  async #remove(path: string, directory: boolean): Promise<void> {
    for (let round = 1; ; round++) {
      try {
        return await this.#tree.remove(path, directory, this.#control);
      } catch (error) {
        if (codeOf(error) === 'ENOENT' && round > 1) return;
        if (!directory || round === ROUNDS || codeOf(error) !== 'ENOTEMPTY') throw error;
        await this.#again(path);
      }
    }
  }

  async #again(path: string): Promise<void> {
    for await (const { name, kind } of this.#tree.list(path, this.#control)) {
      if (kind !== 'directory')
        await this.#tree.remove(`${path === '' ? '' : `${path}/`}${name}`, false, this.#control);
    }
  }

  #fail(path: string, error: unknown, branch: Branch | undefined): void {
    if (this.#control.signal?.aborted) throw error;
    if (isFatal(error)) {
      this.#stop.abort(error);
      throw error;
    }
    if (branch) branch.failed = true;
    this.#counts.failed++;
    this.#options.onEvent?.({ kind: 'failed', path: this.#tree.show(path), error });
  }
}

function codeOf(error: unknown): string | undefined {
  return errnoCode(error) ?? (error as NodeJS.ErrnoException | undefined)?.code;
}

/**
 * Removes a directory with all that is in it, links themselves and not what they lead to. What cannot be removed is told
 * to `onEvent` and counted; the rest goes.
 */
export function removeTree(tree: FileTree, options: RemoveOptions = {}): Promise<RemoveResult> {
  return new TreeRemoval(tree, options).run();
}
