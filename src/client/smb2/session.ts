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

/** A session on one connection, with the keys that it has there ([MS-SMB2] 3.2.1.8). */
export interface Channel {
  readonly line: Line;
  readonly security: SessionSecurity;
}

/** How a logon went. */
export interface LogonFacts {
  readonly guest: boolean;
  readonly anonymous: boolean;
  readonly mechanism: LogonMechanism;
  /** As the server told of itself in the logon. */
  readonly server: ChallengeFacts | undefined;
}

/** Who somebody is at a server, over one connection or several ([MS-SMB2] 3.2.1.3). */
export class Smb2Session {
  readonly id: bigint;
  readonly logon: LogonFacts;
  /** With the session's own signing key, which channels are joined by; each of them has one for itself. */
  readonly main: SessionSecurity;
  readonly agreement: Agreement;
  readonly breaks: Breaks;
  /** How much data may be under way, over all of the channels. */
  readonly pace: Pace;
  /** How many channels were lost so far; the server tells old requests from new ones by it. */
  channelSequence = 0;
  /** Logs on again within the session; set by who knows the account. */
  renew: (() => Promise<void>) | undefined;
  /** How often that was done; whoever is refused knows by it whether it was meanwhile. */
  renewals = 0;
  /** Told of a connection that was lost while others live on. */
  onDrop: ((line: Line) => void) | undefined;
  readonly #listeners: (() => void)[] = [];
  #channels: readonly Channel[];
  #next = 0;
  #renewing: Promise<void> | undefined;
  /** Why it could not be renewed: the server does nothing more for it. */
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

  /** Why it is gone; undefined while a channel lives. */
  get lost(): unknown {
    return (this.#channels[0] as Channel).line.lost ?? this.#over;
  }

  /** Calls back when the last channel is gone, at once if it is. */
  whenLost(listener: () => void): void {
    if (this.lost !== undefined) listener();
    else this.#listeners.push(listener);
  }

  add(channel: Channel): void {
    this.#channels = [...this.#channels, channel];
    channel.line.engine.onBreak = (message) => this.breaks.take(message);
    this.#watch(channel);
  }

  // [MS-SMB2] 3.2.7.1: what was lost with a channel may be asked again on the others.
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

  /** The channel for the next request: they take turns, those that owe less first. */
  pick(): Channel {
    const channels = this.#channels;
    if (channels.length === 1) return channels[0] as Channel;
    let best = channels[this.#next++ % channels.length] as Channel;
    for (const channel of channels) {
      if (channel.line.engine.outstanding < best.line.engine.outstanding) best = channel;
    }
    return best;
  }

  /** Being renewed: until then nothing new is asked ([MS-SMB2] 3.2.4.2.3.1). */
  get renewing(): Promise<void> | undefined {
    return this.#renewing;
  }

  /** Logs on again, once for all requests that found the session expired; one that cannot be renewed is over. */
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
      // [MS-SMB2] 3.2.5.1.6. A connection that was lost meanwhile says nothing of the others.
      if (!(error instanceof ConnectionLost)) {
        this.#over = error;
        this.#tell();
      }
      throw error;
    }
  }

  /**
   * Renews the session where that is why a request failed ([MS-SMB2] 3.2.5.1.6); false where it is not. `renewals` is what
   * it was when the request was sent; `again`: the same one has failed so before, and goes in circles.
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

  /** Does what a session may be too old for; it is renewed then, and everything done once more. */
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
