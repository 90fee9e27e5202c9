import { type Dots, LINKED, leadsAway } from './dots.js';
import { inLanes, Queue } from './lanes.js';
import { below } from './names.js';
import { type Node, type Walkable, type WalkControl, type WalkDirectory, type WalkFault, walk } from './walk.js';

const PARALLEL = 16;
const AHEAD = 10_000;
/** A listing may miss entries while others are being deleted, so it is repeated this often. */
const ROUNDS = 5;

/** A node as a removal sees it. */
export interface RemovableNode extends Node {
  /** IDs of its directory and that one's parent, if known. */
  readonly dots?: Dots | undefined;
}

/** A tree from which nodes can be removed. */
export interface Removable<E extends RemovableNode = RemovableNode> extends Walkable<E> {
  /** Removes a file, a link, or an empty directory. */
  remove(path: string, directory: boolean, control: WalkControl): Promise<void>;
  /** Whether a directory is a link that the server follows itself without saying so. */
  isFollowedLink?(path: string, control: WalkControl): Promise<boolean>;
}

/** What is reported while a tree is removed. */
export type RemoveEvent =
  | { readonly kind: 'removed'; readonly path: string; readonly directory: boolean }
  | { readonly kind: 'failed'; readonly path: string; readonly error: unknown };

export interface RemoveOptions extends WalkControl {
  /** Concurrent removals; 16 by default. */
  readonly parallel?: number | undefined;
  readonly onEvent?: ((event: RemoveEvent) => void) | undefined;
  /** Node's code for an error, such as `ENOENT`. */
  readonly codeOf: (error: unknown) => string | undefined;
  /** Whether an error ends the whole removal. */
  readonly isFatal: (error: unknown) => boolean;
  /** Creates the errors of the walk, and the one for a link that the server has followed. */
  readonly fault: (fault: WalkFault | 'linked', path: string, why: string) => Error;
}

export interface RemoveResult {
  readonly files: number;
  readonly directories: number;
  readonly failed: number;
}

interface Branch {
  readonly path: string;
  readonly parent: Branch | undefined;
  pending: number;
  failed: boolean;
  /** As reported with its first entry. */
  dots: Dots | undefined;
  /** A link that the server has followed: its contents must not be removed. */
  away: boolean;
}

class TreeRemoval<E extends RemovableNode> {
  readonly #tree: Removable<E>;
  readonly #top: string;
  readonly #options: RemoveOptions;
  readonly #control: WalkControl;
  readonly #stop = new AbortController();
  readonly #queue = new Queue<{ path: string; branch: Branch }>(AHEAD);
  readonly #branches = new WeakMap<WalkDirectory<E>, Branch>();
  readonly #counts = { files: 0, directories: 0, failed: 0 };

  constructor(tree: Removable<E>, top: string, options: RemoveOptions) {
    const { signal } = options;
    this.#tree = tree;
    this.#top = top;
    this.#options = options;
    this.#control = { signal: signal ? AbortSignal.any([signal, this.#stop.signal]) : this.#stop.signal };
  }

