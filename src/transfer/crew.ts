import type { Share } from '#client/index.js';

/** So many files under way on the least busy connection make another one worth it. */
const BUSY = 4;
/**
 * The first one included: what many servers with a process for each connection can work on at the same time. Each more
 * costs both sides some percent of their processor time.
 */
const LIMIT = 3;

interface Member {
  readonly share: Share;
  busy: number;
}

/**
 * Connections among which small files are divided: what takes the time is waiting for the server, and many a server
 * works on one thing at a time for each connection. Opened when there is something to do for them.
 */
export class Crew implements AsyncDisposable {
  readonly #members: Member[];
  readonly #dial: () => Promise<Share>;
  #dialling: Promise<void> | undefined;
  /** All are there, the server lets no more in, or it is over. */
  #complete = false;

  /** `dial` opens another connection to the same share. */
  constructor(first: Share, dial: () => Promise<Share>) {
    this.#members = [{ share: first, busy: 0 }];
    this.#dial = dial;
  }

  /** Does something over the connection that has the least to do. */
  async use<T>(work: (share: Share) => Promise<T>): Promise<T> {
    let member = this.#members[0] as Member;
    for (const other of this.#members) if (other.busy < member.busy) member = other;
    if (member.busy >= BUSY && !this.#complete) this.#dialling ??= this.#grow();
    member.busy++;
    try {
      return await work(member.share);
    } finally {
      member.busy--;
    }
  }

  async #grow(): Promise<void> {
    try {
      const share = await this.#dial();
      this.#members.push({ share, busy: 0 });
      this.#complete ||= this.#members.length >= LIMIT;
    } catch {
      // Those that are there do it alone.
      this.#complete = true;
    }
    this.#dialling = undefined;
  }

  /** Closes what it has opened. */
  async close(): Promise<void> {
    this.#complete = true;
    await this.#dialling;
    await Promise.all(this.#members.slice(1).map(({ share }) => share.close()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
