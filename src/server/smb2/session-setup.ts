import type { Identity, StepResult } from '#auth/mechanism.js';
import { protect } from '#engine/smb2/session-keys.js';
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
import type { Smb2Context } from './context.js';
import { Smb2Session } from './session.js';

/** [MS-SMB2] 3.3.5.5. */
export async function sessionSetup(request: SessionSetupRequest, context: Smb2Context): Promise<undefined> {
  const { connection } = context;
  if (!connection.negotiated) throw new StatusError(NtStatus.InvalidParameter);
  // Channels are not served, and MULTI_CHANNEL is not advertised.
  if ((request.flags & SessionSetupFlags.Binding) !== 0) throw new StatusError(NtStatus.RequestNotAccepted);
  const session = sessionOf(context);
  const reauthenticates = session.session !== undefined;
  try {
    session.transcript.add(context.request.bytes);
    session.mechanism ??= logonMechanism(connection.core);
    const result = await session.mechanism.step(request.securityBuffer);
    requireAlive(context, session);
    if (!result.done) return more(context, session, result);
    session.mechanism = undefined;
    await finish(request, context, session, result, reauthenticates);
    return undefined;
  } catch (error) {
    session.mechanism = undefined;
    if (!reauthenticates) await connection.endSession(session);
    throw error;
  }
}

/** The session that a SESSION_SETUP begins, goes on with, or renews. */
function sessionOf({ connection, request, core }: Smb2Context): Smb2Session {
  const { sessionId } = request;
  if (sessionId !== 0n) {
    const known = connection.sessions.get(sessionId);
    if (known === undefined) throw new StatusError(NtStatus.UserSessionDeleted);
    if (known.session !== undefined && known.mechanism === undefined) known.transcript = connection.transcript.fork();
    return known;
  }
  if (connection.sessions.size >= core.limits.sessions) throw new StatusError(NtStatus.InsufficientResources);
  const session = new Smb2Session(core.sessions.nextId(), connection.transcript.fork());
  connection.sessions.set(session.id, session);
  request.sessionId = session.id;
  return session;
}

function more({ request }: Smb2Context, session: Smb2Session, result: StepResult): undefined {
  const response = new SessionSetupResponse();
  response.securityBuffer = result.token;
  request.respond(NtStatus.MoreProcessingRequired, response, {
    observe: session.transcript.add,
  });
  return undefined;
}

async function finish(
  request: SessionSetupRequest,
  context: Smb2Context,
  session: Smb2Session,
  result: StepResult & { readonly done: true },
  reauthenticates: boolean,
): Promise<void> {
  const { connection, core } = context;
  const { identity } = result;
  if (reauthenticates) {
    requireSameUser(session, identity);
  } else {
    establish(request, context, session, identity);
    core.sessions.add({ id: session.id, identity, end: () => connection.endSession(session) });
    await endPrevious(request, context, session, identity);
    requireAlive(context, session);
    connection.authenticated();
  }
  const response = new SessionSetupResponse();
  response.securityBuffer = result.token;
  if (identity.kind === 'guest') response.sessionFlags = SessionFlags.IsGuest;
  if (identity.kind === 'anonymous') response.sessionFlags = SessionFlags.IsNull;
  if (session.security.encryptionRequired) response.sessionFlags |= SessionFlags.EncryptData;
  context.request.respond(NtStatus.Success, response, { sign: true });
}

// While a logon waits for something, its connection may be lost or the session be ended: nobody may come back to life.
function requireAlive({ connection }: Smb2Context, session: Smb2Session): void {
  if (connection.sessions.get(session.id) !== session) throw new StatusError(NtStatus.UserSessionDeleted);
}

// A session goes on under the user that it began with: its files were opened in his name.
function requireSameUser(session: Smb2Session, identity: Identity): void {
  const before = session.session?.identity;
  const same = before?.kind === identity.kind && before.account.toLowerCase() === identity.account.toLowerCase();
  if (!same) throw new StatusError(NtStatus.AccessDenied);
}

/** Decides what protection the session has, and derives its keys ([MS-SMB2] 3.3.5.5.3). */
function establish(request: SessionSetupRequest, context: Smb2Context, session: Smb2Session, identity: Identity): void {
  const { connection, core } = context;
  const { signing, encryption } = core.options;
  const hasKey = identity.sessionKey.length > 0;
  const { dialect, cipher, signingAlgorithm } = connection;
  if (encryption === 'required' && (!hasKey || cipher === 0)) {
    throw new StatusError(NtStatus.AccessDenied, { hint: 'encryption is required and not to be had' });
  }
  const clientRequires = (request.securityMode & SecurityMode.SigningRequired) !== 0;
  const terms = {
    id: session.id,
    dialect,
    signingAlgorithm,
    cipher,
    sessionKey: hasKey ? identity.sessionKey : undefined,
    transcript: session.transcript,
    signingRequired: signing !== 'enabled' || clientRequires,
    encryptionRequired: encryption === 'required',
  };
  session.security = protect(terms, 'server', core.random);
  session.session = new Session(String(session.id), identity, core.limits);
}

// [MS-SMB2] 3.3.5.5.3: the session that this one takes the place of after a lost connection.
async function endPrevious(
  request: SessionSetupRequest,
  { core }: Smb2Context,
  session: Smb2Session,
  identity: Identity,
): Promise<void> {
  const previous = core.sessions.get(request.previousSessionId);
  if (!previous || previous.id === session.id) return;
  if (identity.kind !== 'user' || previous.identity.kind !== 'user') return;
  if (previous.identity.account.toLowerCase() === identity.account.toLowerCase()) await previous.end();
}
