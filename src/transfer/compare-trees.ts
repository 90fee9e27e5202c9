import { StatusError } from '#client/index.js';
import { hostileName, below as join } from '#trees/names.js';
import { Buffers } from './buffers.js';
import { compareData } from './copy-data.js';
import { looksSame } from './copy-file.js';
import { isFatal, TransferError } from './errors.js';
import { type Filter, filterOf } from './filter.js';
import { type FileTree, folded, type TreeControl, type TreeEntry } from './tree.js';

/** One difference between the two sides. */
export interface Difference {
  readonly path: string;
  readonly what: 'only-left' | 'only-right' | 'kind' | 'size' | 'time' | 'content' | 'error';
  readonly left?: TreeEntry | undefined;
  readonly right?: TreeEntry | undefined;
  readonly error?: unknown;
}

export interface CompareOptions {
  readonly signal?: AbortSignal;
  readonly filter?: Filter;
  /** Compares byte by byte; otherwise by size and time. */
  readonly content?: boolean;
  /** Whether times count; true by default. Ignored with `content`. */
  readonly times?: boolean;
  /** Files compared at a time; 16 by default. */
  readonly parallel?: number;
  /** Called with the number of files compared so far and their total size in bytes. */
  readonly onProgress?: (files: number, bytes: number) => void;
}

const PARALLEL = 16;

/** Paths of an entry on each side: names may differ in case. For a side that lacks it, where it would be. */
interface Places {
  readonly left: string;
  readonly right: string;
}

interface Pair {
  readonly places: Places;
  readonly left: TreeEntry | undefined;
  readonly right: TreeEntry | undefined;
}

type Entries = ReadonlyMap<string, TreeEntry>;

