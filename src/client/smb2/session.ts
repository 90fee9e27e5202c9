import type { ChallengeFacts } from '#auth/challenge-facts.js';
import type { SessionSecurity } from '#engine/smb2/security.js';
import { ConnectionLost, StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { abortable } from '../abort.js';
import type { LogonMechanism } from '../options.js';
import type { Breaks } from './breaks.js';
import type { Line } from './line.js';
import type { Agreement } from './negotiate.js';
import { Pace } from './pace.js';

/** A session on one connection, with the keys for that connection ([MS-SMB2] 3.2.1.8). */
export interface Channel {
  readonly line: Line;
  readonly security: SessionSecurity;
}

/** The result of a logon. */
export interface LogonFacts {
  readonly guest: boolean;
  readonly anonymous: boolean;
  readonly mechanism: LogonMechanism;
  /** What the server said about itself in the NTLM challenge. */
  readonly server: ChallengeFacts | undefined;
}

/** A user's session on a server, over one or more connections ([MS-SMB2] 3.2.1.3). */
export class Smb2Session {
  readonly id: bigint;
  readonly logon: LogonFacts;
  /** With the session's own signing key, which binds new channels; each channel has another one for itself. */
  readonly main: SessionSecurity;
  readonly agreement: Agreement;
  readonly breaks: Breaks;
  /** How much data may be in flight, across all channels. */
  readonly pace: Pace;
  /** Number of channels lost so far, by which the server tells old requests from new ones. */
  channelSequence = 0;
  /** Reauthenticates the session; set by the code that has the account. */
  renew: (() => Promise<void>) | undefined;
  /** Number of renewals; a rejected request can tell whether one has happened since it was sent. */
  renewals = 0;
  /** Called when a connection is lost while others are alive. */
  onDrop: ((line: Line) => void) | undefined;
  readonly #listeners: (() => void)[] = [];
  #channels: readonly Channel[];
  #next = 0;
  #renewing: Promise<void> | undefined;
  /** Why the renewal failed; the server no longer accepts the session. */
  #over: unknown;

  constructor(channel: Channel, logon: LogonFacts) {
    this.id = channel.security.id;
    this.logon = logon;
    this.main = channel.security;
    this.breaks = channel.line.breaks;
    this.agreement = channel.line.agreement;
    this.pace = new Pace(channel.line.link.clock, this.agreement, () => this.pick().line.engine.reach);
    this.#channels = [channel];
    this.#watch(channel);
  }

  get channels(): readonly Channel[] {
    return this.#channels;
  }

  get security(): SessionSecurity {
    return (this.#channels[0] as Channel).security;
  }

  /** Why the session is gone; undefined while it is alive. */
  get lost(): unknown {
    return (this.#channels[0] as Channel).line.lost ?? this.#over;
  }

  /** Calls back when the session is gone; immediately if it already is. */
  whenLost(listener: () => void): void {
    if (this.lost !== undefined) listener();
    else this.#listeners.push(listener);
  }

  add(channel: Channel): void {
    this.#channels = [...this.#channels, channel];
    channel.line.engine.onBreak = (message) => this.breaks.take(message);
    this.#watch(channel);
  }

  // [MS-SMB2] 3.2.7.1: requests lost with a channel may be repeated on the others.
  #watch(channel: Channel): void {
    channel.line.link.whenLost(() => {
      const rest = this.#channels.filter((other) => other !== channel && other.line.lost === undefined);
      if (rest.length > 0) {
        this.channelSequence = (this.channelSequence + 1) & 0xffff;
        this.#channels = rest;
        this.onDrop?.(channel.line);
      } else {
        this.#tell();
      }
    });
  }

  #tell(): void {
    for (const tell of this.#listeners.splice(0)) tell();
  }

  /** The channel for the next request: round-robin, preferring those with fewer pending requests. */
  pick(): Channel {
    const channels = this.#channels;
    if (channels.length === 1) return channels[0] as Channel;
    let best = channels[this.#next++ % channels.length] as Channel;
    for (const channel of channels) {
      if (channel.line.engine.outstanding < best.line.engine.outstanding) best = channel;
    }
    return best;
  }

  /** The renewal in progress; until it is done, nothing new is sent ([MS-SMB2] 3.2.4.2.3.1). */
  get renewing(): Promise<void> | undefined {
    return this.#renewing;
  }

  /** Renews the session, once for all requests that found it expired. If that fails, the session is gone. */
  reauthenticate(): Promise<void> {
    this.#renewing ??= this.#renew().finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  async #renew(): Promise<void> {
    try {
      await this.renew?.();
      this.renewals++;
    } catch (error) {
      // [MS-SMB2] 3.2.5.1.6. Losing a connection meanwhile says nothing about the others.
      if (!(error instanceof ConnectionLost)) {
        this.#over = error;
        this.#tell();
      }
      throw error;
    }
  }

  /**
   * Renews the session if that is why a request failed ([MS-SMB2] 3.2.5.1.6); false for any other error. `renewals` is
   * the count from when the request was sent; `again`: the same request has failed this way before, so repeating it
   * would loop.
   */
  async mend(error: unknown, renewals: number, again: boolean, signal?: AbortSignal): Promise<boolean> {
    if (!(error instanceof StatusError) || error.status !== NtStatus.NetworkSessionExpired) return false;
    if (again) {
      const message = 'the server takes the session for expired, although it was renewed';
      throw new ConnectionLost(message, { code: 'SMB_SESSION_EXPIRED', retryable: false, cause: error });
    }
    if (renewals === this.renewals) await abortable(this.reauthenticate(), signal);
    return true;
  }

  /** Runs `work`; if the session has expired, renews it and runs `work` again. */
  async proven<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    for (let again = false; ; again = true) {
      if (this.#renewing !== undefined) await abortable(this.#renewing, signal);
      const { renewals } = this;
      try {
        return await work();
      } catch (error) {
        if (!(await this.mend(error, renewals, again, signal))) throw error;
      }
    }
  }
}
