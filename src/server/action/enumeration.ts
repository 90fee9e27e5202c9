import type { Backend, DirectoryEntry, NodeInfo } from '#fs/backend.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { isLegalName } from '#wire/fscc/file-name.js';
import { hasWildcards, NamePattern } from '#wire/fscc/name-pattern.js';
import { type Shows, visibilityOf } from '../access/visibility.js';
import type { ServerCore } from '../core.js';
import type { DiskOpen } from '../state/open.js';
import type { Share } from '../state/share.js';
import { parentPath } from '../volume.js';
import { eaSizeOf } from './eas.js';

/**
 * The enumeration of a directory ([MS-FSA] 2.1.5.6.3): batches from the back end, filtered by the pattern, with one
 * entry that may be put back because it did not fit. Memory is bounded by the back end's batch.
 */
export class Enumeration {
  readonly #backend: Backend;
  readonly #handle: unknown;
  readonly #path: string;
  readonly pattern: string;
  readonly #matches: NamePattern;
  readonly #shows: Shows | undefined;
  readonly #share: Share;
  #source: AsyncIterator<readonly DirectoryEntry[]> | undefined;
  #batch: readonly DirectoryEntry[] = [];
  #at = 0;
  /** Whether an entry was ever found: none at all is NO_SUCH_FILE, no more is NO_MORE_FILES. */
  found = false;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(core: ServerCore, open: DiskOpen, pattern: string) {
    this.#backend = open.backend;
    this.#handle = open.handle;
    this.#path = open.claim.path;
    this.#shows = visibilityOf(core, open.tree, open.backend);
    this.pattern = pattern;
    this.#share = open.tree.share;
    this.#matches = new NamePattern(pattern, this.#share.options.caseSensitive !== true);
  }

  /** Runs one query after the other: two at once would tear the position. */
  exclusively<T>(query: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(query, query);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  /** The next matching entry; undefined at the end. */
  async next(): Promise<DirectoryEntry | undefined> {
    this.#source ??= this.#entries()[Symbol.asyncIterator]();
    for (;;) {
      while (this.#at < this.#batch.length) {
        const entry = this.#batch[this.#at++] as DirectoryEntry;
        if (!this.#matches.matches(entry.name)) continue;
        if (this.#shows && !(await this.#isShown(this.#shows, entry))) continue;
        this.found = true;
        return this.#asShown(entry);
      }
      const more = await this.#source.next();
      if (more.done) return undefined;
      this.#batch = more.value;
      this.#at = 0;
    }
  }

  #isShown(shows: Shows, entry: DirectoryEntry): true | Promise<boolean> {
    if (entry.name === '.' || entry.name === '..') return true;
    return shows(this.#path === '' ? entry.name : `${this.#path}/${entry.name}`, entry);
  }

  #asShown(entry: DirectoryEntry): DirectoryEntry {
    const info = this.#share.shown(entry.name, entry.info);
    return info === entry.info ? entry : { name: entry.name, info };
  }

  /** The entry that `next` gave last will be given again. */
  putBack(): void {
    this.#at--;
  }

  async close(): Promise<void> {
    await this.#source?.return?.(undefined);
  }

  async *#entries(): AsyncGenerator<readonly DirectoryEntry[]> {
    if (!hasWildcards(this.pattern)) {
      yield await this.#single();
      return;
    }
    yield [
      { name: '.', info: await this.#whole(this.#handle, await this.#backend.stat(this.#handle)) },
      // Above the share's root there is nothing to be known: it is its own parent.
      { name: '..', info: await this.#lookAt(parentPath(this.#path)) },
    ];
    yield* this.#backend.list(this.#handle);
  }

  // A name without wildcards is looked up, not searched for.
  async #single(): Promise<readonly DirectoryEntry[]> {
    // What comes from the client must not become a path.
    if (!isLegalName(this.pattern)) throw new StatusError(NtStatus.ObjectNameInvalid);
    const components = this.#path === '' ? [] : this.#path.split('/');
    const { path, missing } = await this.#share.resolve(this.#backend, [...components, this.pattern]);
    if (missing.length > 0) return [];
    return [{ name: path.slice(path.lastIndexOf('/') + 1), info: await this.#lookAt(path) }];
  }

  async #lookAt(path: string): Promise<NodeInfo> {
    const { handle, info } = await this.#backend.open(path, { read: false, write: false });
    try {
      return await this.#whole(handle, info);
    } finally {
      await this.#backend.close(handle);
    }
  }

  // Listings tell EaSize, so what is looked up by itself tells it, too.
  async #whole(handle: unknown, info: NodeInfo): Promise<NodeInfo> {
    return info.eaSize === undefined ? { ...info, eaSize: await eaSizeOf(this.#backend, handle) } : info;
  }
}

/** The status of a query that found nothing. */
export function nothingFound(enumeration: Enumeration): StatusError {
  return new StatusError(enumeration.found ? NtStatus.NoMoreFiles : NtStatus.NoSuchFile);
}
