import type { Clock, Random } from '#engine/transport.js';
import { ConnectionLost } from '#wire/erref/errors.js';
import { abortable, pause } from '../abort.js';
import { closed } from '../errors.js';
import type { ClientConnection, Control } from '../protocol.js';
import type { Absence } from './absence.js';
import { delayOf, type ReconnectPolicy, Relapses } from './backoff.js';
import { mayComeBack } from './loss.js';

/**
 * Connects and logs on; `previous` is the connection that this one takes the place of. `reached` is told before the
 * server hears of that.
 */
export type Dial = (
  previous: ClientConnection | undefined,
  signal: AbortSignal,
  reached: () => void,
) => Promise<ClientConnection>;

export interface LastingSettings {
  readonly dial: Dial;
  /** Undefined: what is lost stays lost. */
  readonly reconnect: ReconnectPolicy | undefined;
  readonly clock: Clock;
  readonly random: Random;
}

/** Connecting again, under way. */
interface Attempt {
  readonly result: Promise<ClientConnection>;
  readonly stop: AbortController;
  waiting: number;
}

/** A session that comes back when its connection was lost: as soon as it is needed, or at once while files are open. */
export class LastingConnection {
  /** Told when the session has come back. */
  readonly back: Set<() => void> = new Set();
  readonly #settings: LastingSettings;
  #client: ClientConnection | undefined;
  /** Why the session is no good although its connection may live on. */
  #discarded: unknown;
  #attempt: Attempt | undefined;
  readonly #absences = new WeakMap<ClientConnection, Absence>();
  readonly #relapses = new Relapses();
  #enteredAt = 0;
  #kept = 0;
  /** It was tried to bring it back, in vain so far. */
  #failing = false;
  readonly #listeners = new Set<() => void>();
  #away: unknown;
  #closed = false;

  constructor(settings: LastingSettings) {
    this.#settings = settings;
  }

  /** The session as it was last, dead or alive; undefined before the first. */
  get last(): ClientConnection | undefined {
    return this.#client;
  }

  /** Why it is not worth waiting for it: the last attempt to bring it back has failed. */
  get away(): unknown {
    return this.#attempt ? undefined : this.#away;
  }

