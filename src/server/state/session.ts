import type { Identity } from '#auth/mechanism.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { Wire } from '#wire/io/layout.js';
import type { Limits } from '../limits.js';
import { Numbers } from './numbers.js';
import type { Open } from './open.js';
import type { Share, ShareTable } from './share.js';
import { Tree } from './tree.js';

/** Id allocators that may be shared between sessions. */
export interface SharedNumbers {
  readonly trees: Numbers;
  readonly opens: Numbers;
}

/** How to deliver a break notification to an SMB2 client. */
export interface NotifyOptions {
  /** The share requires encryption. */
  readonly sealed?: boolean;
  /** Sent without a session id: for leases, which belong to the client rather than to a session ([MS-SMB2] 3.3.4.7). */
  readonly anonymous?: boolean;
  /** Whether the client still needs the notification if the connection it was sent over is lost. */
  readonly due?: () => boolean;
}

/** A logged-on user, with the tree connects and opens that only this session can access. */
export class Session {
  readonly key: string;
  /** Replaced on reauthentication. */
  identity: Identity;
  readonly trees: Map<number, Tree> = new Map();
  readonly opens: Map<number, Open> = new Map();
  /** Number of named pipes among the opens. */
  pipes = 0;
  /** Number of pending change notifications, and of watched directories. */
  waiting = 0;
  watches = 0;
  /** Number of pending byte-range lock requests. */
  waitingLocks = 0;
  /** Sends an SMB2 OPLOCK_BREAK to the client; false if the client cannot be reached. */
  notify: (body: Wire, options?: NotifyOptions) => boolean = () => false;
  #opening = 0;
  readonly #limits: Limits;
  readonly #numbers: SharedNumbers;

  /** `key`: the session's id on status pages. */
  constructor(key: string, identity: Identity, limits: Limits, numbers?: SharedNumbers) {
    this.key = key;
    this.identity = identity;
    this.#limits = limits;
    this.#numbers = numbers ?? { trees: new Numbers(), opens: new Numbers() };
  }

  /** User name, for status pages. */
  get owner(): string {
    const { account, workstation } = this.identity;
    return `${account}@${workstation} (session ${this.key})`;
  }

  /** Connects to a share, or to IPC$ if `share` is undefined. */
  connectTree(table: ShareTable, share: Share | undefined): Tree {
    if (this.trees.size >= this.#limits.treeConnects) throw new StatusError(NtStatus.InsufficientResources);
    const id = this.#numbers.trees.next();
    if (id === 0) throw new StatusError(NtStatus.InsufficientResources);
    this.#numbers.trees.take(id);
    const tree = new Tree(id, this, table, share);
    this.trees.set(id, tree);
    return tree;
  }

  /** Removes a tree connect. */
  disconnectTree(tree: Tree): void {
    tree.closed = true;
    if (this.trees.delete(tree.id)) this.#numbers.trees.free(tree.id);
  }

  /** An id for a new open; TooManyOpenedFiles when the limit is reached. */
  nextOpenId(): number {
    this.requireRoom();
    const id = this.#numbers.opens.next();
    if (id === 0) throw new StatusError(NtStatus.TooManyOpenedFiles);
    return id;
  }

  /** TooManyOpenedFiles when the limit is reached; checked before anything is created. */
  requireRoom(): void {
    if (this.opens.size + this.#opening >= this.#limits.opens) throw new StatusError(NtStatus.TooManyOpenedFiles);
  }

  /** Counts an open that has to wait for others towards the limit. */
  async opening<T>(claiming: Promise<T>): Promise<T> {
    this.#opening++;
    try {
      return await claiming;
    } finally {
      this.#opening--;
    }
  }

  add(open: Open): void {
    this.opens.set(open.id, open);
    this.#numbers.opens.take(open.id);
    open.tree.opens.add(open);
    if (open.kind === 'pipe') this.pipes++;
  }

  forget(open: Open): void {
    open.closed = true;
    this.detach(open);
  }

  /** Detaches an open, which survives the session. */
  detach(open: Open): void {
    if (open.kind === 'disk') open.endReplays?.();
    if (this.opens.delete(open.id)) {
      this.#numbers.opens.free(open.id);
      if (open.kind === 'pipe') this.pipes--;
    }
    open.tree.opens.delete(open);
  }

  /** Attaches an open that another session left, under an id from `nextOpenId`. */
  adopt(open: Open, tree: Tree, id: number): void {
    open.id = id;
    open.tree = tree;
    this.add(open);
  }
}
