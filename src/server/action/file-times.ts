import type { Clock } from '#engine/transport.js';
import type { InfoChange } from '#fs/backend.js';
import { notes } from '#tap/events.js';
import { filetimeFromMs } from '#wire/dtyp/filetime.js';
import type { Notifier } from '../notifier.js';
import { type DiskOpen, writable } from '../state/open.js';

/** What a handle does to the times of its file. */
export interface HandleTimes {
  /** Writing through the handle does not show in the file's write time. */
  held: boolean;
  /** Said by the client, who wants it to stay. */
  byHand: boolean;
  /** What the client wants the change time to be. */
  changeTime: bigint | undefined;
  /** Ends the wait for the write time to show. */
  cancel: (() => void) | undefined;
  /** Closing the handle shows that it wrote. */
  onClose: boolean;
}

/** A file that somebody writes to without it showing. */
interface Held {
  shown: bigint;
  handles: number;
}

/** A file that is written to right after it was made has one time: Windows' clock ticks 64 times a second. */
const TICK = 156_250n;

/**
 * Write times as clients see them. The medium notes each write by itself. Where that must not show, because a client set
 * the time by hand ([MS-FSA] 2.1.5.15.2), or until the delay of [MS-FSA] 2.1.4.17 is over, what it noted is put back
 * after each write.
 */
export class FileTimes {
  readonly #clock: Clock;
  readonly #delayMs: number;
  readonly #notifier: Pick<Notifier, 'expect' | 'done'>;
  readonly #held = new Map<string, Held>();

  constructor(clock: Clock, delayMs: number, notifier: Pick<Notifier, 'expect' | 'done'>) {
    this.#clock = clock;
    this.#notifier = notifier;
    this.#delayMs = delayMs;
  }

  /** To be called before a write. */
  before(open: DiskOpen): void | Promise<void> {
    if (this.#delayMs === 0 || open.times?.byHand) return;
    if (open.times?.held !== true) return this.#delay(open);
    open.times.onClose = true;
  }

  /** To be called after a write. */
  after(open: DiskOpen): void | Promise<void> {
    if (open.times !== undefined || this.#held.size > 0) return this.#putBack(open);
  }

  /** The size was set, which shows at once. */
  async changed(open: DiskOpen): Promise<void> {
    const { times } = open;
    if (times?.byHand) return this.#putBack(open);
    this.#stopWaiting(times);
    if (times) times.onClose = false;
    await this.#show(open, this.#now());
  }

  /** What was written shows from now on, if it waits to. */
  async flush(open: DiskOpen): Promise<void> {
    if (open.times?.cancel !== undefined) await this.changed(open);
  }

  /** The client sets the write time: the handle leaves it alone from now on. */
  hold(open: DiskOpen, time: bigint): void {
    const times = timesOf(open);
    this.#stopWaiting(times);
    times.byHand = true;
    times.onClose = false;
    this.#hold(open, times, time);
  }

  /** The handle's writes show again. */
  thaw(open: DiskOpen): void {
    const { times } = open;
    if (!times?.byHand) return;
    times.byHand = false;
    this.#release(open, times);
  }

  holdChange(open: DiskOpen, time: bigint | undefined): void {
    timesOf(open).changeTime = time;
  }

  /** The handle is about to be closed. */
  async closing(open: DiskOpen): Promise<void> {
    const { times } = open;
    if (times === undefined) return;
    this.#stopWaiting(times);
    if (times.onClose && this.#now() - (this.#held.get(keyOf(open))?.shown ?? 0n) >= TICK) {
      await this.#show(open, this.#now());
    }
    times.onClose = false;
    this.#release(open, times);
  }

  async #delay(open: DiskOpen): Promise<void> {
    const times = timesOf(open);
    const shown = this.#held.get(keyOf(open))?.shown ?? (await open.backend.stat(open.node)).lastWriteTime;
    if (times.held) return;
    this.#hold(open, times, shown);
    times.onClose = true;
    times.cancel = this.#clock.after(this.#delayMs, () => {
      times.cancel = undefined;
      times.onClose = false;
      this.#show(open, this.#now()).catch((error: unknown) => {
        const details = { path: open.claim.path, reason: String(error) };
        notes.publish({ level: 'warn', what: 'write time not set', connection: undefined, details });
      });
    });
  }

  async #putBack(open: DiskOpen): Promise<void> {
    const held = this.#held.get(keyOf(open));
    const { times } = open;
    if (held !== undefined && !times?.held) held.shown = (await open.backend.stat(open.node)).lastWriteTime;
    const change: InfoChange = {
      ...(times?.held && held && { lastWriteTime: held.shown }),
      ...(times?.changeTime !== undefined && { changeTime: times.changeTime }),
    };
    if (Object.keys(change).length > 0) await this.#set(open, change);
  }

  async #show(open: DiskOpen, time: bigint): Promise<void> {
    const held = this.#held.get(keyOf(open));
    if (held) held.shown = time;
    const changeTime = open.times?.changeTime;
    await this.#set(open, { lastWriteTime: time, ...(changeTime !== undefined && { changeTime }) });
  }

  async #set(open: DiskOpen, change: InfoChange): Promise<void> {
    const { path } = open.claim;
    this.#notifier.expect(open.backend, path, 'modified');
    try {
      await writable(open).setInfo(open.node, change);
    } finally {
      this.#notifier.done(open.backend, path);
    }
  }

  #hold(open: DiskOpen, times: HandleTimes, time: bigint): void {
    const key = keyOf(open);
    const held = this.#held.get(key) ?? { shown: time, handles: 0 };
    held.shown = time;
    if (!times.held) held.handles++;
    times.held = true;
    this.#held.set(key, held);
  }

  #release(open: DiskOpen, times: HandleTimes): void {
    if (!times.held) return;
    times.held = false;
    const held = this.#held.get(keyOf(open));
    if (held && --held.handles === 0) this.#held.delete(keyOf(open));
  }

  #stopWaiting(times: HandleTimes | undefined): void {
    times?.cancel?.();
    if (times) times.cancel = undefined;
  }

  #now(): bigint {
    return filetimeFromMs(this.#clock.now());
  }
}

function timesOf(open: DiskOpen): HandleTimes {
  open.times ??= { held: false, byHand: false, changeTime: undefined, cancel: undefined, onClose: false };
  return open.times;
}

function keyOf({ claim }: DiskOpen): string {
  return `${claim.volume}:${claim.file}`;
}
