import type { DirectoryEntry } from '#fs/backend.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { close } from '../action/close.js';
import { Enumeration } from '../action/enumeration.js';
import type { ServerCore } from '../core.js';
import { Numbers } from '../state/numbers.js';
import type { DiskOpen } from '../state/open.js';
import type { Tree } from '../state/tree.js';
import { isWanted } from './search-filter.js';

/** Limit per connection; old clients leave searches open, so the oldest one is then closed. */
const MOST_SEARCHES = 128;

/** A search in progress: an open directory, the search criteria, and the position. */
export class Search {
  readonly open: DiskOpen;
  readonly pattern: string;
  readonly searchAttributes: number;
  /** Entries in the last response. */
  readonly #told: DirectoryEntry[] = [];
  /** Entries to return before the enumeration continues. */
  #again: DirectoryEntry[] = [];
  #enumeration: Enumeration;
  readonly #core: ServerCore;

  constructor(core: ServerCore, open: DiskOpen, pattern: string, searchAttributes: number) {
    this.#core = core;
    this.open = open;
    this.pattern = pattern;
    this.searchAttributes = searchAttributes;
    this.#enumeration = this.#begin();
    open.enumeration = this.#enumeration;
  }

  #begin(): Enumeration {
    return new Enumeration(this.#core, this.open, this.pattern);
  }

  /** Serializes requests. */
  exclusively<T>(query: () => Promise<T>): Promise<T> {
    return this.#enumeration.exclusively(query);
  }

  /** The next entry; undefined at the end. */
  async next(): Promise<DirectoryEntry | undefined> {
    for (;;) {
      const entry = this.#again.shift() ?? (await this.#enumeration.next());
      if (entry === undefined || isWanted(entry, this.searchAttributes)) return entry;
    }
  }

  putBack(entry: DirectoryEntry): void {
    this.#again.unshift(entry);
  }

  /** Remembers the entries of a response, for clients that resume in the middle of it. */
  tell(entries: readonly DirectoryEntry[]): void {
    this.#told.splice(0, this.#told.length, ...entries);
  }

  /** Resumes after a name; keeps the position if there is no such name. */
  async resumeBehind(name: string): Promise<void> {
    if (name === '' || name === this.#told.at(-1)?.name) return;
    const at = this.#told.findIndex((entry) => entry.name === name);
    if (at !== -1) this.#again.unshift(...this.#told.slice(at + 1));
    else await this.#seek(name);
  }

  async #seek(name: string): Promise<void> {
    const anew = this.#begin();
    for (;;) {
      const entry = await anew.next();
      if (entry !== undefined && entry.name !== name) continue;
      if (entry === undefined) return anew.close();
      await this.#enumeration.close();
      this.#enumeration = this.open.enumeration = anew;
      this.#again = [];
      return;
    }
  }
}

/** Searches of a connection, by SID ([MS-CIFS] 3.3.1.3 SearchOpenTable). */
export class Searches {
  readonly #core: ServerCore;
  readonly #searches = new Map<number, Search>();
  readonly #numbers = new Numbers();

  constructor(core: ServerCore) {
    this.#core = core;
  }

  async add(search: Search): Promise<number> {
    const [oldest] = this.#searches.keys();
    if (oldest !== undefined && this.#searches.size >= MOST_SEARCHES) await this.close(oldest);
    const sid = this.#numbers.next();
    this.#numbers.take(sid);
    this.#searches.set(sid, search);
    return sid;
  }

  /** InvalidHandle unless the search belongs to this tree connect. */
  get(sid: number, tree: Tree): Search {
    const search = this.#searches.get(sid);
    if (search === undefined || search.open.tree !== tree || search.open.closed) {
      throw new StatusError(NtStatus.InvalidHandle);
    }
    return search;
  }

  async close(sid: number): Promise<void> {
    const search = this.#searches.get(sid);
    if (search === undefined) return;
    this.#searches.delete(sid);
    this.#numbers.free(sid);
    await close(this.#core, search.open);
  }

  /** Drops the searches of a tree connect, whose opens end with it. */
  forget(tree: Tree): void {
    for (const [sid, search] of this.#searches) {
      if (search.open.tree !== tree) continue;
      this.#searches.delete(sid);
      this.#numbers.free(sid);
    }
  }
}
