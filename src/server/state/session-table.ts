import type { Identity } from '#auth/mechanism.js';
import { sessionNote } from '../audit.js';
import type { Session } from './session.js';

/** A session of any dialect, as the whole server sees it. */
export interface RegisteredSession {
  readonly id: bigint;
  readonly identity: Identity;
  readonly session: Session;
  /** The client's address. */
  readonly client: string;
  /** Start time as a FILETIME. */
  readonly since: bigint;
  /** Ends the session and closes everything it opened. */
  end(): Promise<void>;
  /** Ends the session as if its connection had been lost, because another session replaces it. */
  lose(): Promise<void>;
}

const HIGHEST = 0xfffffffe;

/** The host part of an address with a port: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
export function hostOf(address: string): string {
  return address.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
}

/** All sessions of a server. Not used for requests, which find their session through the connection. */
export class SessionTable {
  readonly #sessions = new Map<bigint, RegisteredSession>();
  #last: number;

  /** `seed`: where numbering starts, so that a restarted server does not reuse recent ids. */
  constructor(seed: number) {
    this.#last = seed;
  }

  /** An unused id, also different from those of pending logons (`taken`). 32 bits, since some clients store no more. */
  nextId(taken: ReadonlyMap<bigint, unknown>): bigint {
    let id: bigint;
    do {
      this.#last = this.#last >= HIGHEST ? 1 : this.#last + 1;
      id = BigInt(this.#last);
    } while (this.#sessions.has(id) || taken.has(id));
    return id;
  }

  add(session: RegisteredSession): void {
    this.#sessions.set(session.id, session);
    sessionNote('logged on', session);
  }

  get(id: bigint): RegisteredSession | undefined {
    return this.#sessions.get(id);
  }

  delete(id: bigint): void {
    const session = this.#sessions.get(id);
    if (session && this.#sessions.delete(id)) sessionNote('logged off', session);
  }

  list(): RegisteredSession[] {
    return [...this.#sessions.values()];
  }
}
