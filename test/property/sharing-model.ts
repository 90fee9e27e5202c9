import { type Holder, legal, looksOnly, ModelFile, type ModelOpen, overwrites } from './sharing-file.js';
import {
  Bits,
  type BreakTold,
  type Concrete,
  type OpenOp,
  type Outcome,
  Shares,
  type Told,
} from './sharing-operations.js';

const { R, H, W } = Bits;

/** A break notification sent through one of the opens. */
type ModelBreak = BreakTold & { readonly through: number; readonly by: number | undefined };

interface Waiting {
  readonly number: number;
  readonly op: Concrete;
  readonly open: ModelOpen | undefined;
  /** The file's `stirs` at the last attempt. */
  seen: number | undefined;
  /** For an open: the file that its name meant at that time. */
  found: ModelFile | undefined;
}

/**
 * What clients may do with the same files at the same time according to [MS-FSA] and [MS-SMB2]: share modes, deletion,
 * byte-range locks, oplocks and leases. It knows nothing of the server; all files are in one directory.
 */
export class SharingModel {
  readonly files = new Map<string, ModelFile>();
  readonly opens = new Map<number, ModelOpen>();
  readonly waiting: Waiting[] = [];
  /** What happened since `step` began. */
  #told: Told = { answers: new Map(), breaks: [] };
  /** Number of breaks so far. */
  #begun = 0;
  readonly #breaks: ModelBreak[] = [];
  /** Opens granted in this step. */
  readonly #entered: ModelOpen[] = [];
  readonly #guidOf: (client: number) => string;

  constructor(guidOf: (client: number) => string) {
    this.#guidOf = guidOf;
  }

  /** Performs one operation; returns the responses and notifications. */
  step(number: number, op: Concrete): Told {
    this.#told = { answers: new Map(), breaks: [] };
    switch (op.what) {
      case 'expire':
        this.#expire();
        break;
      case 'acknowledge':
        this.#answer(number, this.#acknowledge(op));
        break;
      case 'cancel':
        this.#cancel(op.request);
        break;
      case 'leave':
        this.#leave(number, op.client, op.how === 'logoff');
        break;
      default:
        this.waiting.push({
          number,
          op,
          open: 'open' in op ? this.opens.get(op.open) : undefined,
          seen: undefined,
          found: undefined,
        });
    }
    this.#goOn();
    this.#settleEntered();
    return this.#told;
  }

