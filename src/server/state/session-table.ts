import type { Identity } from '#auth/mechanism.js';
import { sessionNote } from '../audit.js';
import type { Session } from './session.js';

/** A session as the whole server sees it, whichever connection and dialect it came by. */
export interface RegisteredSession {
  readonly id: bigint;
  readonly identity: Identity;
  readonly session: Session;
  /** Address of the client. */
  readonly client: string;
  /** FILETIME when it began. */
  readonly since: bigint;
  /** Ends it and closes what it opened. */
  end(): Promise<void>;
  /** Ends it as if its connection had been lost: another session takes its place. */
  lose(): Promise<void>;
}

const HIGHEST = 0xfffffffe;

/** The host of an address with a port: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
export function hostOf(address: string): string {
  return address.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
}

/** All sessions of a server. Requests never look here: they find their session through their connection. */
export class SessionTable {
  readonly #sessions = new Map<bigint, RegisteredSession>();
  #last: number;

  /** `seed`: where numbering begins, so that a restarted server does not give out yesterday's ids. */
  constructor(seed: number) {
    this.#last = seed;
  }

  /** An id that no session has, logons under way (`taken`) included. 32 bits: some clients keep no more of it. */
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
