import type { Identity, ServerMechanism } from '#auth/mechanism.js';
import type { SessionSecurity } from '#engine/smb2/security.js';
import type { Unsolicited } from '#engine/smb2/server-sender.js';
import { type Transcript, unprotected } from '#engine/smb2/session-keys.js';
import type { Clock } from '#engine/transport.js';
import { StatusError } from '#wire/erref/errors.js';
import { isError, NtStatus } from '#wire/erref/nt-status.js';
import type { Wire } from '#wire/io/layout.js';
import { Command } from '#wire/smb2/header.js';
import type { NotifyOptions, Session } from '../state/session.js';
import type { ClientChannels } from './client-channels.js';

/** What a channel needs from its connection. */
export interface ChannelConnection {
  /** Connection.ClientGuid. */
  readonly clientGuid: string;
  /** The channels of this connection, by session id. */
  readonly channels: Map<bigint, Channel>;
  /** Sends an unsolicited message; false if the peer takes no more. Calls `lost` if delivery fails later. */
  notify(message: Unsolicited, sealing: SessionSecurity | undefined, lost: () => void): boolean;
  /** Cancels pending requests of a session that is ending; all of them, or those of one `command`. */
  cancelSession(sessionId: bigint, command?: number): void;
}

/** Parameters negotiated on a session's first connection; every later channel must match them. */
export interface ChannelTerms {
  readonly dialect: number;
  /** Numbered as in [MS-SMB2] 2.2.3.1.7, for all dialects. */
  readonly signingAlgorithm: number;
  readonly cipher: number;
}

/** A session on one connection ([MS-SMB2] 3.3.1.14). */
export class Channel {
  readonly session: Smb2Session;
  readonly connection: ChannelConnection;
  /** It binds to a session that began on another connection. */
  readonly joins: boolean;
  /** Present during a logon, initial or later. */
  mechanism: ServerMechanism | undefined;
  /** Messages that its preauthentication hash covers. */
  transcript: Transcript;
  /** Its own signing key with the session's encryption keys; until the logon is complete, the session's own keys. */
  security: SessionSecurity;
  /** The logon is complete: requests other than SESSION_SETUP may use the session on this channel. */
  established = false;

  constructor(session: Smb2Session, connection: ChannelConnection, transcript: Transcript) {
    this.session = session;
    this.connection = connection;
    this.joins = session.channels.size > 0;
    this.transcript = transcript;
    this.security = session.security;
  }
}

/** Commands still allowed on an expired session ([MS-SMB2] 3.3.5.2.9; Windows also allows ECHO). */
const WITHOUT_PROOF: readonly number[] = [
  Command.SessionSetup,
  Command.Logoff,
  Command.Close,
  Command.Lock,
  Command.Echo,
];

/** Commands that Windows refuses during reauthentication. */
const NEEDS_IDENTITY: readonly number[] = [Command.TreeConnect, Command.Create, Command.QueryInfo, Command.SetInfo];

/** Whether both authenticated as the same user; false for guests and anonymous sessions. */
export function isSameUser(one: Identity, other: Identity): boolean {
  const users = one.kind === 'user' && other.kind === 'user';
  return users && one.account.toLowerCase() === other.account.toLowerCase();
}

/** An SMB2 session, from its first SESSION_SETUP on ([MS-SMB2] 3.3.1.8), as long as it has an established channel. */
export class Smb2Session {
  readonly id: bigint;
  readonly terms: ChannelTerms;
  readonly #clients: ClientChannels;
  /** Present once a logon has succeeded. */
  session: Session | undefined;
  /** Session.SigningKey and the encryption keys, once derived, and how to use them. */
  security: SessionSecurity;
  /** Oldest first. */
  readonly channels: Set<Channel> = new Set();
  /** Aborts requests that continue after their connection was lost, one controller per request. */
  readonly orphans: Set<AbortController> = new Set();
  /** The channel used for reauthentication. */
  renewing: Channel | undefined;

  /** `clients`: the server's channels by client. */
  constructor(id: bigint, terms: ChannelTerms, clients: ClientChannels) {
    this.id = id;
    this.terms = terms;
    this.#clients = clients;
    this.security = unprotected(id);
  }

