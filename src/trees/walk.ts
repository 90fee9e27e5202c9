import { below, hostileName } from './names.js';

/** What a walk looks at of a file or directory. */
export interface Node {
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  /** Two nodes with the same text are the same file; '' where that cannot be told. */
  readonly id: string;
}

/** What a call may be given. */
export interface WalkControl {
  readonly signal?: AbortSignal | undefined;
}

/** What a walk needs of a tree. */
export interface Walkable<E extends Node = Node> {
  list(path: string, control: WalkControl): AsyncIterable<E>;
  stat(path: string, options: WalkControl & { readonly follow?: boolean }): Promise<E | undefined>;
}

/** What is wrong with something on the way. 'missing': there is no top. */
export type WalkFault = 'missing' | 'name' | 'endless';

/** A directory on the way of a walk. */
export interface WalkDirectory<E extends Node = Node> {
  readonly path: string;
  readonly depth: number;
  readonly parent: WalkDirectory<E> | undefined;
  readonly entry: E;
}

/** Something that is in a directory. */
export interface WalkEntry<E extends Node = Node> {
  readonly kind: 'entry';
  readonly path: string;
  readonly entry: E;
  readonly in: WalkDirectory<E>;
}

/** What a walk comes by. 'left': all of a directory's own entries have been told; those below may still come. */
export type WalkStep<E extends Node = Node> =
  | WalkEntry<E>
  | { readonly kind: 'entered'; readonly directory: WalkDirectory<E> }
  | { readonly kind: 'left'; readonly directory: WalkDirectory<E> };

export interface WalkOptions<E extends Node = Node> extends WalkControl {
  /** Whether to look into a directory; true when absent. */
  readonly enters?: (path: string, entry: E, parent: WalkDirectory<E>) => boolean | Promise<boolean>;
  /** Told of what cannot be listed or is no name; the walk goes on. Without it, that ends the walk. */
  readonly onError?: (path: string, error: unknown) => void;
  /** Links are followed, as far as they lead somewhere. */
  readonly follow?: boolean;
  /** Makes the error for a fault. */
  readonly fault: (fault: WalkFault, path: string, why: string) => Error;
}

/** Directories that are listed ahead, while the one before is being looked at. */
const AHEAD = 4;
/** Deeper than any path that a server takes; a tree without end ends here. */
const MAX_DEPTH = 1024;

/** A directory whose first entries have been asked for. */
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
    // Whoever leaves the walk never looks at it.
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

  /** The next entry that has a name, and that the caller wants to see through links. */
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
      // A link that leads nowhere stays a link.
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

/** Why entering a directory would have no end. */
function endlessness(entry: Node, parent: WalkDirectory): string | undefined {
  for (let above: WalkDirectory | undefined = parent; above !== undefined; above = above.parent) {
    if (entry.id !== '' && above.entry.id === entry.id)
      return `the directory contains itself: it is ${above.path || 'the top'}`;
  }
  return parent.depth + 1 < MAX_DEPTH ? undefined : `${MAX_DEPTH} directories in one another are no end`;
}

/**
 * Everything below a directory. A directory's entries come before those of the directories in it; the next directories
 * are asked for meanwhile. A directory that contains itself is told as an error and not entered again.
 */
export function walk<E extends Node>(
  tree: Walkable<E>,
  top: string,
  options: WalkOptions<E>,
): AsyncGenerator<WalkStep<E>, void, undefined> {
  return new Walk(tree, options).run(top);
}
