import type { SeenChange, Watcher } from '#coord/changes.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileNotifyInformation, FileNotifyList } from '#wire/fscc/notify.js';
import type { ServerCore } from '../core.js';
import { type DiskOpen, requireAccess } from '../state/open.js';

/** A notification request that waits. */
interface Waiter {
  readonly maxBytes: number;
  readonly settle: (outcome: WatchOutcome) => void;
}

/**
 * How a notification ended: Success with changes, NotifyEnumDir (too much to tell), Cancelled, NotifyCleanup (the
 * handle is closed), DeletePending (the directory is on its way out).
 */
export interface WatchOutcome {
  readonly status: number;
  readonly changes: Uint8Array;
}

const NONE: Uint8Array = new Uint8Array(0);
/** Bytes of changes that a watch remembers at most, whatever the client has room for. */
const MAX_BUFFER = 65_536;
/** Of one change, without its name. */
const CHANGE_BYTES = 12;

/**
 * The watch of one directory handle ([MS-SMB2] 3.3.5.19): begins with the first request, whose filter, depth and room
 * hold for all that follow; remembers what happens between requests, and ends with the handle. Too much to remember is
 * told as NotifyEnumDir.
 */
export class Watch implements Watcher {
  readonly #core: ServerCore;
  readonly #open: DiskOpen;
  readonly #room: number;
  readonly #waiters: Waiter[] = [];
  #unsubscribe: (() => void) | undefined;
  /** How it ended. */
  #ended: number | undefined;
  #changes: SeenChange[] = [];
  /** Of the changes, at least. */
  #bytes = 0;
  #overflow = false;

  constructor(core: ServerCore, open: DiskOpen, room: number) {
    this.#core = core;
    this.#open = open;
    this.#room = Math.min(room, MAX_BUFFER);
    open.tree.session.watches++;
  }

  /** A later request on the handle, if there can be any, begins anew. */
  get isOver(): boolean {
    return this.#ended !== undefined;
  }

  /** Begins to listen. */
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

  /** Ends the watch; who waits gets the status. */
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

/** What somebody wants to be told. */
export interface WatchFacts {
  readonly filter: number;
  readonly recursive: boolean;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/** Waits for changes in an open directory, of whatever dialect the request is. Refuses at once, by a throw. */
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
    // Whoever may not look any more is not told of names either.
    if (outcome.status === NtStatus.Success) open.tree.require('read');
    return outcome;
  } finally {
    session.waiting--;
  }
}

/** The first request stands in the queue before the watch listens, and the watch ends with the handle in any case. */
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
