import { below, hostileName } from './names.js';

/** A file or directory as a walk sees it. */
export interface Node {
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  /** Identifies the file: equal IDs mean the same file. '' if unknown. */
  readonly id: string;
}

/** Options for a single call. */
export interface WalkControl {
  readonly signal?: AbortSignal | undefined;
}

/** A tree that can be walked. */
export interface Walkable<E extends Node = Node> {
  list(path: string, control: WalkControl): AsyncIterable<E>;
  stat(path: string, options: WalkControl & { readonly follow?: boolean }): Promise<E | undefined>;
}

/** What is wrong with a node. 'missing': the top does not exist. */
export type WalkFault = 'missing' | 'name' | 'endless';

/** A directory in a walk. */
export interface WalkDirectory<E extends Node = Node> {
  readonly path: string;
  readonly depth: number;
  readonly parent: WalkDirectory<E> | undefined;
  readonly entry: E;
}

/** An entry of a directory. */
export interface WalkEntry<E extends Node = Node> {
  readonly kind: 'entry';
  readonly path: string;
  readonly entry: E;
  readonly in: WalkDirectory<E>;
}

/**
 * A step of a walk. 'left': all entries of the directory have been reported; those of its subdirectories may follow.
 */
export type WalkStep<E extends Node = Node> =
  | WalkEntry<E>
  | { readonly kind: 'entered'; readonly directory: WalkDirectory<E> }
  | { readonly kind: 'left'; readonly directory: WalkDirectory<E> };

export interface WalkOptions<E extends Node = Node> extends WalkControl {
  /** Whether to enter a directory; by default, all are entered. */
  readonly enters?: (path: string, entry: E, parent: WalkDirectory<E>) => boolean | Promise<boolean>;
  /**
   * Called for directories that cannot be listed and for invalid names; the walk goes on. Without it, they end the
   * walk.
   */
  readonly onError?: (path: string, error: unknown) => void;
  /** Follows links, unless they are dangling. */
  readonly follow?: boolean;
  /** Creates the error for a fault. */
  readonly fault: (fault: WalkFault, path: string, why: string) => Error;
}

/** Directories listed ahead of the current one. */
const AHEAD = 4;
/** Deeper than any path that a server accepts; an endless tree ends here. */
const MAX_DEPTH = 1024;

/** A directory whose first entries may have been requested. */
class Listing<E extends Node> {
  readonly directory: WalkDirectory<E>;
  readonly #entries: AsyncIterator<E>;
  #first: Promise<IteratorResult<E>> | undefined;

  constructor(tree: Walkable<E>, directory: WalkDirectory<E>, control: WalkControl) {
    this.directory = directory;
    this.#entries = tree.list(directory.path, control)[Symbol.asyncIterator]();
  }

  start(): void {
    this.#first ??= this.#entries.next();
    // Not awaited if the caller leaves the walk.
    this.#first.catch(() => undefined);
  }

  next(): Promise<IteratorResult<E>> {
    const first = this.#first ?? this.#entries.next();
    this.#first = undefined;
    return first;
  }

  async end(): Promise<void> {
    await this.#first?.catch(() => undefined);
    await this.#entries.return?.();
  }
}

class Walk<E extends Node> {
  readonly #tree: Walkable<E>;
  readonly #options: WalkOptions<E>;
  readonly #control: WalkControl;
  readonly #waiting: Listing<E>[] = [];
  #current: Listing<E> | undefined;

  constructor(tree: Walkable<E>, options: WalkOptions<E>) {
    this.#tree = tree;
    this.#options = options;
    this.#control = { signal: options.signal };
  }

