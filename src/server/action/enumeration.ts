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
 * Directory enumeration ([MS-FSA] 2.1.5.6.3): takes batches from the back end, filters them by pattern, and can put
 * back one entry that did not fit. Memory is bounded by the back end's batch size.
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
  /** Whether any entry was found: distinguishes NO_SUCH_FILE from NO_MORE_FILES. */
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

  /** Serializes queries: concurrent ones would corrupt the position. */
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

  /** Makes `next` return its last entry again. */
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
      // The parent of the share's root is not visible to clients: the root acts as its own parent.
      { name: '..', info: await this.#lookAt(parentPath(this.#path)) },
    ];
    yield* this.#backend.list(this.#handle);
  }

  // A pattern without wildcards is looked up directly.
  async #single(): Promise<readonly DirectoryEntry[]> {
    // Prevents the client's pattern from acting as a path.
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

  // Entries from listings include EaSize, so one that is looked up must, too.
  async #whole(handle: unknown, info: NodeInfo): Promise<NodeInfo> {
    return info.eaSize === undefined ? { ...info, eaSize: await eaSizeOf(this.#backend, handle) } : info;
  }
}

/** The status of a query that found nothing. */
export function nothingFound(enumeration: Enumeration): StatusError {
  return new StatusError(enumeration.found ? NtStatus.NoMoreFiles : NtStatus.NoSuchFile);
}
