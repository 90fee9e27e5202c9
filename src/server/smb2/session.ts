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

/** What a channel needs of the connection that it runs over. */
export interface ChannelConnection {
  /** Connection.ClientGuid. */
  readonly clientGuid: string;
  /** The channels of this connection, by session id. */
  readonly channels: Map<bigint, Channel>;
  /** Sends an unsolicited message; false when the peer does not take any more, `lost` when that turns out later. */
  notify(message: Unsolicited, sealing: SessionSecurity | undefined, lost: () => void): boolean;
  /** Ends what still waits in a session that is at its end; of one `command`, or all of it. */
  cancelSession(sessionId: bigint, command?: number): void;
}

/** What was agreed on the connection that a session began on; each later channel must agree on the same. */
export interface ChannelTerms {
  readonly dialect: number;
  /** As [MS-SMB2] 2.2.3.1.7 numbers them, at all dialects. */
  readonly signingAlgorithm: number;
  readonly cipher: number;
}

/** A session on one connection ([MS-SMB2] 3.3.1.14). */
export class Channel {
  readonly session: Smb2Session;
  readonly connection: ChannelConnection;
  /** It joins a session that began on another connection. */
  readonly joins: boolean;
  /** Present while a logon is under way, the first one or a later one. */
  mechanism: ServerMechanism | undefined;
  /** The messages that its key grows from. */
  transcript: Transcript;
  /** Its signing key with the session's cipher keys; before the logon is through, the session's own keys. */
  security: SessionSecurity;
  /** The logon is through: other requests than SESSION_SETUP find the session here. */
  established = false;

  constructor(session: Smb2Session, connection: ChannelConnection, transcript: Transcript) {
    this.session = session;
    this.connection = connection;
    this.joins = session.channels.size > 0;
    this.transcript = transcript;
    this.security = session.security;
  }
}

/** What goes on with a session that has expired ([MS-SMB2] 3.3.5.2.9; Windows lets ECHO pass as well). */
const WITHOUT_PROOF: readonly number[] = [
  Command.SessionSetup,
  Command.Logoff,
  Command.Close,
  Command.Lock,
  Command.Echo,
];

/** What Windows does not do while a session is being renewed. */
const NEEDS_IDENTITY: readonly number[] = [Command.TreeConnect, Command.Create, Command.QueryInfo, Command.SetInfo];

/** Whether both proved to be the same user; guests and anonymous sessions are nobody. */
export function isSameUser(one: Identity, other: Identity): boolean {
  const users = one.kind === 'user' && other.kind === 'user';
  return users && one.account.toLowerCase() === other.account.toLowerCase();
}

/**
 * An SMB2 session from its first SESSION_SETUP on ([MS-SMB2] 3.3.1.8). It lives as long as one of its channels that
 * somebody has logged on over.
 */
export class Smb2Session {
  readonly id: bigint;
  readonly terms: ChannelTerms;
  readonly #clients: ClientChannels;
  /** Present once somebody has logged on. */
  session: Session | undefined;
  /** Session.SigningKey and the cipher keys, once there are any, and how they have to be used. */
  security: SessionSecurity;
  /** Oldest first. */
  readonly channels: Set<Channel> = new Set();
  /** Ends what goes on for clients whose connections are lost, one for each such request. */
  readonly orphans: Set<AbortController> = new Set();
  /** The channel over which the user proves himself anew. */
  renewing: Channel | undefined;

  /** `clients`: of the server. */
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

  /** Adds a channel over a connection. */
  join(connection: ChannelConnection, transcript: Transcript): Channel {
    const channel = new Channel(this, connection, transcript);
    this.channels.add(channel);
    this.#clients.add(channel);
    connection.channels.set(this.id, channel);
    return channel;
  }

  /** Takes a channel away. */
  leave(channel: Channel): void {
    if (channel.connection.channels.get(this.id) === channel) channel.connection.channels.delete(this.id);
    if (this.renewing === channel) this.renewing = undefined;
    this.channels.delete(channel);
    this.#clients.delete(channel);
  }

  /** It is going to end: who still waits to open something is not let in by what it lets go of itself. */
  stopOpening(): void {
    for (const { connection } of this.channels) connection.cancelSession(this.id, Command.Create);
    for (const orphan of this.orphans) orphan.abort(new StatusError(NtStatus.Cancelled));
  }

  /** Whether a channel is the last one that counts: one that is about to join keeps no session alive. */
  endsWith(channel: Channel): boolean {
    for (const other of this.channels) if (other !== channel && other.established) return false;
    return true;
  }

  /**
   * Throws when a command may not be done now: the user's proof has expired, or is being renewed. What was begun before
   * that is finished: a compound goes on behind what was done of it, `previous`.
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
   * Sends an OPLOCK_BREAK that nobody asked for over one of the channels, the oldest first ([MS-SMB2] 3.3.4.6); false
   * when no channel takes it. One that concerns the client and not the session (`anonymous`) goes over the client's
   * oldest connection of all, of those that the same user has ([MS-SMB2] 3.3.4.7). It is never signed: all of them have the same message id, which an AES-GMAC nonce must not. It is encrypted where the session, or the
   * share (`sealed`), demands it.
   */
  notify(body: Wire, options: NotifyOptions = {}): boolean {
    const { security } = this;
    const sealed = (options.sealed === true || security.encryptionRequired) && security.sealer !== undefined;
    const anonymous = options.anonymous === true;
    const message = { command: Command.OplockBreak, body, sessionId: anonymous ? 0n : this.id };
    // Another session has other keys.
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

/** A message on its way to a client, over one channel after the other. */
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
