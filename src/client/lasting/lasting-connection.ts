import type { Clock, Random } from '#engine/transport.js';
import { ConnectionLost } from '#wire/erref/errors.js';
import { abortable, pause } from '../abort.js';
import { closed } from '../errors.js';
import type { ClientConnection, Control } from '../protocol.js';
import type { Absence } from './absence.js';
import { delayOf, type ReconnectPolicy, Relapses } from './backoff.js';
import { mayComeBack } from './loss.js';

/**
 * Connects and logs on; `previous` is the connection to be replaced. `reached` is called before the server learns of
 * that.
 */
export type Dial = (
  previous: ClientConnection | undefined,
  signal: AbortSignal,
  reached: () => void,
) => Promise<ClientConnection>;

export interface LastingSettings {
  readonly dial: Dial;
  /** Undefined: no reconnecting. */
  readonly reconnect: ReconnectPolicy | undefined;
  readonly clock: Clock;
  readonly random: Random;
}

/** A connection attempt in progress. */
interface Attempt {
  readonly result: Promise<ClientConnection>;
  readonly stop: AbortController;
  waiting: number;
}

/** A session that is restored after a connection loss: on the next use, or at once while files are open. */
export class LastingConnection {
  /** Called when the session is restored. */
  readonly back: Set<() => void> = new Set();
  readonly #settings: LastingSettings;
  #client: ClientConnection | undefined;
  /** Why the session is unusable although its connection may be alive. */
  #discarded: unknown;
  #attempt: Attempt | undefined;
  readonly #absences = new WeakMap<ClientConnection, Absence>();
  readonly #relapses = new Relapses();
  #enteredAt = 0;
  #kept = 0;
  /** Attempts to reconnect have failed so far. */
  #failing = false;
  readonly #listeners = new Set<() => void>();
  #away: unknown;
  #closed = false;

  constructor(settings: LastingSettings) {
    this.#settings = settings;
  }

  /** The latest session, dead or alive; undefined before the first. */
  get last(): ClientConnection | undefined {
    return this.#client;
  }

  /** Why there is no point in waiting: the error of the last failed attempt to reconnect. */
  get away(): unknown {
    return this.#attempt ? undefined : this.#away;
  }

  /** Calls back as soon as an attempt to reconnect fails. Returns a function that removes the listener. */
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
   * The pause before reconnecting to a share that the server took away: none at first, then growing as for sessions
   * that do not last. Fails when this has gone on for too long.
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

  /** While anything is kept, a lost session is restored at once. Returns a function that ends this. */
  keep(): () => void {
    this.#kept++;
    let kept = true;
    return () => {
      if (kept) this.#kept--;
      kept = false;
      this.#stopIfIdle();
    };
  }

  /** Marks the session as unusable although its connection may be alive. */
  discard(client: ClientConnection, cause: unknown): void {
    if (!this.isLive(client)) return;
    this.#discarded = cause;
    this.#onLoss(client);
  }

  isLive(client: ClientConnection): boolean {
    return client === this.#client && this.#discarded === undefined && client.lost === undefined;
  }

  /** The time between the loss of a session and its replacement; undefined if it was not lost. */
  absenceOf(client: ClientConnection): Absence | undefined {
    return this.#absences.get(client);
  }

  /** A live session. */
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

  // Aborts the attempt if no caller waits for it and no open file needs it.
  #stopIfIdle(): void {
    const attempt = this.#attempt;
    if (!attempt || attempt.waiting > 0 || this.#kept > 0) return;
    // A later caller starts a new attempt.
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
        // An aborted attempt says nothing about the server.
        if (this.#attempt === attempt) this.#away = error;
        over();
        throw error;
      },
    );
    // Callers that wait get the error; without any, it must not become an unhandled rejection.
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
    // Releases the old connection; if that is still alive, this logs off.
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

  /** Logs off and rejects pending calls. Never fails. */
  async close(): Promise<void> {
    this.#closed = true;
    const attempt = this.#attempt;
    attempt?.stop.abort(abandoned());
    await attempt?.result.catch(() => undefined);
    await this.#client?.close();
  }
}

function ignore(): void {
  // There was no connection before.
}

function abandoned(): ConnectionLost {
  return new ConnectionLost('the connection was closed by this side', { code: 'SMB_CLOSED', retryable: false });
}

function gaveUp(lost: ClientConnection, { timeoutMs }: ReconnectPolicy, cause: unknown): ConnectionLost {
  const why = cause instanceof Error ? `: ${cause.message}` : '';
  const what = `the connection to ${lost.host} was lost and did not come back within ${timeoutMs / 1000} s${why}`;
  return new ConnectionLost(what, { code: 'ETIMEDOUT', cause });
}
