import { TransferError } from './errors.js';
import { hostileName } from './names.js';
import { type FileTree, join, type TreeControl, type TreeEntry } from './tree.js';

/** A directory on the way of a walk. */
export interface WalkDirectory {
  readonly path: string;
  readonly depth: number;
  readonly parent: WalkDirectory | undefined;
  readonly entry: TreeEntry;
}

/** Something that is in a directory. */
export interface WalkEntry {
  readonly kind: 'entry';
  readonly path: string;
  readonly entry: TreeEntry;
  readonly in: WalkDirectory;
}

/** What a walk comes by. 'left': all of a directory's own entries have been told; those below may still come. */
export type WalkStep =
  | WalkEntry
  | { readonly kind: 'entered'; readonly directory: WalkDirectory }
  | { readonly kind: 'left'; readonly directory: WalkDirectory };

export interface WalkOptions extends TreeControl {
  /** Whether to look into a directory; true when absent. */
  readonly enters?: (path: string, entry: TreeEntry, parent: WalkDirectory) => boolean | Promise<boolean>;
  /** Told of what cannot be listed or is no name; the walk goes on. Without it, that ends the walk. */
  readonly onError?: (path: string, error: unknown) => void;
  /** Links are followed, as far as they lead somewhere. */
  readonly follow?: boolean;
}

/** Directories that are listed ahead, while the one before is being looked at. */
const AHEAD = 4;
/** Deeper than any path that a server takes; a tree without end ends here. */
const MAX_DEPTH = 1024;

/** A directory whose first entries have been asked for. */
class Listing {
  readonly directory: WalkDirectory;
  readonly #entries: AsyncIterator<TreeEntry>;
  #first: Promise<IteratorResult<TreeEntry>> | undefined;

  constructor(tree: FileTree, directory: WalkDirectory, control: TreeControl) {
    this.directory = directory;
    this.#entries = tree.list(directory.path, control)[Symbol.asyncIterator]();
  }

  start(): void {
    this.#first ??= this.#entries.next();
    // Whoever leaves the walk never looks at it.
    this.#first.catch(() => undefined);
  }

  next(): Promise<IteratorResult<TreeEntry>> {
    const first = this.#first ?? this.#entries.next();
    this.#first = undefined;
    return first;
  }

  async end(): Promise<void> {
    await this.#first?.catch(() => undefined);
    await this.#entries.return?.();
  }
}

class Walk {
  readonly #tree: FileTree;
  readonly #options: WalkOptions;
  readonly #control: TreeControl;
  readonly #waiting: Listing[] = [];
  #current: Listing | undefined;

  constructor(tree: FileTree, options: WalkOptions) {
    this.#tree = tree;
    this.#options = options;
    this.#control = { signal: options.signal };
  }

  async *run(top: string): AsyncGenerator<WalkStep, void, undefined> {
    const { signal } = this.#control;
    const entry = await this.#tree.stat(top, { signal, follow: true });
    if (!entry) throw new TransferError('TRANSFER_KIND', `${this.#tree.show(top)} is not there`);
    this.#waiting.push(this.#listing({ path: top, depth: 0, parent: undefined, entry }));
    try {
      while (this.#next()) {
        signal?.throwIfAborted();
        yield* this.#directory(this.#current as Listing);
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

  #listing(directory: WalkDirectory): Listing {
    return new Listing(this.#tree, directory, this.#control);
  }

  async *#directory(listing: Listing): AsyncGenerator<WalkStep, void, undefined> {
    const { directory } = listing;
    const found: Listing[] = [];
    yield { kind: 'entered', directory };
    for (let entry = await this.#entry(listing); entry !== undefined; entry = await this.#entry(listing)) {
      const path = join(directory.path, entry.name);
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
  async #entry(listing: Listing): Promise<TreeEntry | undefined> {
    for (;;) {
      const next = await this.#nextOf(listing);
      if (next === undefined) return undefined;
      const path = join(listing.directory.path, next.name);
      const fault = hostileName(next.name);
      if (fault !== undefined) {
        this.#failed(path, new TransferError('TRANSFER_BAD_NAME', `${JSON.stringify(next.name)}: ${fault}`));
        continue;
      }
      if (!this.#options.follow || next.kind !== 'link') return next;
      const entry = await this.#followed(path, next);
      if (entry !== undefined) return entry;
    }
  }

  async #nextOf(listing: Listing): Promise<TreeEntry | undefined> {
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

  async #followed(path: string, link: TreeEntry): Promise<TreeEntry | undefined> {
    try {
      const target = await this.#tree.stat(path, { ...this.#control, follow: true });
      // A link that leads nowhere stays a link.
      return target === undefined ? link : { ...target, name: link.name };
    } catch (error) {
      this.#failed(path, error);
      return undefined;
    }
  }

  async #enters(path: string, entry: TreeEntry, parent: WalkDirectory): Promise<boolean> {
    const fault = endlessness(entry, parent);
    if (fault !== undefined) {
      this.#failed(path, new TransferError('TRANSFER_CYCLE', fault));
      return false;
    }
    return (await this.#options.enters?.(path, entry, parent)) ?? true;
  }
}

/** Why entering a directory would have no end. */
function endlessness(entry: TreeEntry, parent: WalkDirectory): string | undefined {
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
export function walk(
  tree: FileTree,
  top: string = '',
  options: WalkOptions = {},
): AsyncGenerator<WalkStep, void, undefined> {
  return new Walk(tree, options).run(top);
}