  get identity(): Identity {
    if (this.session === undefined) throw new StatusError(NtStatus.UserSessionDeleted);
    return this.session.identity;
  }

  /** Adds a channel on a connection. */
  join(connection: ChannelConnection, transcript: Transcript): Channel {
    const channel = new Channel(this, connection, transcript);
    this.channels.add(channel);
    this.#clients.add(channel);
    connection.channels.set(this.id, channel);
    return channel;
  }

  /** Removes a channel. */
  leave(channel: Channel): void {
    if (channel.connection.channels.get(this.id) === channel) channel.connection.channels.delete(this.id);
    if (this.renewing === channel) this.renewing = undefined;
    this.channels.delete(channel);
    this.#clients.delete(channel);
  }

  /** The session is about to end: pending CREATEs must not succeed because of what it releases itself. */
  stopOpening(): void {
    for (const { connection } of this.channels) connection.cancelSession(this.id, Command.Create);
    for (const orphan of this.orphans) orphan.abort(new StatusError(NtStatus.Cancelled));
  }

  /** Whether a channel is the last established one: one that is still binding does not keep the session alive. */
  endsWith(channel: Channel): boolean {
    for (const other of this.channels) if (other !== channel && other.established) return false;
    return true;
  }

  /**
   * Throws if a command is not allowed now because the logon has expired or is being renewed. A compound that began
   * earlier continues: `previous` is the request before this one.
   */
  requireUsable(command: number, clock: Clock, previous?: { readonly status: number }): Session {
    const { session } = this;
    if (session === undefined) throw new StatusError(NtStatus.UserSessionDeleted);
    const { expiresAt } = session.identity;
    if (expiresAt !== undefined && expiresAt <= clock.now() && !WITHOUT_PROOF.includes(command)) {
      throw new StatusError(NtStatus.NetworkSessionExpired);
    }
    const goesOn = previous !== undefined && !isError(previous.status);
    if (this.renewing !== undefined && !goesOn && NEEDS_IDENTITY.includes(command)) {
      throw new StatusError(NtStatus.InvalidHandle);
    }
    return session;
  }

  /**
   * Sends an unsolicited OPLOCK_BREAK over one of the channels, oldest first ([MS-SMB2] 3.3.4.6); false if no channel
   * accepts it. One for the client rather than the session (`anonymous`) uses the oldest connection of that client and
   * user ([MS-SMB2] 3.3.4.7). Never signed: all of them have the same message id, so AES-GMAC would reuse a nonce.
   * Encrypted if the session or the share (`sealed`) requires it.
   */
  notify(body: Wire, options: NotifyOptions = {}): boolean {
    const { security } = this;
    const sealed = (options.sealed === true || security.encryptionRequired) && security.sealer !== undefined;
    const anonymous = options.anonymous === true;
    const message = { command: Command.OplockBreak, body, sessionId: anonymous ? 0n : this.id };
    // Other sessions have other keys, so an encrypted message must stay within this one.
    const channels = anonymous && !sealed ? this.#channelsOfClient() : this.channels;
    const due = options.due ?? ((): boolean => true);
    return tell(channels, { message, sealing: sealed ? security : undefined, due, tried: new Set() });
  }

  #channelsOfClient(): Set<Channel> {
    const [first] = this.channels;
    const found = new Set<Channel>();
    if (first === undefined) return found;
    for (const channel of this.#clients.of(first.connection.clientGuid)) {
      const { session } = channel.session;
      if (session !== undefined && isSameUser(session.identity, this.identity)) found.add(channel);
    }
    for (const channel of this.channels) found.add(channel);
    return found;
  }
}

/** A message being sent to a client, trying one channel after the other. */
interface Telling {
  readonly message: Unsolicited;
  readonly sealing: SessionSecurity | undefined;
  readonly due: () => boolean;
  readonly tried: Set<Channel>;
}

function tell(channels: Iterable<Channel>, telling: Telling): boolean {
  const { message, sealing, due, tried } = telling;
  for (const channel of channels) {
    if (!channel.established || tried.has(channel)) continue;
    tried.add(channel);
    const lost = (): void => {
      if (due()) tell(channels, telling);
    };
    if (channel.connection.notify(message, sealing, lost)) return true;
  }
  return false;
}