/** Pairs entries by name, or else by a name that differs only in case. Sorted. */
function paired(
  left: Entries,
  right: Entries,
): (readonly [left: TreeEntry | undefined, right: TreeEntry | undefined])[] {
  const rest = [...right.values()].filter(({ name }) => !left.has(name));
  const byFold = new Map(rest.map((entry) => [folded(entry.name), entry]));
  const pairs = Array.from(left.values(), (entry) => {
    const other = right.get(entry.name) ?? byFold.get(folded(entry.name));
    if (other && other.name !== entry.name) byFold.delete(folded(entry.name));
    return [entry, other] as const;
  });
  const met = new Set(pairs.map(([, other]) => other));
  const lonely = rest.filter((entry) => !met.has(entry)).map((entry) => [undefined, entry] as const);
  const keyOf = ([a, b]: (typeof pairs)[number] | (typeof lonely)[number]): string => folded((a ?? b)?.name ?? '');
  return [...pairs, ...lonely].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

class Comparison {
  readonly #left: FileTree;
  readonly #right: FileTree;
  readonly #options: CompareOptions;
  readonly #filter: Filter;
  readonly #control: TreeControl;
  readonly #buffers = new Buffers();
  #files = 0;
  #bytes = 0;

  constructor(left: FileTree, right: FileTree, options: CompareOptions) {
    this.#left = left;
    this.#right = right;
    this.#options = options;
    this.#filter = options.filter ?? filterOf();
    this.#control = { signal: options.signal };
  }

  async *run(): AsyncGenerator<Difference, void, undefined> {
    const waiting: Places[] = [{ left: '', right: '' }];
    for (let places = waiting.pop(); places !== undefined; places = waiting.pop()) {
      this.#options.signal?.throwIfAborted();
      const faults: Difference[] = [];
      const pairs = await this.#pairs(places, faults);
      yield* faults;
      yield* this.#together(pairs.filter((pair) => !areDirectories(pair)));
      for (const pair of pairs.filter(areDirectories).reverse()) waiting.push(pair.places);
    }
  }

  async *#together(pairs: readonly Pair[]): AsyncGenerator<Difference, void, undefined> {
    for (let at = 0; at < pairs.length; at += this.#parallel) {
      const some = pairs.slice(at, at + this.#parallel);
      const found = await Promise.all(some.map((pair) => this.#one(pair)));
      for (const difference of found) if (difference) yield difference;
    }
  }

  get #parallel(): number {
    return this.#options.parallel ?? PARALLEL;
  }

  /** The entries of a directory on both sides, paired and sorted. */
  async #pairs(places: Places, faults: Difference[]): Promise<Pair[]> {
    try {
      const [left, right] = await Promise.all([
        this.#list(this.#left, places.left, faults),
        this.#list(this.#right, places.right, faults),
      ]);
      return paired(left, right).map(([a, b]) => {
        const [first, second] = [a?.name ?? b?.name ?? '', b?.name ?? a?.name ?? ''];
        return { places: { left: join(places.left, first), right: join(places.right, second) }, left: a, right: b };
      });
    } catch (error) {
      if (isFatal(error) || this.#options.signal?.aborted) throw error;
      faults.push({ path: places.left, what: 'error', error });
      return [];
    }
  }

  async #list(tree: FileTree, path: string, faults: Difference[]): Promise<Map<string, TreeEntry>> {
    const entries = new Map<string, TreeEntry>();
    try {
      for await (const entry of tree.list(path, this.#control)) {
        const place = join(path, entry.name);
        const meant = entry.kind === 'directory' ? this.#filter.enters(place) : this.#filter.takes(place);
        if (!meant) continue;
        const fault = hostileName(entry.name);
        if (fault !== undefined) {
          faults.push({ path: place, what: 'error', error: new TransferError('TRANSFER_BAD_NAME', fault) });
          continue;
        }
        entries.set(entry.name, entry);
      }
    } catch (error) {
      if (!isOfOneName(error)) throw error;
      faults.push({ path, what: 'error', error });
    }
    return entries;
  }

  async #one({ places, left, right }: Pair): Promise<Difference | undefined> {
    const path = places.left;
    if (!left || !right) return { path, what: left ? 'only-left' : 'only-right', left, right };
    if (left.kind !== right.kind) return { path, what: 'kind', left, right };
    this.#files++;
    this.#bytes += left.size;
    if (left.size !== right.size) return { path, what: 'size', left, right };
    if (left.kind !== 'file') return undefined;
    try {
      const what = await this.#inside(places, left, right);
      this.#options.onProgress?.(this.#files, this.#bytes);
      return what && { path, what, left, right };
    } catch (error) {
      if (isFatal(error) || this.#options.signal?.aborted) throw error;
      return { path, what: 'error', left, right, error };
    }
  }

  async #inside(places: Places, left: TreeEntry, right: TreeEntry): Promise<'time' | 'content' | undefined> {
    const { content = false, times = true } = this.#options;
    if (!content) return times && !looksSame(left, right) ? 'time' : undefined;
    const a = await this.#left.open(places.left, this.#control);
    try {
      const b = await this.#right.open(places.right, this.#control);
      try {
        const at = await compareData(a, b, { size: left.size }, this.#buffers, this.#control);
        return at === undefined ? undefined : 'content';
      } finally {
        await b.close();
      }
    } finally {
      await a.close();
    }
  }
}

function areDirectories({ left, right }: Pair): boolean {
  return left?.kind === 'directory' && right?.kind === 'directory';
}

/** An invalid name in a share's listing is reported only after all other entries. */
function isOfOneName(error: unknown): boolean {
  return error instanceof StatusError && error.code === 'STATUS_INVALID_NETWORK_RESPONSE';
}

/**
 * Reports what differs between two directories: names on one side only, sizes, times, and with `content` the bytes.
 *
 * @example
 * for await (const { path, what } of compareTrees(localTree('photos'), shareTree(share, 'photos'))) console.log(what, path)
 */
export function compareTrees(
  left: FileTree,
  right: FileTree,
  options: CompareOptions = {},
): AsyncGenerator<Difference, void, undefined> {
  return new Comparison(left, right, options).run();
}
