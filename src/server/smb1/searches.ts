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

/** Searches of a connection at a time; old clients leave theirs open, so the oldest one has to go then. */
const MOST_SEARCHES = 128;

/** A search under way: an open directory, what to look for, and how far it went. */
export class Search {
  readonly open: DiskOpen;
  readonly pattern: string;
  readonly searchAttributes: number;
  /** The last name that was told. */
  lastName = '';
  #enumeration: Enumeration;

  constructor(open: DiskOpen, pattern: string, searchAttributes: number) {
    this.open = open;
    this.pattern = pattern;
    this.searchAttributes = searchAttributes;
    this.#enumeration = this.#begin();
  }

  #begin(): Enumeration {
    const { open, pattern } = this;
    open.enumeration = new Enumeration(open.backend, open.handle, open.claim.path, pattern);
    return open.enumeration;
  }

  /** Runs one request after the other. */
  exclusively<T>(query: () => Promise<T>): Promise<T> {
    return this.#enumeration.exclusively(query);
  }

  /** The next entry; undefined at the end. */
  async next(): Promise<DirectoryEntry | undefined> {
    for (;;) {
      const entry = await this.#enumeration.next();
      if (entry === undefined || isWanted(entry, this.searchAttributes)) return entry;
    }
  }

  putBack(): void {
    this.#enumeration.putBack();
  }

  /** Goes on behind a name; at the end if there is no such name. */
  async resumeBehind(name: string): Promise<void> {
    if (name === '' || name === this.lastName) return;
    await this.#enumeration.close();
    this.#enumeration = this.#begin();
    for (;;) {
      const entry = await this.next();
      if (entry === undefined || entry.name === name) return;
    }
  }
}

/** The searches of a connection, by SID ([MS-CIFS] 3.3.1.3 SearchOpenTable). */
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

  /** InvalidHandle unless the search belongs to the tree connect. */
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

  /** Forgets those of a tree connect, whose opens end with it. */
  forget(tree: Tree): void {
    for (const [sid, search] of this.#searches) {
      if (search.open.tree !== tree) continue;
      this.#searches.delete(sid);
      this.#numbers.free(sid);
    }
  }
}
