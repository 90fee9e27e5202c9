import type { Clock } from '#engine/transport.js';
import { ConnectionLost, StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { abortable } from '../abort.js';
import type { ClientConnection, Control, FileProtocol, Tree } from '../protocol.js';
import { folded, sameName } from './unc-path.js';

/** A share that requests are sent to. */
export interface Place {
  readonly server: string;
  readonly port: number;
  readonly share: string;
  readonly connection: ClientConnection;
  readonly tree: Tree;
}

/** Connects to a share on any server with the account and policies of the first one. */
export type Reach = (where: Where, signal: AbortSignal) => Promise<Place>;

export interface Where {
  readonly server: string;
  readonly port: number;
  readonly share: string;
}

export function protocolOf(place: Place): FileProtocol {
  return place.tree.protocol;
}

const GONE: readonly number[] = [
  NtStatus.BadNetworkName,
  NtStatus.NetworkNameDeleted,
  NtStatus.NetworkAccessDenied,
  NtStatus.InsufficientResources,
  NtStatus.RequestNotAccepted,
];
/** An unused connection is closed after this time; it is opened again on demand. */
const IDLE_MS = 120_000;
/** Unused connections that are kept. */
const MAX_IDLE = 32;

/** Whether another server with the same content may succeed. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof ConnectionLost || (error instanceof StatusError && GONE.includes(error.status));
}

interface Known {
  readonly key: string;
  readonly reaching: Promise<Place>;
  readonly stop: AbortController;
  place: Place | undefined;
  /** Calls that wait for this connection. */
  waiting: number;
  /** Operations in progress and open handles. */
  users: number;
  usedAt: number;
}

/** The other shares that a share leads to. Each is connected to once, for as long as it is in use. */
export class Places {
  readonly #home: Place;
  readonly #reach: Reach;
  readonly #clock: Clock;
  readonly #known = new Map<string, Known>();
  #stopSweeping: (() => void) | undefined;
  #closed = false;

  constructor(home: Place, reach: Reach, clock: Clock) {
    this.#home = home;
    this.#reach = reach;
    this.#clock = clock;
  }

  /** The share, if it is already connected. */
  there(where: Where): Place | undefined {
    return this.#known.get(keyOf(where))?.place;
  }

  /** One caller that gives up does not stop the connection attempt for the others; when all have, it is aborted. */
  async at(where: Where, control: Control): Promise<Place> {
    if (this.#closed) throw closed();
    const key = keyOf(where);
    const known = this.#known.get(key) ?? this.#begin(key, where);
    if (known.place) return known.place;
    known.waiting++;
    try {
      return await abortable(known.reaching, control.signal);
    } finally {
      known.waiting--;
      if (known.waiting === 0 && !known.place) this.#giveUp(known);
    }
  }

  #begin(key: string, where: Where): Known {
    const stop = new AbortController();
    const reaching = this.#go(where, stop.signal).then(
      (place) => this.#arrived(known, place),
      (error) => {
        this.#forget(known);
        throw error;
      },
    );
    const known: Known = { key, reaching, stop, place: undefined, waiting: 0, users: 0, usedAt: 0 };
    this.#known.set(key, known);
    return known;
  }

  async #go(where: Where, signal: AbortSignal): Promise<Place> {
    const { connection, server, port } = this.#home;
    if (port !== where.port || !sameName(server, where.server)) return this.#reach(where, signal);
    return { ...where, connection, tree: await connection.tree(where.share, { signal }) };
  }

  async #arrived(known: Known, place: Place): Promise<Place> {
    const { signal } = known.stop;
    if (signal.aborted) {
      await this.#leave(place);
      throw signal.reason;
    }
    known.place = place;
    known.usedAt = this.#clock.now();
    this.#stopSweeping ??= this.#clock.after(IDLE_MS, this.#sweep);
    const idle = [...this.#known.values()].filter((other) => other !== known && isIdle(other));
    idle.sort((a, b) => a.usedAt - b.usedAt);
    for (const other of idle.slice(0, Math.max(0, idle.length - MAX_IDLE))) this.#quit(other);
    return place;
  }

  readonly #sweep = (): void => {
    this.#stopSweeping = undefined;
    const before = this.#clock.now() - IDLE_MS;
    for (const known of [...this.#known.values()]) if (isIdle(known) && known.usedAt <= before) this.#quit(known);
    if (this.#known.size > 0) this.#stopSweeping = this.#clock.after(IDLE_MS, this.#sweep);
  };

  /** Marks the place as in use until the returned function is called. */
  use(place: Place): () => void {
    const known = place === this.#home ? undefined : this.#knownAs(place);
    if (!known) return nothing;
    known.users++;
    let used = true;
    return () => {
      if (!used) return;
      used = false;
      known.users--;
      known.usedAt = this.#clock.now();
    };
  }

  #knownAs(place: Place): Known | undefined {
    const known = this.#known.get(keyOf(place));
    return known?.place === place ? known : undefined;
  }

  #forget(known: Known): void {
    if (this.#known.get(known.key) === known) this.#known.delete(known.key);
  }

  #giveUp(known: Known): void {
    this.#forget(known);
    known.stop.abort(closed());
  }

  // Errors are ignored: if the disconnect cannot be sent, the connection is gone anyway.
  #quit(known: Known): void {
    this.#forget(known);
    if (known.place) void this.#leave(known.place);
  }

  async #leave({ connection, tree }: Place): Promise<void> {
    await Promise.allSettled([tree.protocol.disconnect()]);
    if (connection !== this.#home.connection) await connection.close();
  }

  /** Drops a place whose connection is lost; it is connected again on the next use. */
  async drop(place: Place): Promise<void> {
    const known = this.#knownAs(place);
    if (!known) return;
    this.#forget(known);
    await this.#leave(place);
  }

  /** Leaves all places. Never fails. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#stopSweeping?.();
    const all = [...this.#known.values()];
    this.#known.clear();
    for (const { stop } of all) stop.abort(closed());
    await Promise.allSettled(all.map(({ place }) => place && this.#leave(place)));
  }
}

function keyOf({ server, port, share }: Where): string {
  return folded(`${server}:${port}\\${share}`);
}

function isIdle({ place, users }: Known): boolean {
  return place !== undefined && users === 0;
}

function nothing(): void {
  // The home share is released by its owner.
}

function closed(): ConnectionLost {
  return new ConnectionLost('the share is closed', { retryable: false, code: 'SMB_CLOSED' });
}
