import type { Share } from '#client/index.js';

/** Another connection is opened when the least busy one has this many operations in flight. */
const BUSY = 4;
/**
 * Includes the first connection: about what a server with one process per connection can serve in parallel. Each
 * further connection costs both sides a few percent of processor time.
 */
const LIMIT = 3;

interface Member {
  readonly share: Share;
  busy: number;
}

/**
 * Connections that share the work on small files: most of the time goes into waiting for the server, and many servers
 * handle one request at a time per connection. Further connections are opened when there is enough to do.
 */
export class Crew implements AsyncDisposable {
  readonly #members: Member[];
  readonly #dial: () => Promise<Share>;
  #dialling: Promise<void> | undefined;
  /** No more are opened: the limit is reached, the server refused one, or the crew is closed. */
  #complete = false;

  /** `dial` opens another connection to the same share. */
  constructor(first: Share, dial: () => Promise<Share>) {
    this.#members = [{ share: first, busy: 0 }];
    this.#dial = dial;
  }

  /** Runs work on the least busy connection. */
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
      // The existing connections carry on alone.
      this.#complete = true;
    }
    this.#dialling = undefined;
  }

  /** Closes the connections it has opened, but not the first one. */
  async close(): Promise<void> {
    this.#complete = true;
    await this.#dialling;
    await Promise.all(this.#members.slice(1).map(({ share }) => share.close()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