  /**
   * A response states what is cached when it is sent; breaks until then that need no acknowledgment are not notified.
   */
  #settleEntered(): void {
    const entered = this.#entered.splice(0);
    for (const { number, holder } of entered) this.#answer(number, { status: 'Success', granted: holder?.state ?? 0 });
    const isKnown = ({ through }: ModelBreak): boolean => !entered.some(({ number }) => number === through);
    this.#told.breaks = this.#breaks.splice(0).filter((told) => told.acknowledged || isKnown(told));
  }

  /**
   * Overdue breaks end in the order in which they began; in between, waiting operations continue as soon as they can.
   */
  #expire(): void {
    const overdue = this.holders().filter(({ breakingTo }) => breakingTo !== undefined);
    for (const holder of overdue.sort((one, other) => one.since - other.since)) {
      if (holder.breakingTo === undefined || holder.opens.size === 0) continue;
      this.#settle(holder, 0);
      this.#goOn(({ op }) => op.what !== 'rename');
    }
  }

  holders(): Holder[] {
    return [...this.files.values()].flatMap(({ holders }) => [...holders]);
  }

  /** Breaks that are not acknowledged yet. */
  underWay(): BreakTold[] {
    return this.holders().flatMap(({ client, key, state, breakingTo }) =>
      breakingTo === undefined ? [] : { client, key, from: state, to: breakingTo, acknowledged: true },
    );
  }

  /** Retries waiting operations in order of arrival until nothing changes any more. */
  #goOn(may: (waiting: Waiting) => boolean = () => true): void {
    let tried: boolean;
    do {
      tried = false;
      for (const waiting of this.waiting.filter(may).sort((one, other) => rank(one) - rank(other))) {
        if (!this.waiting.includes(waiting) || (waiting.seen !== undefined && waiting.seen === stirs(waiting)))
          continue;
        tried = true;
        const isNew = waiting.seen === undefined;
        const again = waiting.seen !== undefined;
        const outcome = this.#attempt(waiting, again);
        waiting.seen = stirs(waiting);
        if (outcome === undefined) continue;
        this.waiting.splice(this.waiting.indexOf(waiting), 1);
        this.#answer(waiting.number, outcome);
        if (isNew) break;
      }
    } while (tried);
  }

  #answer(number: number, outcome: Outcome): void {
    this.#told.answers.set(number, outcome);
  }

  #attempt(waiting: Waiting, again: boolean): Outcome | undefined {
    const { op, open } = waiting;
    if (op.what === 'open') return this.#open(waiting, op, again);
    if (open === undefined || !this.opens.has(open.number)) return { status: 'FileClosed' };
    switch (op.what) {
      case 'close':
        this.#close(open);
        if (open.holder) this.#tellAnother(open.holder, open, undefined);
        return { status: 'Success' };
      case 'read':
        return this.#read(open, op.from, op.to);
      case 'write':
        return this.#write(open, op.from, op.to);
      case 'truncate':
        return this.#truncate(open, op.size);
      case 'lock':
        return this.#lock(open, op);
      case 'unlock':
        return this.#unlock(open, op.from, op.to);
      case 'rename':
        return this.#rename(waiting, open, op.to, op.replace);
      case 'dispose':
        return this.#dispose(open, op.pending);
      default:
        throw new Error(`what is ${op.what}?`);
    }
  }

  /**
   * [MS-FSA] 2.1.4.12: takes from others on a file what conflicts with an operation; returns whether it must wait for
   * them. R without H is lost at once. The loss of H because of data is notified and must be acknowledged, but nobody
   * waits for it.
   */
  #break(file: ModelFile, takes: number, by: { client: string; key: string | number } | ModelOpen): boolean {
    let waits = false;
    for (const holder of [...file.holders]) {
      const self = 'holder' in by ? by.holder === holder : holder.client === by.client && holder.key === by.key;
      // Level II belongs to nobody: the writer loses it too.
      const levelTwo = !holder.lease && holder.state === R;
      if (self && !levelTwo) continue;
      // An oplock caches handles only at batch level, and loses that with the data.
      const taken = holder.lease ? takes & holder.state : takes & holder.state & ~H;
      if (taken === 0) continue;
      const must = (taken & W) !== 0 || (takes & H & taken) !== 0;
      if (holder.breakingTo !== undefined) {
        holder.due = legal(holder.due & ~taken);
        waits ||= must;
        continue;
      }
      let to = legal(holder.state & ~taken);
      if (!holder.lease) to &= ~H;
      this.#tell(holder, to);
      waits ||= must;
    }
    return waits;
  }

  #tell(holder: Holder, to: number): void {
    const acknowledged = (holder.state & (H | W)) !== 0;
    const from = holder.state;
    holder.toldThrough = [...holder.opens][0];
    const through = holder.toldThrough?.number ?? -1;
    this.#breaks.push({
      client: holder.client,
      key: holder.key,
      from,
      to,
      acknowledged,
      through,
      by: holder.toldThrough?.client,
    });
    holder.since = ++this.#begun;
    if (acknowledged) holder.breakingTo = to;
    else holder.state = to;
    holder.due = to;
    this.#forget(holder);
  }

  /** An oplock that is gone leaves nothing; a lease lives as long as its opens. */
  #forget(holder: Holder): void {
    if (holder.lease || holder.state !== 0) return;
    holder.file.holders.delete(holder);
    for (const open of holder.opens) open.holder = undefined;
  }

  #settle(holder: Holder, state: number): void {
    holder.state = state;
    holder.breakingTo = undefined;
    holder.file.stirs++;
    this.#forget(holder);
  }

  #acknowledge({ client, key, state, oplock }: Concrete & { what: 'acknowledge' }): Outcome {
    const guid = this.#guidOf(client);
    const found = this.holders().find(
      (holder) => holder.client === guid && holder.key === key && holder.lease === !oplock,
    );
    if (oplock) return this.#acknowledgeOplock(found, key as number, state);
    if (found === undefined) return { status: 'ObjectNameNotFound' };
    // [MS-SMB2] 3.3.5.22.2
    if (found.breakingTo === undefined) return { status: 'Unsuccessful' };
    if ((state & ~found.breakingTo) !== 0) return { status: 'RequestNotAccepted' };
    const { due } = found;
    this.#settle(found, state);
    // Breaks go in steps: first handle and write caching, then read caching.
    if ((state & ~due) !== 0) {
      const to = state === R ? 0 : due | (state & R);
      this.#tell(found, to);
      found.due = due;
    }
    return { status: 'Success', granted: state };
  }

  /** [MS-SMB2] 3.3.5.22.1 */
  #acknowledgeOplock(found: Holder | undefined, open: number, state: number): Outcome {
    if (!this.opens.has(open)) return { status: 'FileClosed' };
    if (found?.breakingTo === undefined) return { status: 'InvalidOplockProtocol' };
    if ((state & ~found.breakingTo) !== 0) {
      this.#settle(found, 0);
      return { status: 'InvalidOplockProtocol' };
    }
    this.#settle(found, state);
    return { status: 'Success', granted: state };
  }

  #open(waiting: Waiting, op: OpenOp, again: boolean): Outcome | undefined {
    const client = this.#guidOf(op.client);
    // [MS-SMB2] 3.3.5.9.8: a lease key belongs to one file.
    const lease = op.lease && this.holders().find((h) => h.lease && h.client === client && h.key === op.lease?.key);
    const { number, found } = waiting;
    // The open is for the file it waits for, whatever its name is by now, unless that file has been deleted.
    const file = found && this.files.get(found.name) === found ? found : this.files.get(op.name);
    waiting.found = file;
    const elsewhere = lease && lease.file !== file;
    if (file === undefined) {
      if (op.disposition === 'open' || op.disposition === 'overwrite') return { status: 'ObjectNameNotFound' };
      if (elsewhere) return { status: 'InvalidParameter' };
      const made = new ModelFile(op.name);
      this.files.set(op.name, made);
      return this.#enter(number, op, made);
    }
    if (op.disposition === 'create') return { status: 'ObjectNameCollision' };
    if (file.deletePending) return { status: 'DeletePending' };
    if (elsewhere && !again) return { status: 'InvalidParameter' };
    const by = { client, key: op.lease?.key ?? -1 };
    const takes = overwrites(op) ? R | W : W;
    const breaks = !looksOnly(op.access) || overwrites(op);
    if (again && breaks && this.#comesDown(file, by)) {
      this.#break(file, file.violates(op) ? H : takes, by);
      return undefined;
    }
    // [MS-FSA] 2.1.5.1.2: batch oplocks are broken before share modes are compared.
    if (breaks && file.hasBatch && this.#break(file, takes, by)) return undefined;
    if (file.violates(op)) return this.#break(file, H, by) ? undefined : { status: 'SharingViolation' };
    if (breaks && this.#break(file, takes, by)) return undefined;
    // Renamed meanwhile: the open is for the file that has the name now.
    if (file.name !== op.name) {
      file.stirs++;
      waiting.found = undefined;
      return this.#open(waiting, op, false);
    }
    return elsewhere ? { status: 'InvalidParameter' } : this.#enter(number, op, file);
  }

  /** An operation that has waited goes on waiting until leases have come all the way down. */
  #comesDown(file: ModelFile, { client, key }: { readonly client: string; readonly key: string | number }): boolean {
    const others = [...file.holders].filter((one) => one.lease && !(one.client === client && one.key === key));
    return others.some(({ breakingTo }) => breakingTo !== undefined);
  }

  #enter(number: number, op: OpenOp, file: ModelFile): Outcome {
    const { client, access, share, deleteOnClose } = op;
    const open: ModelOpen = { number, client, file, access, share, deleteOnClose, holder: undefined };
    if (op.lease) this.#grantLease(open, op.lease);
    else this.#grantOplock(open, op.oplock);
    this.#entered.push(open);
    if (overwrites(op)) file.size = 0;
    file.opens.add(open);
    this.opens.set(number, open);
    return { status: 'Success' };
  }

  #grantOplock(open: ModelOpen, wants: number): void {
    const { file } = open;
    let state = file.cacheable(wants, undefined);
    if (state !== wants && state !== 0) state = R;
    // Level II is not compatible with cached handles.
    if (state === R && [...file.holders].some((holder) => holder.lease && (holder.state & H) !== 0)) state = 0;
    if (state === 0) return;
    this.#hold(open, { client: this.#guidOf(open.client), key: open.number, file, lease: false, state });
  }

  #grantLease(open: ModelOpen, { key, state: wants }: NonNullable<OpenOp['lease']>): void {
    const { file } = open;
    const client = this.#guidOf(open.client);
    const known = [...file.holders].find((holder) => holder.lease && holder.client === client && holder.key === key);
    const can = file.cacheable(legal(wants), known);
    if (known === undefined) {
      this.#hold(open, { client, key, file, lease: true, state: can });
      return;
    }
    known.opens.add(open);
    open.holder = known;
    // [MS-SMB2] 3.3.5.9.8: a lease is only upgraded, and only to all that was requested; otherwise it stays as it was.
    const more = can === wants && (can & known.state) === known.state;
    if (known.breakingTo === undefined && more) known.state = can;
  }

  #hold(open: ModelOpen, holder: Omit<Holder, 'breakingTo' | 'due' | 'opens' | 'toldThrough' | 'since'>): void {
    const made: Holder = {
      ...holder,
      breakingTo: undefined,
      due: 0,
      opens: new Set([open]),
      toldThrough: undefined,
      since: 0,
    };
    open.file.holders.add(made);
    open.holder = made;
  }

  #close(open: ModelOpen): void {
    const { file, holder } = open;
    this.opens.delete(open.number);
    file.opens.delete(open);
    file.stirs++;
    file.unlocks++;
    file.locks = file.locks.filter((lock) => lock.open !== open);
    holder?.opens.delete(open);
    if (holder?.opens.size === 0) file.holders.delete(holder);
    if (open.deleteOnClose) {
      file.deletePending = true;
      // Notified, but not waited for.
      this.#break(file, H, open);
    }
    if (file.deletePending && file.opens.size === 0) this.files.delete(file.name);
    for (const waiting of this.waiting.filter(
      ({ open: of, op, found }) => of === open && op.what !== 'close' && !(op.what === 'rename' && found),
    )) {
      this.waiting.splice(this.waiting.indexOf(waiting), 1);
      this.#answer(waiting.number, { status: waiting.op.what === 'lock' ? 'RangeNotLocked' : 'FileClosed' });
    }
  }

  #read(open: ModelOpen, from: number, to: number): Outcome | undefined {
    if ((open.access & Shares.Read) === 0) return { status: 'AccessDenied' };
    if (this.#break(open.file, W, open)) return undefined;
    const inTheWay = open.file.isLocked(from, to, (lock) => lock.exclusive && lock.open !== open);
    if (inTheWay) return { status: 'FileLockConflict' };
    return { status: from < open.file.size ? 'Success' : 'EndOfFile' };
  }

  #truncate(open: ModelOpen, size: number): Outcome | undefined {
    if ((open.access & Shares.Write) === 0) return { status: 'AccessDenied' };
    if (this.#break(open.file, R | W, open)) return undefined;
    open.file.size = size;
    return { status: 'Success' };
  }

  /** [MS-FSA] 2.1.4.10: a shared lock forbids writing to its owner as well. */
  #write(open: ModelOpen, from: number, to: number): Outcome | undefined {
    if ((open.access & Shares.Write) === 0) return { status: 'AccessDenied' };
    const inTheWay = open.file.isLocked(from, to, (lock) => !lock.exclusive || lock.open !== open);
    if (inTheWay) return { status: 'FileLockConflict' };
    if (this.#break(open.file, R | W, open)) return undefined;
    open.file.size = Math.max(open.file.size, to);
    return { status: 'Success' };
  }

  #lock(open: ModelOpen, { from, to, exclusive, waits }: Concrete & { what: 'lock' }): Outcome | undefined {
    const inTheWay = open.file.isLocked(from, to, (lock) => exclusive || (lock.exclusive && lock.open !== open));
    // [MS-FSA] 2.1.5.8 breaks before it checks; but a refused request must not invalidate anybody's cache.
    if (inTheWay) return waits ? undefined : { status: 'LockNotGranted' };
    if (this.#break(open.file, R | W, open)) return undefined;
    open.file.locks.push({ open, from, to, exclusive });
    return { status: 'Success' };
  }

  /** [MS-FSA] 2.1.5.9: of several, an exclusive lock is released first. */
  #unlock(open: ModelOpen, from: number, to: number): Outcome {
    const own = open.file.locks.filter((lock) => lock.open === open && lock.from === from && lock.to === to);
    const gone = own.find(({ exclusive }) => exclusive) ?? own[0];
    if (gone === undefined) return { status: 'RangeNotLocked' };
    open.file.locks.splice(open.file.locks.indexOf(gone), 1);
    open.file.unlocks++;
    return { status: 'Success' };
  }

  /** [MS-FSA] 2.1.5.15.11 */
  #rename(waiting: Waiting, open: ModelOpen, name: string, replace: boolean): Outcome | undefined {
    const { file } = open;
    if ((open.access & Shares.Delete) === 0) return { status: 'AccessDenied' };
    if (this.#break(file, H, open)) return undefined;
    if (file.deletePending) return { status: 'AccessDenied' };
    const target = this.files.get(name);
    if (target === file) return { status: 'Success' };
    if (target !== undefined && !replace) return { status: 'ObjectNameCollision' };
    if (target?.deletePending) return { status: 'DeletePending' };
    if (target !== undefined && target.opens.size > 0) {
      waiting.found = target;
      const nobody = { client: '', key: -1 };
      if (target.hasBatch && this.#break(target, W, nobody)) return undefined;
      const inTheWay = [...target.opens].some(({ access }) => !looksOnly(access));
      return this.#break(target, inTheWay ? H : W, nobody) ? undefined : { status: 'AccessDenied' };
    }
    this.files.delete(file.name);
    file.name = name;
    this.files.set(name, file);
    return { status: 'Success' };
  }

  #dispose(open: ModelOpen, pending: boolean): Outcome | undefined {
    const { file } = open;
    if ((open.access & Shares.Delete) === 0) return { status: 'AccessDenied' };
    if (pending && this.#break(file, H, open)) return undefined;
    file.deletePending = pending;
    return { status: 'Success' };
  }

  #cancel(number: number): void {
    const at = this.waiting.findIndex((waiting) => waiting.number === number);
    if (at === -1) return;
    this.waiting.splice(at, 1);
    this.#answer(number, { status: 'Cancelled' });
  }

  /**
   * A break sent through an open that is gone is sent through another one; if that belongs to `lost`, all caching is
   * lost.
   */
  #tellAnother(holder: Holder, open: ModelOpen, lost: number | undefined): void {
    if (holder.breakingTo === undefined || holder.toldThrough !== open) return;
    const [next] = holder.opens;
    holder.toldThrough = next;
    // Over whichever of its connections is left.
    if (next !== undefined && [...holder.opens].every((one) => one.client === lost)) this.#settle(holder, 0);
  }

  /** A logoff completes waiting requests; a lost connection cannot. */
  #leave(number: number, client: number, answers: boolean): void {
    for (const waiting of this.waiting.filter(({ op }) => op.client === client)) {
      this.waiting.splice(this.waiting.indexOf(waiting), 1);
      if (answers) this.#answer(waiting.number, { status: 'any' });
    }
    // All at once: whoever waits for one of its opens must not find the others.
    const left = [...this.opens.values()].filter((one) => one.client === client);
    for (const open of left) open.holder?.opens.delete(open);
    for (const { holder } of left) if (holder?.opens.size === 0) holder.file.holders.delete(holder);
    for (const open of left) {
      this.#close(open);
      if (open.holder) this.#tellAnother(open.holder, open, answers ? undefined : client);
    }
    if (answers) return this.#answer(number, { status: 'Success' });
    // Notifications to the lost client are not heard.
    const heard = this.#breaks.splice(0).filter(({ by }) => by !== client);
    this.#breaks.push(...heard);
  }
}

/** Order in which one event releases waiting operations: deletes, then opens; renames take longer. */
const rank = ({ op, found, seen }: Waiting): number =>
  seen === undefined ? -1 : op.what === 'dispose' ? 0 : op.what === 'rename' && !found ? 2 : 1;

function stirs({ op, open, found }: Waiting): number {
  const file = found ?? open?.file;
  return (op.what === 'lock' ? file?.unlocks : file?.stirs) ?? 0;
}
