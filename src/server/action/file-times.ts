import type { Clock } from '#engine/transport.js';
import type { InfoChange } from '#fs/backend.js';
import { notes } from '#tap/events.js';
import { filetimeFromMs } from '#wire/dtyp/filetime.js';
import type { Notifier } from '../notifier.js';
import { type DiskOpen, writable } from '../state/open.js';

/** Timestamp handling of one open handle. */
export interface HandleTimes {
  /** Writes through this handle do not change the visible write time. */
  held: boolean;
  /** The client set the write time, which must stay. */
  byHand: boolean;
  /** Change time set by the client. */
  changeTime: bigint | undefined;
  /** Cancels the timer for showing the write time. */
  cancel: (() => void) | undefined;
  /** Closing the handle updates the write time. */
  onClose: boolean;
}

/** A file with writes that do not show yet. */
interface Held {
  shown: bigint;
  handles: number;
}

/** A file written to right after its creation shows a single time: Windows' clock ticks 64 times a second. */
const TICK = 156_250n;

/**
 * Write times as clients see them. The medium updates the write time with each write. Where that must not show, because
 * a client set the time explicitly ([MS-FSA] 2.1.5.15.2) or until the delay of [MS-FSA] 2.1.4.17 is over, the visible
 * time is restored after each write.
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

  /** Must be called before a write. */
  before(open: DiskOpen): void | Promise<void> {
    if (this.#delayMs === 0 || open.times?.byHand) return;
    if (open.times?.held !== true) return this.#delay(open);
    open.times.onClose = true;
  }

  /** Must be called after a write. */
  after(open: DiskOpen): void | Promise<void> {
    if (open.times !== undefined || this.#held.size > 0) return this.#putBack(open);
  }

  /** The size was set explicitly, which shows at once. */
  async changed(open: DiskOpen): Promise<void> {
    const { times } = open;
    if (times?.byHand) return this.#putBack(open);
    this.#stopWaiting(times);
    if (times) times.onClose = false;
    await this.#show(open, this.#now());
  }

  /** Shows pending writes now. */
  async flush(open: DiskOpen): Promise<void> {
    if (open.times?.cancel !== undefined) await this.changed(open);
  }

  /** The client set the write time: writes through this handle no longer change it. */
  hold(open: DiskOpen, time: bigint): void {
    const times = timesOf(open);
    this.#stopWaiting(times);
    times.byHand = true;
    times.onClose = false;
    this.#hold(open, times, time);
  }

  /** Writes through this handle change the write time again. */
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
