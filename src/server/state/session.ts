import type { Identity } from '#auth/mechanism.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { Wire } from '#wire/io/layout.js';
import type { Limits } from '../limits.js';
import { Numbers } from './numbers.js';
import type { Open } from './open.js';
import type { Share, ShareTable } from './share.js';
import { Tree } from './tree.js';

/** The numbers that sessions share. */
export interface SharedNumbers {
  readonly trees: Numbers;
  readonly opens: Numbers;
}

/** How a break is told to an SMB2 client. */
export interface NotifyOptions {
  /** The share demands encryption. */
  readonly sealed?: boolean;
  /** Says no session: for leases, which belong to the client as such ([MS-SMB2] 3.3.4.7). */
  readonly anonymous?: boolean;
  /** Whether the client still has to hear of it, should the connection that it went over be lost. */
  readonly due?: () => boolean;
}

/** A logged-on user, with the tree connects and opens that only this session can reach. */
export class Session {
  readonly key: string;
  /** Changes when the client logs on anew within the session. */
  identity: Identity;
  readonly trees: Map<number, Tree> = new Map();
  readonly opens: Map<number, Open> = new Map();
  /** Named pipes among the opens. */
  pipes = 0;
  /** Change notifications that wait, and directories that are watched. */
  waiting = 0;
  watches = 0;
  /** Requests for byte-range locks that wait. */
  waitingLocks = 0;
  /** Sends an OPLOCK_BREAK of SMB2 to the client; false when it cannot be reached. */
  notify: (body: Wire, options?: NotifyOptions) => boolean = () => false;
  #opening = 0;
  readonly #limits: Limits;
  readonly #numbers: SharedNumbers;

  /** `key`: how the session is called on status pages. */
  constructor(key: string, identity: Identity, limits: Limits, numbers?: SharedNumbers) {
    this.key = key;
    this.identity = identity;
    this.#limits = limits;
    this.#numbers = numbers ?? { trees: new Numbers(), opens: new Numbers() };
  }

  /** Who it is, for status pages. */
  get owner(): string {
    const { account, workstation } = this.identity;
    return `${account}@${workstation} (session ${this.key})`;
  }

  /** Connects to a share, or to IPC$ when there is none. */
  connectTree(table: ShareTable, share: Share | undefined): Tree {
    if (this.trees.size >= this.#limits.treeConnects) throw new StatusError(NtStatus.InsufficientResources);
    const id = this.#numbers.trees.next();
    if (id === 0) throw new StatusError(NtStatus.InsufficientResources);
    this.#numbers.trees.take(id);
    const tree = new Tree(id, this, table, share);
    this.trees.set(id, tree);
    return tree;
  }

  /** Forgets a tree connect. */
  disconnectTree(tree: Tree): void {
    tree.closed = true;
    if (this.trees.delete(tree.id)) this.#numbers.trees.free(tree.id);
  }

  /** A number for a new open; TooManyOpenedFiles when there are too many. */
  nextOpenId(): number {
    this.requireRoom();
    const id = this.#numbers.opens.next();
    if (id === 0) throw new StatusError(NtStatus.TooManyOpenedFiles);
    return id;
  }

  /** TooManyOpenedFiles when nothing more can be opened: asked before something is made. */
  requireRoom(): void {
    if (this.opens.size + this.#opening >= this.#limits.opens) throw new StatusError(NtStatus.TooManyOpenedFiles);
  }

  /** Counts an open that has to wait for others. */
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

  /** Lets an open live on without the session. */
  detach(open: Open): void {
    if (open.kind === 'disk') open.endReplays?.();
    if (this.opens.delete(open.id)) {
      this.#numbers.opens.free(open.id);
      if (open.kind === 'pipe') this.pipes--;
    }
    open.tree.opens.delete(open);
  }

  /** Takes in an open that another session has left, under a number from `nextOpenId`. */
  adopt(open: Open, tree: Tree, id: number): void {
    open.id = id;
    open.tree = tree;
    this.add(open);
  }
}