  async run(): Promise<RemoveResult> {
    if (await this.#tree.isFollowedLink?.(this.#top, this.#control)) {
      this.#fail(this.#top, this.#linked(this.#top), undefined);
      return { ...this.#counts };
    }
    const lanes = inLanes(this.#options.parallel ?? PARALLEL, async () => {
      for (let next = await this.#queue.take(); next !== undefined; next = await this.#queue.take()) {
        await this.#one(next.path, next.branch);
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
      this.#queue.end(true);
      if (!this.#stop.signal.aborted) this.#stop.abort(error);
      await lanes.catch(() => undefined);
      this.#options.signal?.throwIfAborted();
      throw this.#stop.signal.reason;
    }
    return { ...this.#counts };
  }

  async #find(): Promise<void> {
    const { fault } = this.#options;
    const onError = (path: string, error: unknown): void => this.#fail(path, error, undefined);
    const enters = (path: string, _entry: E, parent: WalkDirectory<E>): Promise<boolean> =>
      this.#enters(path, this.#branchOf(parent));
    for await (const step of walk(this.#tree, this.#top, { ...this.#control, onError, enters, fault })) {
      if (step.kind === 'left') await this.#release(this.#branchOf(step.directory));
      if (step.kind !== 'entry') continue;
      const branch = this.#branchOf(step.in);
      if (this.#isAway(branch, step.entry)) continue;
      // Directories count, too, until they are gone.
      branch.pending++;
      if (step.entry.kind !== 'directory') await this.#queue.push({ path: step.path, branch });
    }
  }

  /** Tries to remove a directory right away: that works if it is empty, or a link that was not reported as one. */
  async #enters(path: string, parent: Branch): Promise<boolean> {
    if (parent.away) return false;
    try {
      await this.#tree.remove(path, true, this.#control);
      this.#gone(path, true);
    } catch (error) {
      const code = this.#options.codeOf(error);
      if (code === 'ENOTEMPTY') return true;
      // A link to an empty directory, which the server follows.
      if (code === 'ENOTDIR') await this.#one(path, parent);
      else if (code !== 'ENOENT') this.#fail(path, error, parent);
    }
    await this.#release(parent);
    return false;
  }

  #gone(path: string, directory: boolean): void {
    if (directory) this.#counts.directories++;
    else this.#counts.files++;
    this.#options.onEvent?.({ kind: 'removed', path, directory });
  }

  #isAway(branch: Branch, { dots }: E): boolean {
    if (branch.dots === undefined && leadsAway(branch.parent?.dots, dots)) {
      branch.away = true;
      this.#fail(branch.path, this.#linked(branch.path), branch);
    }
    branch.dots ??= dots;
    return branch.away;
  }

  #linked(path: string): Error {
    return this.#options.fault('linked', path, LINKED);
  }

  #branchOf(directory: WalkDirectory<E>): Branch {
    const known = this.#branches.get(directory);
    if (known) return known;
    const parent = directory.parent && this.#branchOf(directory.parent);
    const branch = { path: directory.path, parent, pending: 1, failed: false, dots: undefined, away: false };
    this.#branches.set(directory, branch);
    return branch;
  }

  async #release(branch: Branch): Promise<void> {
    for (let done: Branch | undefined = branch; done !== undefined && --done.pending === 0; done = done.parent) {
      if (done.failed) {
        if (done.parent) done.parent.failed = true;
      } else await this.#directory(done);
    }
  }

  async #one(path: string, branch: Branch): Promise<void> {
    try {
      await this.#removeOne(path);
      this.#gone(path, false);
    } catch (error) {
      this.#fail(path, error, branch);
    }
  }

  async #directory({ path, parent }: Branch): Promise<void> {
    try {
      await this.#removeDirectory(path);
      this.#gone(path, true);
    } catch (error) {
      this.#fail(path, error, parent);
    }
  }

  async #removeOne(path: string): Promise<void> {
    try {
      await this.#tree.remove(path, false, this.#control);
    } catch (error) {
      const code = this.#options.codeOf(error);
      // Already removed, by others or by an earlier request whose answer was lost.
      if (code === 'ENOENT') return;
      if (code !== 'EISDIR') throw error;
      // To SMB, a link to a directory is itself a directory.
      await this.#tree.remove(path, true, this.#control);
    }
  }

  async #removeDirectory(path: string): Promise<void> {
    for (let round = 1; ; round++) {
      try {
        return await this.#tree.remove(path, true, this.#control);
      } catch (error) {
        const code = this.#options.codeOf(error);
        if (code === 'ENOENT') return;
        if (code === 'ENOTDIR') return await this.#tree.remove(path, false, this.#control);
        if (round === ROUNDS || code !== 'ENOTEMPTY') throw error;
        await this.#again(path);
      }
    }
  }

  async #again(path: string): Promise<void> {
    for await (const { name, kind } of this.#tree.list(path, this.#control)) {
      if (kind !== 'directory') await this.#removeOne(below(path, name));
    }
  }

  #fail(path: string, error: unknown, branch: Branch | undefined): void {
    if (this.#control.signal?.aborted) throw error;
    if (this.#options.isFatal(error)) {
      this.#stop.abort(error);
      throw error;
    }
    if (branch) branch.failed = true;
    this.#counts.failed++;
    this.#options.onEvent?.({ kind: 'failed', path, error });
  }
}

/**
 * Removes a directory tree; links themselves are removed, not what they lead to. A failure is reported to `onEvent` and
 * counted, and the rest is still removed, unless the error is fatal.
 */
export function removeTree<E extends RemovableNode>(
  tree: Removable<E>,
  top: string,
  options: RemoveOptions,
): Promise<RemoveResult> {
  return new TreeRemoval(tree, top, options).run();
}
