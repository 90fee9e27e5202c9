import type { Identity } from '#auth/mechanism.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { Open } from './open.js';
import type { Session } from './session.js';
import type { Right, Share, ShareTable } from './share.js';

/** A session's tree connect to a share; `share` is undefined for IPC$. */
export class Tree {
  readonly id: number;
  readonly session: Session;
  readonly name: string;
  /**
   * The user who connected: his rights apply to the tree even after reauthentication as somebody else
   * ([MS-SMB2] 3.3.5.7).
   */
  readonly identity: Identity;
  readonly opens: Set<Open> = new Set();
  readonly #table: ShareTable;
  readonly #share: Share | undefined;
  closed = false;
  #judged: Share | undefined;
  #right: Right = 'none';

  constructor(id: number, session: Session, table: ShareTable, share: Share | undefined) {
    this.id = id;
    this.session = session;
    this.identity = session.identity;
    this.name = share?.name ?? 'IPC$';
    this.#table = table;
    this.#share = share;
  }

  /** Whether unsolicited messages for this tree must be encrypted. */
  get isSealed(): boolean {
    return this.#share?.options.encryption === 'required';
  }

  get isPipe(): boolean {
    return this.#share === undefined;
  }

  /** The share's current state; NetworkNameDeleted if it was removed or now serves something else. */
  get share(): Share {
    const connected = this.#share;
    if (connected === undefined) throw new StatusError(NtStatus.InvalidDeviceRequest);
    const now = this.#table.get(connected.name);
    if (now === undefined || now.backend !== connected.backend) throw new StatusError(NtStatus.NetworkNameDeleted);
    return now;
  }

  /** The user's current access level: it can change while files are open. */
  get right(): Right {
    const share = this.share;
    if (share === this.#judged && share.isConstant) return this.#right;
    this.#judged = share;
    this.#right = share.rightOf(this.identity);
    return this.#right;
  }

  /** AccessDenied unless the user may currently read, or write, here. */
  require(right: 'read' | 'write'): void {
    const has = this.right;
    if (has === 'none' || (right === 'write' && has === 'read')) throw new StatusError(NtStatus.AccessDenied);
  }
}