  async *run(top: string): AsyncGenerator<WalkStep<E>, void, undefined> {
    const { signal } = this.#control;
    const entry = await this.#tree.stat(top, { signal, follow: true });
    if (!entry) throw this.#options.fault('missing', top, 'is not there');
    this.#waiting.push(this.#listing({ path: top, depth: 0, parent: undefined, entry }));
    try {
      while (this.#next()) {
        signal?.throwIfAborted();
        yield* this.#directory(this.#current as Listing<E>);
      }
    } finally {
      await this.#current?.end();
      for (const listing of this.#waiting) await listing.end();
    }
  }

  #next(): boolean {
    this.#current = this.#waiting.pop();
    return this.#current !== undefined;
  }

  #listing(directory: WalkDirectory<E>): Listing<E> {
    return new Listing(this.#tree, directory, this.#control);
  }

  async *#directory(listing: Listing<E>): AsyncGenerator<WalkStep<E>, void, undefined> {
    const { directory } = listing;
    const found: Listing<E>[] = [];
    yield { kind: 'entered', directory };
    for (let entry = await this.#entry(listing); entry !== undefined; entry = await this.#entry(listing)) {
      const path = below(directory.path, entry.name);
      yield { kind: 'entry', path, entry, in: directory };
      if (entry.kind === 'directory' && (await this.#enters(path, entry, directory))) {
        found.push(this.#listing({ path, depth: directory.depth + 1, parent: directory, entry }));
      }
    }
    this.#waiting.push(...found.reverse());
    for (const next of this.#waiting.slice(-AHEAD)) next.start();
    yield { kind: 'left', directory };
  }

  /** The next entry with a valid name, with links followed if the caller wants that. */
  async #entry(listing: Listing<E>): Promise<E | undefined> {
    for (;;) {
      const next = await this.#nextOf(listing);
      if (next === undefined) return undefined;
      const path = below(listing.directory.path, next.name);
      const fault = hostileName(next.name);
      if (fault !== undefined) {
        this.#failed(path, this.#options.fault('name', path, `${JSON.stringify(next.name)}: ${fault}`));
        continue;
      }
      if (!this.#options.follow || next.kind !== 'link') return next;
      const entry = await this.#followed(path, next);
      if (entry !== undefined) return entry;
    }
  }

  async #nextOf(listing: Listing<E>): Promise<E | undefined> {
    try {
      const { done, value } = await listing.next();
      return done ? undefined : value;
    } catch (error) {
      this.#failed(listing.directory.path, error);
      return undefined;
    }
  }

  #failed(path: string, error: unknown): void {
    if (!this.#options.onError || this.#control.signal?.aborted) throw error;
    this.#options.onError(path, error);
  }

  async #followed(path: string, link: E): Promise<E | undefined> {
    try {
      const target = await this.#tree.stat(path, { ...this.#control, follow: true });
      // A dangling link stays a link.
      return target === undefined ? link : { ...target, name: link.name };
    } catch (error) {
      this.#failed(path, error);
      return undefined;
    }
  }

  async #enters(path: string, entry: E, parent: WalkDirectory<E>): Promise<boolean> {
    const fault = endlessness(entry, parent);
    if (fault !== undefined) {
      this.#failed(path, this.#options.fault('endless', path, fault));
      return false;
    }
    return (await this.#options.enters?.(path, entry, parent)) ?? true;
  }
}

/** Why entering a directory would never end; undefined if it would. */
function endlessness(entry: Node, parent: WalkDirectory): string | undefined {
  for (let above: WalkDirectory | undefined = parent; above !== undefined; above = above.parent) {
    if (entry.id !== '' && above.entry.id === entry.id)
      return `the directory contains itself: it is ${above.path || 'the top'}`;
  }
  return parent.depth + 1 < MAX_DEPTH ? undefined : `${MAX_DEPTH} directories in one another are no end`;
}

/**
 * Everything below a directory. A directory's entries come before those of its subdirectories, which are requested
 * meanwhile. A directory that contains itself is reported as an error and not entered.
 */
export function walk<E extends Node>(
  tree: Walkable<E>,
  top: string,
  options: WalkOptions<E>,
): AsyncGenerator<WalkStep<E>, void, undefined> {
  return new Walk(tree, options).run(top);
}
