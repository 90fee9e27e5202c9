import type { Identity } from '#auth/mechanism.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { Limits } from '../limits.js';
import type { Open } from './open.js';
import type { Share, ShareTable } from './share.js';
import { Tree } from './tree.js';

const HIGHEST_ID = 0xfffe;

/** Hands out numbers from 1 on that are not taken; 0 and all ones never ([MS-CIFS] 2.2.1.6). */
function freeId(taken: ReadonlyMap<number, unknown>, last: number, highest: number): number {
  let id = last;
  do id = id >= highest ? 1 : id + 1;
  while (taken.has(id));
  return id;
}

/** A logged-on user on a connection, with the tree connects and opens that only this session can reach. */
export class Session {
  readonly key: string;
  readonly identity: Identity;
  readonly trees: Map<number, Tree> = new Map();
  readonly opens: Map<number, Open> = new Map();
  readonly #limits: Limits;
  #lastTree = 0;
  #lastOpen = 0;

  /** `key`: how the session is called on status pages. */
  constructor(key: string, identity: Identity, limits: Limits) {
    this.key = key;
    this.identity = identity;
    this.#limits = limits;
  }

  /** Who it is, for status pages. */
  get owner(): string {
    const { account, workstation } = this.identity;
    return `${account}@${workstation} (session ${this.key})`;
  }

  /** Connects to a share, or to IPC$ when there is none. */
  connectTree(table: ShareTable, share: Share | undefined): Tree {
    if (this.trees.size >= this.#limits.treeConnects) throw new StatusError(NtStatus.InsufficientResources);
    const id = freeId(this.trees, this.#lastTree, HIGHEST_ID);
    this.#lastTree = id;
    const tree = new Tree(id, this, table, share);
    this.trees.set(id, tree);
    return tree;
  }

  /** A number for a new open; TooManyOpenedFiles when there are too many. */
  nextOpenId(): number {
    if (this.opens.size >= this.#limits.opens) throw new StatusError(NtStatus.TooManyOpenedFiles);
    this.#lastOpen = freeId(this.opens, this.#lastOpen, HIGHEST_ID);
    return this.#lastOpen;
  }

  add(open: Open): void {
    this.opens.set(open.id, open);
    open.tree.opens.add(open);
  }

  forget(open: Open): void {
    open.closed = true;
    this.opens.delete(open.id);
    open.tree.opens.delete(open);
  }
}
