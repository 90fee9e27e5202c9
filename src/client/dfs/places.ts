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

/** Connects to a share of any server, with the account and the policies that were given for the first one. */
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

/** Whether another server that has the same may do better. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof ConnectionLost || (error instanceof StatusError && GONE.includes(error.status));
}

interface Known {
  readonly reaching: Promise<Place>;
  place: Place | undefined;
}

/** The other shares that a share leads to, each connected to once. */
export class Places {
  readonly #home: Place;
  readonly #reach: Reach;
  readonly #known = new Map<string, Known>();
  readonly #stop = new AbortController();

  constructor(home: Place, reach: Reach) {
    this.#home = home;
    this.#reach = reach;
  }

  /** Who gives up waiting does not keep others from getting there. */
  at(where: Where, control: Control): Promise<Place> {
    const key = folded(`${where.server}:${where.port}\\${where.share}`);
    const known = this.#known.get(key) ?? this.#begin(key, where);
    return abortable(known.reaching, control.signal);
  }

  #begin(key: string, where: Where): Known {
    const known: Known = { reaching: this.#arrive(where, () => known, key), place: undefined };
    this.#known.set(key, known);
    return known;
  }

  async #arrive(where: Where, self: () => Known, key: string): Promise<Place> {
    try {
      const place = await this.#go(where);
      self().place = place;
      if (!this.#stop.signal.aborted) return place;
      await this.#leave(place);
      throw closed();
    } catch (error) {
      if (this.#known.get(key) === self()) this.#known.delete(key);
      throw error;
    }
  }

  async #go(where: Where): Promise<Place> {
    const { connection, server, port } = this.#home;
    if (port !== where.port || !sameName(server, where.server)) return this.#reach(where, this.#stop.signal);
    return { ...where, connection, tree: await connection.tree(where.share, { signal: this.#stop.signal }) };
  }

  async #leave({ connection, tree }: Place): Promise<void> {
    await Promise.allSettled([tree.protocol.disconnect()]);
    if (connection !== this.#home.connection) await connection.close();
  }

  /** A place whose connection broke is connected to anew when it is next asked for. */
  async drop(place: Place): Promise<void> {
    for (const [key, known] of this.#known) if (known.place === place) this.#known.delete(key);
    await this.#leave(place);
  }

  /** Leaves them all. Never fails. */
  async close(): Promise<void> {
    this.#stop.abort(closed());
    const all = [...this.#known.values()];
    this.#known.clear();
    await Promise.allSettled(all.map(({ place }) => place && this.#leave(place)));
  }
}

function closed(): ConnectionLost {
  return new ConnectionLost('the share is closed', { retryable: false, code: 'SMB_CLOSED' });
}
