import { ConnectionLost, StatusError } from '#wire/erref/errors.js';
import { abortable } from '../abort.js';
import { closed } from '../errors.js';
import type { ClientConnection, Control, FileProtocol, Tree } from '../protocol.js';
import { Relapses } from './backoff.js';
import type { LastingConnection } from './lasting-connection.js';
import { endsSession, isCutShort, isLoss } from './loss.js';

/** The current tree connect of a share. */
export interface Standing {
  readonly client: ClientConnection;
  readonly protocol: FileProtocol;
  /** The server keeps opens across its own restart: persistent handles ([MS-SMB2] 3.2.4.3.5). */
  readonly continuous: boolean;
}

export function standingOf(client: ClientConnection, { protocol, facts }: Tree): Standing {
  const { dialect, capabilities } = client.info;
  const able = dialect.startsWith('3') && capabilities.includes('persistent-handles');
  return { client, protocol, continuous: able && facts.continuousAvailability };
}

/** The next tree connect, in progress. */
interface Next {
  readonly standing: Promise<Standing>;
  /** Aborts the pause before it. */
  readonly stop: AbortController;
  waiting: number;
}

/**
 * Attempts of one call over new connections; this stops a request that crashes its server from being repeated forever.
 */
const MAX_TRIES = 100;

/** Provides the tree connect for a share's calls, and a new one when the session or the tree connect is lost. */
export class Foothold {
  readonly connection: LastingConnection;
  readonly share: string;
  #now: Standing;
  /** The tree connect is lost, though its session is alive. */
  #fallen = false;
  #next: Next | undefined;
  #left = false;
  /** Early losses of the tree connect while the session stays. */
  readonly #relapses = new Relapses();
  /** When the last tree connect was made, and over which session. */
  #joined: { readonly client: ClientConnection; readonly at: number } | undefined;

  constructor(connection: LastingConnection, share: string, first: Standing) {
    this.connection = connection;
    this.share = share;
    this.#now = first;
  }

  /** The last tree connect, usable or not. */
  get last(): Standing {
    return this.#now;
  }

  isSound(standing: Standing): boolean {
    return standing === this.#now && !this.#fallen && this.connection.isLive(standing.client);
  }

  /** A usable tree connect, made anew if necessary. */
  sound({ signal }: Control = {}): Promise<Standing> {
    if (this.isSound(this.#now)) return Promise.resolve(this.#now);
    if (this.#left) return Promise.reject(closed(`the share ${this.share}`));
    return this.#connect(signal);
  }

  async #connect(signal: AbortSignal | undefined): Promise<Standing> {
    for (let tries = 0; ; tries++) {
      // Each caller waits for the session on its own, so that the attempt ends when all callers have been aborted.
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
      // A caller that arrives now starts a new attempt.
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

  // Backs off if the server keeps removing the share while the session stays.
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

  /** True if a request was not answered, or not executed, because its tree connect, session or connection is gone. */
  isLossOn(on: Standing, error: unknown): boolean {
    return isLoss(error) || (isCutShort(error) && !this.isSound(on));
  }

  /** Records what an error says about the connection. True if the call should be repeated on another tree connect. */
  isLost(error: unknown, on: Standing, tries: number): boolean {
    if (!this.isLossOn(on, error)) return false;
    if (endsSession(error)) this.connection.discard(on.client, error);
    else if (on === this.#now && error instanceof StatusError) this.#fallen = true;
    return tries < MAX_TRIES && this.connection.reconnects && !this.#left;
  }

  /**
   * Runs an idempotent operation, repeating it after a loss. With `hindsight` also one that is not: `hindsight` then
   * interprets the error of a later attempt, as the lost one may have succeeded.
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

  /** The error to report: losses caused by our own disconnect mean only that the share is closed. */
  meant(error: unknown): unknown {
    return this.#left && isLoss(error) ? closed(`the share ${this.share}`) : error;
  }

  /** Disconnects from the share, if connected. */
  async leave(): Promise<void> {
    this.#left = true;
    if (this.isSound(this.#now)) await this.#now.protocol.disconnect();
  }
}
