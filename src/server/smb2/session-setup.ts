import type { Identity, StepResult } from '#auth/mechanism.js';
import { protect } from '#engine/smb2/session-keys.js';
import { filetimeFromMs } from '#wire/dtyp/filetime.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { SecurityMode } from '#wire/smb2/command/negotiate.js';
import {
  SessionFlags,
  SessionSetupFlags,
  type SessionSetupRequest,
  SessionSetupResponse,
} from '#wire/smb2/command/session-setup.js';
import { logonMechanism } from '../logon.js';
import { Session } from '../state/session.js';
import { hostOf } from '../state/session-table.js';
import { bindingChannel, finishBinding } from './bind.js';
import type { Smb2Context } from './context.js';
import { type Channel, isSameUser, Smb2Session } from './session.js';

/** [MS-SMB2] 3.3.5.5. */
export async function sessionSetup(request: SessionSetupRequest, context: Smb2Context): Promise<undefined> {
  const { connection } = context;
  const binds = (request.flags & SessionSetupFlags.Binding) !== 0;
  const channel = binds ? bindingChannel(context) : channelOf(context);
  const { session } = channel;
  if (channel.established) session.renewing = channel;
  try {
    channel.transcript.add(context.request.bytes);
    channel.mechanism ??= logonMechanism(connection.core);
    const result = await channel.mechanism.step(request.securityBuffer);
    requireAlive(channel);
    if (!result.done) return more(context, channel, result);
    channel.mechanism = undefined;
    if (binds) finishBinding(context, channel, result.identity);
    else if (channel.established) renew(session, result.identity);
    else await establish(request, context, channel, result.identity);
    answer(context, session, result);
    return undefined;
  } catch (error) {
    await abandon(context, channel, binds);
    throw error;
  }
}

// [MS-SMB2] 3.3.5.5.3: a failed logon ends the session, even an established one; a failed binding does not.
async function abandon({ connection }: Smb2Context, channel: Channel, binds: boolean): Promise<void> {
  const { session } = channel;
  channel.mechanism = undefined;
  if (binds) session.leave(channel);
  else await connection.endSession(session);
}

/** The channel of a SESSION_SETUP that starts, continues or reauthenticates a session. */
function channelOf({ connection, request, core }: Smb2Context): Channel {
  const { sessionId } = request;
  if (sessionId !== 0n) {
    const known = connection.channels.get(sessionId);
    // A connection that is binding must continue with that; a logon of its own would replace the session's.
    if (known === undefined || (known.joins && !known.established)) throw new StatusError(NtStatus.UserSessionDeleted);
    if (known.established && known.mechanism === undefined) known.transcript = connection.transcript.fork();
    return known;
  }
  if (connection.channels.size >= core.limits.sessions) throw new StatusError(NtStatus.InsufficientResources);
  const { dialect, signingAlgorithm, cipher } = connection;
  const session = new Smb2Session(
    core.sessions.nextId(core.smb2Sessions),
    { dialect, signingAlgorithm, cipher },
    core.clientChannels,
  );
  core.smb2Sessions.set(session.id, session);
  request.sessionId = session.id;
  return session.join(connection, connection.transcript.fork());
}

function more({ request }: Smb2Context, channel: Channel, result: StepResult): undefined {
  const response = new SessionSetupResponse();
  response.securityBuffer = result.token;
  request.respond(NtStatus.MoreProcessingRequired, response, { observe: channel.transcript.add });
  return undefined;
}

function answer(
  { request }: Smb2Context,
  { security, identity }: Smb2Session,
  result: StepResult & { readonly done: true },
): void {
  const response = new SessionSetupResponse();
  response.securityBuffer = result.token;
  if (identity.kind === 'guest') response.sessionFlags = SessionFlags.IsGuest;
  if (identity.kind === 'anonymous') response.sessionFlags = SessionFlags.IsNull;
  if (security.encryptionRequired) response.sessionFlags |= SessionFlags.EncryptData;
  request.respond(NtStatus.Success, response, { sign: true });
}

// While a logon waits, its connection may be lost or its session ended: it must not be revived.
function requireAlive(channel: Channel): void {
  if (!channel.session.channels.has(channel)) throw new StatusError(NtStatus.UserSessionDeleted);
}

// [MS-SMB2] 3.3.5.5.2: keys and opens are kept; the new identity applies to later opens.
function renew(smb2Session: Smb2Session, identity: Identity): void {
  smb2Session.renewing = undefined;
  if (smb2Session.session) smb2Session.session.identity = identity;
}

/** Chooses the session's protection, derives its keys and completes the logon ([MS-SMB2] 3.3.5.5.3). */
async function establish(
  request: SessionSetupRequest,
  context: Smb2Context,
  channel: Channel,
  identity: Identity,
): Promise<void> {
  const { connection, core } = context;
  const { signing, encryption } = core.options;
  const { session: smb2Session, transcript } = channel;
  const hasKey = identity.sessionKey.length > 0;
  if (encryption === 'required' && (!hasKey || connection.cipher === 0)) {
    throw new StatusError(NtStatus.AccessDenied, { hint: 'encryption is required and not to be had' });
  }
  const clientRequires = (request.securityMode & SecurityMode.SigningRequired) !== 0;
  const terms = {
    ...smb2Session.terms,
    id: smb2Session.id,
    sessionKey: hasKey ? identity.sessionKey : undefined,
    transcript,
    signingRequired: signing !== 'enabled' || clientRequires,
    encryptionRequired: encryption === 'required',
  };
  smb2Session.security = channel.security = protect(terms, 'server', core.random);
  const session = new Session(String(smb2Session.id), identity, core.limits);
  session.notify = (body, options) => smb2Session.notify(body, options);
  smb2Session.session = session;
  channel.established = true;
  core.sessions.add({
    id: smb2Session.id,
    session,
    client: hostOf(connection.port.facts.remote),
    since: filetimeFromMs(core.clock.now()),
    get identity() {
      return session.identity;
    },
    end: () => connection.endSession(smb2Session),
    lose: () => connection.endSession(smb2Session, true),
  });
  await endPrevious(request, context, smb2Session, identity);
  requireAlive(channel);
  connection.authenticated();
}

// [MS-SMB2] 3.3.5.5.3: ends the session that this one replaces after a lost connection.
async function endPrevious(
  request: SessionSetupRequest,
  { core }: Smb2Context,
  session: Smb2Session,
  identity: Identity,
): Promise<void> {
  const previous = core.sessions.get(request.previousSessionId);
  if (!previous || previous.id === session.id) return;
  if (isSameUser(previous.identity, identity)) await previous.lose();
}
