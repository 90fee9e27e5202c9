import { ConnectionLost, StatusError } from '#wire/erref/errors.js';
import { abortable } from '../abort.js';
import { closed } from '../errors.js';
import type { ClientConnection, Control, FileProtocol, Tree } from '../protocol.js';
import { Relapses } from './backoff.js';
import type { LastingConnection } from './lasting-connection.js';
import { endsSession, isCutShort, isLoss } from './loss.js';

/** A share as it is connected to now. */
export interface Standing {
  readonly client: ClientConnection;
  readonly protocol: FileProtocol;
  /** The server keeps what is open over its own end: persistent handles ([MS-SMB2] 3.2.4.3.5). */
  readonly continuous: boolean;
}

export function standingOf(client: ClientConnection, { protocol, facts }: Tree): Standing {
  const { dialect, capabilities } = client.info;
  const able = dialect.startsWith('3') && capabilities.includes('persistent-handles');
  return { client, protocol, continuous: able && facts.continuousAvailability };
}

/** The tree connect that follows, on its way. */
interface Next {
  readonly standing: Promise<Standing>;
  /** Ends a pause before it. */
  readonly stop: AbortController;
  waiting: number;
}

/** Times that one call is made again because what it was made on was lost: a request that kills its server ends here. */
const MAX_TRIES = 100;

/** Where a share's calls go: the tree connect of the session as it is, or of the one that comes back. */
export class Foothold {
  readonly connection: LastingConnection;
  readonly share: string;
  #now: Standing;
  /** The tree connect is no good any more, though its session is. */
  #fallen = false;
  #next: Next | undefined;
  #left = false;
  /** Of the tree connect, on a session that stays. */
  readonly #relapses = new Relapses();
  /** When it was made last, and over which session. */
  #joined: { readonly client: ClientConnection; readonly at: number } | undefined;

  constructor(connection: LastingConnection, share: string, first: Standing) {
    this.connection = connection;
    this.share = share;
    this.#now = first;
  }

  /** As it was last, sound or not. */
  get last(): Standing {
    return this.#now;
  }

  isSound(standing: Standing): boolean {
    return standing === this.#now && !this.#fallen && this.connection.isLive(standing.client);
  }

  /** A sound one, connected to again where it must be. */
  sound({ signal }: Control = {}): Promise<Standing> {
    if (this.isSound(this.#now)) return Promise.resolve(this.#now);
    if (this.#left) return Promise.reject(closed(`the share ${this.share}`));
    return this.#connect(signal);
  }

  async #connect(signal: AbortSignal | undefined): Promise<Standing> {
    for (let tries = 0; ; tries++) {
      // Each caller waits for the session by itself: when all have been called off, nobody does.
      const client = await this.connection.live({ signal });
      if (this.isSound(this.#now)) return this.#now;
      this.#next ??= this.#begin(client);
      try {
        return await this.#join(this.#next, signal);
      } catch (error) {
        if (!isLoss(error) || tries >= MAX_TRIES) throw error;
      }
    }
  }

  async #join(next: Next, signal: AbortSignal | undefined): Promise<Standing> {
    next.waiting++;
    try {
      return await abortable(next.standing, signal);
    } finally {
      next.waiting--;
      // Whoever comes just now begins anew.
      if (next.waiting === 0) next.stop.abort(new ConnectionLost('nobody waits for the share any more'));
    }
  }

  #begin(client: ClientConnection): Next {
    const stop = new AbortController();
    const standing = this.#connected(client, stop.signal).then(
      (tree) => this.#enter(standingOf(client, tree)),
      (error) => {
        this.#next = undefined;
        if (endsSession(error)) this.connection.discard(client, error);
        throw error;
      },
    );
    standing.catch(() => undefined);
    return { standing, stop, waiting: 0 };
  }

  // A server that takes the share away again and again, while the session stays, is asked more and more seldom.
  async #connected(client: ClientConnection, signal: AbortSignal): Promise<Tree> {
    const { connection } = this;
    if (this.#joined?.client === client) await connection.rest(this.#relapses, this.#joined.at, this.share, signal);
    this.#joined = { client, at: connection.now };
    return client.tree(this.share);
  }

  #enter(standing: Standing): Standing {
    this.#next = undefined;
    this.#now = standing;
    this.#fallen = false;
    return standing;
  }

  /** True when a request was not answered, or not done, because of what went away there. */
  isLossOn(on: Standing, error: unknown): boolean {
    return isLoss(error) || (isCutShort(error) && !this.isSound(on));
  }

  /** Takes note of what an error says. True when it makes sense to ask again on another standing. */
  isLost(error: unknown, on: Standing, tries: number): boolean {
    if (!this.isLossOn(on, error)) return false;
    if (endsSession(error)) this.connection.discard(on.client, error);
    else if (on === this.#now && error instanceof StatusError) this.#fallen = true;
    return tries < MAX_TRIES && this.connection.reconnects && !this.#left;
  }

  /**
   * Does what may be done twice. With `hindsight`, what may be done once: that judges what a second attempt says after
   * the first was lost.
   */
  async repeat<T>(
    control: Control | undefined,
    work: (protocol: FileProtocol) => Promise<T>,
    hindsight?: (error: unknown) => unknown,
  ): Promise<T> {
    for (let tries = 0; ; tries++) {
      const on = this.isSound(this.#now) ? this.#now : await this.sound(control);
      try {
        return await work(on.protocol);
      } catch (error) {
        if (!this.isLost(error, on, tries)) throw tries > 0 && hindsight ? hindsight(error) : this.meant(error);
      }
    }
  }

  /** What an error means: what went away because we left says no more than that. */
  meant(error: unknown): unknown {
    return this.#left && isLoss(error) ? closed(`the share ${this.share}`) : error;
  }

  /** Leaves the share, if it is connected to. */
  async leave(): Promise<void> {
    this.#left = true;
    if (this.isSound(this.#now)) await this.#now.protocol.disconnect();
  }
}