  /** Calls back as soon as it cannot be brought back at once. Returns what ends that. */
  whenAway(listener: () => void): () => void {
    if (this.#failing) queueMicrotask(listener);
    else this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get reconnects(): boolean {
    return this.#settings.reconnect !== undefined;
  }

  get now(): number {
    return this.#settings.clock.now();
  }

  /**
   * The pause before a share that was taken away is connected to again: none at first, as with sessions that come back
   * and do not stay. Fails when that has gone on for too long.
   */
  async rest(relapses: Relapses, begun: number, share: string, signal: AbortSignal): Promise<void> {
    const { clock, random, reconnect: policy } = this.#settings;
    if (!policy) return;
    const now = clock.now();
    const ms = relapses.pauseAfter(begun, now, policy, random);
    if (ms === 0) return;
    if (now + ms - relapses.since > policy.timeoutMs) {
      const message = `the server takes the share ${share} away again and again, for ${policy.timeoutMs / 1000} s`;
      throw new ConnectionLost(message, { code: 'ETIMEDOUT', retryable: false });
    }
    await pause(clock, ms, signal);
  }

  /** As long as anything is kept, a lost session is brought back at once. Returns what ends that. */
  keep(): () => void {
    this.#kept++;
    let kept = true;
    return () => {
      if (kept) this.#kept--;
      kept = false;
      this.#stopIfIdle();
    };
  }

  /** The session is no good any more, although its connection may live on. */
  discard(client: ClientConnection, cause: unknown): void {
    if (!this.isLive(client)) return;
    this.#discarded = cause;
    this.#onLoss(client);
  }

  isLive(client: ClientConnection): boolean {
    return client === this.#client && this.#discarded === undefined && client.lost === undefined;
  }

  /** While what followed on a session that was lost was not there yet; undefined where it was not lost. */
  absenceOf(client: ClientConnection): Absence | undefined {
    return this.#absences.get(client);
  }

  /** A session that lives. */
  live(control: Control = {}): Promise<ClientConnection> {
    if (this.#closed) return Promise.reject(closed('the connection'));
    const client = this.#client;
    if (client && this.isLive(client)) return Promise.resolve(client);
    if (client && !this.reconnects) return Promise.reject(client.lost ?? this.#discarded);
    return this.#join(control);
  }

  async #join({ signal }: Control): Promise<ClientConnection> {
    signal?.throwIfAborted();
    this.#attempt ??= this.#begin();
    const attempt = this.#attempt;
    attempt.waiting++;
    try {
      return await abortable(attempt.result, signal);
    } finally {
      attempt.waiting--;
      this.#stopIfIdle();
    }
  }

  // Nobody waits for it, nothing depends on it.
  #stopIfIdle(): void {
    const attempt = this.#attempt;
    if (!attempt || attempt.waiting > 0 || this.#kept > 0) return;
    // Whoever comes from now on begins anew.
    this.#attempt = undefined;
    attempt.stop.abort(abandoned());
  }

  #begin(): Attempt {
    const stop = new AbortController();
    const lost = this.#client;
    const work = lost ? this.#again(lost, stop) : this.#settings.dial(undefined, stop.signal, ignore);
    const over = (): void => {
      if (this.#attempt === attempt) this.#attempt = undefined;
    };
    const result = work.then(
      (client) => {
        over();
        return this.#enter(client, stop.signal);
      },
      (error) => {
        // What was called off says nothing of the server.
        if (this.#attempt === attempt) this.#away = error;
        over();
        throw error;
      },
    );
    // Whoever waits hears of it; nobody need wait.
    result.catch(() => undefined);
    const attempt: Attempt = { result, stop, waiting: 0 };
    return attempt;
  }

  #enter(client: ClientConnection, signal: AbortSignal): ClientConnection {
    if (signal.aborted) {
      client.close().catch(() => undefined);
      throw signal.reason;
    }
    const first = this.#client === undefined;
    this.#client = client;
    this.#enteredAt = this.#settings.clock.now();
    this.#away = this.#discarded = undefined;
    this.#failing = false;
    client.whenLost(() => this.#onLoss(client));
    if (!first) for (const tell of this.back) tell();
    return client;
  }

  #onLoss(client: ClientConnection): void {
    const lostAt = this.#settings.clock.now();
    if (!this.#absences.has(client)) this.#absences.set(client, { lostAt, backAt: undefined });
    if (this.#closed || this.#kept === 0 || this.#client !== client || !this.reconnects) return;
    this.#attempt ??= this.#begin();
  }

  async #again(lost: ClientConnection, stop: AbortController): Promise<ClientConnection> {
    const { clock, random, dial } = this.#settings;
    const reached = (): void => {
      const absence = this.#absences.get(lost);
      if (absence) absence.backAt ??= clock.now();
    };
    const policy = this.#settings.reconnect as ReconnectPolicy;
    let last: unknown = lost.lost ?? this.#discarded;
    // Gives its connection back; where that lives on, it says goodbye.
    lost.close().catch(() => undefined);
    const now = clock.now();
    const rest = this.#relapses.pauseAfter(this.#enteredAt, now, policy, random);
    const leftMs = Math.max(0, policy.timeoutMs - (now - this.#relapses.since));
    const late = clock.after(leftMs, () => stop.abort(gaveUp(lost, policy, last)));
    try {
      if (rest > 0) await pause(clock, rest, stop.signal);
      for (let attempt = 0; ; attempt++) {
        try {
          return await dial(lost, stop.signal, reached);
        } catch (error) {
          if (stop.signal.aborted || !mayComeBack(error)) throw error;
          last = error;
        }
        this.#failing = true;
        for (const tell of this.#listeners) tell();
        await pause(clock, delayOf(policy, attempt, random), stop.signal);
      }
    } finally {
      late();
    }
  }

  /** Logs off; whoever waits is told. Never fails. */
  async close(): Promise<void> {
    this.#closed = true;
    const attempt = this.#attempt;
    attempt?.stop.abort(abandoned());
    await attempt?.result.catch(() => undefined);
    await this.#client?.close();
  }
}

function ignore(): void {
  // Nobody was there before.
}

function abandoned(): ConnectionLost {
  return new ConnectionLost('the connection was closed by this side', { code: 'SMB_CLOSED', retryable: false });
}

function gaveUp(lost: ClientConnection, { timeoutMs }: ReconnectPolicy, cause: unknown): ConnectionLost {
  const why = cause instanceof Error ? `: ${cause.message}` : '';
  const what = `the connection to ${lost.host} was lost and did not come back within ${timeoutMs / 1000} s${why}`;
  return new ConnectionLost(what, { code: 'ETIMEDOUT', cause });
}
