import type { SeenChange } from '#coord/changes.js';
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

/** How a notification ended: Success with changes, NotifyEnumDir (too much to tell), Cancelled, NotifyCleanup. */
export interface WatchOutcome {
  readonly status: number;
  readonly changes: Uint8Array;
}

const NONE: Uint8Array = new Uint8Array(0);

/**
 * The watch of one directory handle ([MS-SMB2] 3.3.5.19): begins with the first request, remembers what happens
 * between requests, and ends with the handle. Too much to remember is told as NotifyEnumDir.
 */
export class Watch {
  readonly #core: ServerCore;
  readonly #waiters: Waiter[] = [];
  #unsubscribe: (() => void) | undefined;
  #ended = false;
  #changes: SeenChange[] = [];
  #overflow = false;

  constructor(core: ServerCore) {
    this.#core = core;
  }

  /** Begins to listen. */
  async start(open: DiskOpen, filter: number, recursive: boolean): Promise<void> {
    const interest = { path: open.claim.path, recursive, filter };
    const unsubscribe = await this.#core.notifier.subscribe(open.backend, interest, (seen) => this.#take(seen));
    if (this.#ended) unsubscribe();
    else this.#unsubscribe = unsubscribe;
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
      if (this.#ended) return resolve({ status: NtStatus.NotifyCleanup, changes: NONE });
      signal.addEventListener('abort', cancel);
      this.#waiters.push(waiter);
      this.#serve();
    });
  }

  /** Ends the watch; who waits gets the status. */
  end(status: number): void {
    this.#ended = true;
    this.#unsubscribe?.();
    for (const waiter of this.#waiters.splice(0)) waiter.settle({ status, changes: NONE });
  }

  #take(seen: readonly SeenChange[]): void {
    if (this.#changes.length + seen.length > this.#core.limits.changesPerWatch) this.#overflow = true;
    else this.#changes.push(...seen);
    this.#serve();
  }

  #serve(): void {
    if (this.#changes.length === 0 && !this.#overflow) return;
    const waiter = this.#waiters.shift();
    if (!waiter) return;
    const list = encodeChanges(this.#core, this.#changes);
    const tooMuch = this.#overflow || list.length > waiter.maxBytes;
    this.#changes = [];
    this.#overflow = false;
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
  if (open.tree.session.waiting >= core.limits.watches) throw new StatusError(NtStatus.InsufficientResources);
  return wait(core, open, facts);
}

async function wait(core: ServerCore, open: DiskOpen, facts: WatchFacts): Promise<WatchOutcome> {
  const { session } = open.tree;
  session.waiting++;
  try {
    const watch = open.watch ?? (await begin(core, open, facts));
    const outcome = await watch.next(facts.maxBytes, facts.signal);
    // Whoever may not look any more is not told of names either.
    if (outcome.status === NtStatus.Success) open.tree.require('read');
    return outcome;
  } finally {
    session.waiting--;
  }
}

/** The watch is the handle's before it listens, so that it ends with the handle in any case. */
async function begin(core: ServerCore, open: DiskOpen, { filter, recursive }: WatchFacts): Promise<Watch> {
  const watch = new Watch(core);
  open.watch = watch;
  try {
    await watch.start(open, filter, recursive);
  } catch (error) {
    open.watch = undefined;
    watch.end(NtStatus.NotifyCleanup);
    throw error;
  }
  return watch;
}
