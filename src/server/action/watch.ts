import type { SeenChange, Watcher } from '#coord/changes.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileNotifyInformation, FileNotifyList } from '#wire/fscc/notify.js';
import type { ServerCore } from '../core.js';
import { type DiskOpen, requireAccess } from '../state/open.js';

/** A pending notification request. */
interface Waiter {
  readonly maxBytes: number;
  readonly settle: (outcome: WatchOutcome) => void;
}

/**
 * Outcome of a notification: Success with changes, NotifyEnumDir (too many changes), Cancelled, NotifyCleanup (the
 * handle was closed), DeletePending (the directory is being deleted).
 */
export interface WatchOutcome {
  readonly status: number;
  readonly changes: Uint8Array;
}

const NONE: Uint8Array = new Uint8Array(0);
/** Limit on remembered changes in bytes, whatever buffer size the client offers. */
const MAX_BUFFER = 65_536;
/** Size of one change without its name. */
const CHANGE_BYTES = 12;

/**
 * The watch of a directory handle ([MS-SMB2] 3.3.5.19). Starts with the first request, whose filter, depth and buffer
 * size apply to all later ones; remembers changes between requests, and ends with the handle. If there are too many
 * changes to remember, reports NotifyEnumDir.
 */
export class Watch implements Watcher {
  readonly #core: ServerCore;
  readonly #open: DiskOpen;
  readonly #room: number;
  readonly #waiters: Waiter[] = [];
  #unsubscribe: (() => void) | undefined;
  /** Final status, once ended. */
  #ended: number | undefined;
  #changes: SeenChange[] = [];
  /** Lower bound for the encoded size of the remembered changes. */
  #bytes = 0;
  #overflow = false;

  constructor(core: ServerCore, open: DiskOpen, room: number) {
    this.#core = core;
    this.#open = open;
    this.#room = Math.min(room, MAX_BUFFER);
    open.tree.session.watches++;
  }

  /** Whether a later request on the handle, if allowed, must start a new watch. */
  get isOver(): boolean {
    return this.#ended !== undefined;
  }

  /** Starts watching. */
  async start(filter: number, recursive: boolean): Promise<void> {
    const { backend, claim } = this.#open;
    const unsubscribe = await this.#core.notifier.subscribe(backend, { path: claim.path, recursive, filter }, this);
    if (this.#ended === undefined) this.#unsubscribe = unsubscribe;
    else unsubscribe();
    if (await this.#core.coordinator.opens.isDeletePending(claim)) this.gone();
  }

  /** Waits for the next changes. */
  next(maxBytes: number, signal: AbortSignal): Promise<WatchOutcome> {
    return new Promise((resolve) => {
      const waiter: Waiter = {
        maxBytes,
        settle: (outcome) => {
          signal.removeEventListener('abort', cancel);
          resolve(outcome);
        },
      };
      const cancel = (): void => {
        const at = this.#waiters.indexOf(waiter);
        if (at !== -1) this.#waiters.splice(at, 1);
        waiter.settle({ status: NtStatus.Cancelled, changes: NONE });
      };
      if (signal.aborted) return resolve({ status: NtStatus.Cancelled, changes: NONE });
      if (this.#ended !== undefined) return resolve({ status: this.#ended, changes: NONE });
      signal.addEventListener('abort', cancel);
      this.#waiters.push(waiter);
      this.#serve();
    });
  }

  /** Ends the watch; pending requests complete with the status. */
  end(status: number): void {
    if (this.#ended !== undefined) return;
    this.#ended = status;
    this.#open.tree.session.watches--;
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#forget();
    for (const waiter of this.#waiters.splice(0)) waiter.settle({ status, changes: NONE });
  }

  seen(changes: readonly SeenChange[]): void {
    for (const { path } of changes) this.#bytes += CHANGE_BYTES + 2 * path.length;
    const count = this.#changes.length + changes.length;
    if (count > this.#core.limits.changesPerWatch || this.#bytes > this.#room) this.#overflow = true;
    if (this.#overflow) this.#changes = [];
    else this.#changes.push(...changes);
    this.#serve();
  }

  gone(): void {
    this.end(NtStatus.DeletePending);
  }

  #forget(): void {
    this.#changes = [];
    this.#bytes = 0;
    this.#overflow = false;
  }

  #serve(): void {
    if (this.#changes.length === 0 && !this.#overflow) return;
    const waiter = this.#waiters.shift();
    if (!waiter) return;
    const list = encodeChanges(this.#core, this.#changes);
    const tooMuch = this.#overflow || list.length > Math.min(waiter.maxBytes, this.#room);
    this.#forget();
    waiter.settle(
      tooMuch ? { status: NtStatus.NotifyEnumDir, changes: NONE } : { status: NtStatus.Success, changes: list },
    );
  }
}

function encodeChanges(core: ServerCore, changes: readonly SeenChange[]): Uint8Array {
  const list = new FileNotifyList();
  for (const { action, path } of changes) {
    list.entries.push(FileNotifyInformation.of(action, path.replaceAll('/', '\\')));
  }
  return core.encoder.encode(list).slice();
}

/** Parameters of a notification request. */
export interface WatchFacts {
  readonly filter: number;
  readonly recursive: boolean;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/** Waits for changes in an open directory, for any dialect. Refusals are thrown synchronously. */
export function watch(core: ServerCore, open: DiskOpen, facts: WatchFacts): Promise<WatchOutcome> {
  if (!open.isDirectory) throw new StatusError(NtStatus.InvalidParameter);
  requireAccess(open, FileAccess.ReadData);
  open.tree.require('read');
  const { session } = open.tree;
  const { watches } = core.limits;
  const known = open.watch?.isOver === false ? open.watch : undefined;
  if (session.waiting >= watches || (known === undefined && session.watches >= watches)) {
    throw new StatusError(NtStatus.InsufficientResources);
  }
  return known ? wait(open, known, facts) : begin(core, open, facts);
}

async function wait(open: DiskOpen, watch: Watch, { maxBytes, signal }: WatchFacts): Promise<WatchOutcome> {
  const { session } = open.tree;
  session.waiting++;
  try {
    const outcome = await watch.next(maxBytes, signal);
    // A user who may no longer read the share must not learn any names.
    if (outcome.status === NtStatus.Success) open.tree.require('read');
    return outcome;
  } finally {
    session.waiting--;
  }
}

/** The first request is queued before the watch starts listening. The watch ends with the handle in any case. */
async function begin(core: ServerCore, open: DiskOpen, facts: WatchFacts): Promise<WatchOutcome> {
  const watch = new Watch(core, open, facts.maxBytes);
  open.watch = watch;
  const outcome = wait(open, watch, facts);
  try {
    await watch.start(facts.filter, facts.recursive);
  } catch (error) {
    watch.end(NtStatus.NotifyCleanup);
    await outcome;
    throw error;
  }
  return outcome;
}
