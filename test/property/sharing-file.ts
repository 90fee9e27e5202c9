import { Bits, type OpenOp, Shares } from './sharing-operations.js';

const { R, H, W } = Bits;
const DATA = Shares.Read | Shares.Write | Shares.Delete;

/** Whether an open only accesses attributes ([MS-FSA] 2.1.4.12): it neither breaks nor shares anything. */
export const looksOnly = (access: number): boolean => (access & DATA) === 0;
export const overwrites = ({ disposition }: OpenOp): boolean =>
  disposition === 'supersede' || disposition === 'overwrite' || disposition === 'overwriteIf';

/** Only R, RH, RW and RWH are valid states. */
export const legal = (state: number): number => ((state & R) === 0 ? 0 : state);

/** Who caches: one open with an oplock, or all opens of one client with the same lease key. */
export interface Holder {
  readonly client: string;
  /** The lease key; for an oplock, the number of its open. */
  readonly key: string | number;
  readonly file: ModelFile;
  readonly lease: boolean;
  state: number;
  /** The state to break to, while a break awaits acknowledgment. */
  breakingTo: number | undefined;
  /** The final state, if more was asked of it meanwhile. */
  due: number;
  readonly opens: Set<ModelOpen>;
  /** The open through which it was notified of the break. */
  toldThrough: ModelOpen | undefined;
  /** The number of that break among all breaks. */
  since: number;
}

interface Lock {
  readonly open: ModelOpen;
  readonly from: number;
  readonly to: number;
  readonly exclusive: boolean;
}

export interface ModelOpen {
  readonly number: number;
  readonly client: number;
  readonly file: ModelFile;
  readonly access: number;
  readonly share: number;
  readonly deleteOnClose: boolean;
  holder: Holder | undefined;
}

export class ModelFile {
  name: string;
  size = 0;
  readonly opens = new Set<ModelOpen>();
  readonly holders = new Set<Holder>();
  locks: Lock[] = [];
  deletePending = false;
  /** Counts events that waiting operations on the file may have been waiting for. */
  stirs = 0;
  /** The same for operations that wait for a lock. */
  unlocks = 0;

  constructor(name: string) {
    this.name = name;
  }

  get hasBatch(): boolean {
    return [...this.holders].some(({ lease, state }) => !lease && (state & H) !== 0);
  }

  /** [MS-FSA] 2.1.5.1.2.2 */
  violates(op: OpenOp): boolean {
    // [MS-FSA] 2.1.5.1.2: overwriting counts as writing, superseding as deleting.
    const opensBy = op.disposition === 'supersede' ? Shares.Delete : Shares.Write;
    const access = op.access | (overwrites(op) ? opensBy : 0);
    if (looksOnly(access)) return false;
    for (const { access: has, share } of this.opens) {
      if (looksOnly(has)) continue;
      if ((access & DATA & ~share) !== 0 || (has & DATA & ~op.share) !== 0) return true;
    }
    return false;
  }

  /** [MS-FSA] 2.1.5.18.1 and .2: what may be cached given other opens and caches. */
  cacheable(wants: number, own: Holder | undefined): number {
    const holders = [...this.holders].filter((holder) => holder !== own);
    const counts = ({ access, holder }: ModelOpen): boolean => !looksOnly(access) || holder !== undefined;
    const others = [...this.opens].filter((open) => counts(open) && (!own || open.holder !== own));
    let can = wants;
    if (holders.some(({ state }) => (state & W) !== 0)) return 0;
    if (others.length > 0) can &= ~W;
    if (holders.some(({ lease }) => !lease)) can &= ~H;
    // No read caching where others may hold locks.
    if ((can & W) === 0 && this.locks.length > 0) return 0;
    return legal(can);
  }

  isLocked(from: number, to: number, forbids: (lock: Lock) => boolean): boolean {
    return this.locks.some((lock) => lock.from < to && from < lock.to && forbids(lock));
  }
}
