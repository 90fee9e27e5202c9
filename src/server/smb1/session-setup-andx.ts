import type { Identity } from '#auth/mechanism.js';
import { verifyChallengeResponse } from '#auth/smb1-logon.js';
import { filetimeFromMs } from '#wire/dtyp/filetime.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import {
  SessionSetupAction,
  type SessionSetupAndXRequest,
  SessionSetupAndXResponse,
} from '#wire/smb1/command/session-setup-andx.js';
import { Smb1Flags2 } from '#wire/smb1/header.js';
import { logonMechanism, logonPolicy } from '../logon.js';
import { Session } from '../state/session.js';
import { hostOf } from '../state/session-table.js';
import { Smb1Answer, type Smb1Context } from './context.js';
import type { Smb1Session } from './session.js';

const EXTENDED_WORDS = 12;
/** Common UID under share-level security, where it has no meaning. */
const SHARE_LEVEL_UID = 1;
const RESPONSE_SIZE = 24;

/** [MS-CIFS] 3.3.5.43, [MS-SMB] 3.3.5.3. */
export function sessionSetupAndX(
  request: SessionSetupAndXRequest,
  context: Smb1Context,
): Smb1Answer | Promise<Smb1Answer> {
  const { connection, core } = context;
  if (core.options.encryption === 'required') {
    throw new StatusError(NtStatus.AccessDenied, { hint: 'encryption is required and not to be had' });
  }
  connection.meet(request.maxBufferSize, request.capabilities);
  if (connection.shareLevel) {
    context.request.ids.uid = SHARE_LEVEL_UID;
    return new Smb1Answer(response(context));
  }
  if (request.wordCount === EXTENDED_WORDS) return extended(request, context);
  if (connection.extendedSecurity) throw new StatusError(NtStatus.InvalidParameter);
  return classic(request, context);
}

function response({ core }: Smb1Context): SessionSetupAndXResponse {
  const answer = new SessionSetupAndXResponse();
  answer.nativeOs = 'Node.js';
  answer.nativeLanMan = 'sombrero';
  answer.primaryDomain = core.domain;
  return answer;
}

/** A challenge/response logon. */
async function classic(request: SessionSetupAndXRequest, context: Smb1Context): Promise<Smb1Answer> {
  const { connection, core } = context;
  const { oemPassword: lmResponse, unicodePassword: ntResponse } = request;
  const identity = await verifyChallengeResponse({
    challenge: connection.challenge,
    account: request.accountName,
    domain: request.primaryDomain,
    lmResponse: lmResponse.slice(),
    ntResponse: ntResponse.slice(),
    store: core.accounts,
    policy: logonPolicy(core, true),
  });
  const session = connection.newSession();
  context.request.ids.uid = session.uid;
  // [MS-CIFS] 3.1.5.1: the response that authenticated the user is part of the key.
  const proof = ntResponse.length >= RESPONSE_SIZE ? ntResponse : lmResponse;
  const key = new Uint8Array([...identity.sessionKey, ...proof]);
  establish(context, session, identity, key);
  const answer = response(context);
  answer.action = action(identity);
  return new Smb1Answer(answer);
}

/** One round of SPNEGO. The session exists from the first round on. */
async function extended(request: SessionSetupAndXRequest, context: Smb1Context): Promise<Smb1Answer> {
  const { connection } = context;
  if (!connection.extendedSecurity) throw new StatusError(NtStatus.InvalidParameter);
  const session = sessionOf(context);
  context.request.ids.uid = session.uid;
  const answer = response(context);
  answer.wordCount = 4;
  try {
    session.mechanism ??= logonMechanism(connection.core, true);
    const result = await session.mechanism.step(request.securityBlob.slice());
    answer.securityBlob = result.token;
    if (!result.done) return new Smb1Answer(answer, NtStatus.MoreProcessingRequired);
    session.mechanism = undefined;
    // Opens are kept; the new identity applies to later ones ([MS-SMB] 3.3.5.3).
    if (session.session) session.session.identity = result.identity;
    else establish(context, session, result.identity, result.identity.sessionKey);
    answer.action = action(result.identity);
    return new Smb1Answer(answer);
  } catch (error) {
    session.mechanism = undefined;
    if (!session.session) await connection.endSession(session);
    throw error;
  }
}

/** The session that a SESSION_SETUP starts, continues or reauthenticates ([MS-SMB] 3.3.5.3). */
function sessionOf({ connection, request }: Smb1Context): Smb1Session {
  const { uid } = request.ids;
  if (uid === 0) return connection.newSession();
  const known = connection.sessions.get(uid);
  if (known === undefined) throw new StatusError(NtStatus.SmbBadUid);
  return known;
}

function action({ kind }: Identity): number {
  return kind === 'user' ? 0 : SessionSetupAction.Guest;
}

/** Completes the logon; enables signing if either side wants it and there is a key. */
function establish(context: Smb1Context, smb1: Smb1Session, identity: Identity, key: Uint8Array): void {
  const { connection, core, request } = context;
  const id = core.sessions.nextId(core.smb2Sessions);
  const session = new Session(String(id), identity, core.limits, connection.numbers);
  smb1.session = session;
  smb1.registered = id;
  const client = hostOf(connection.port.facts.remote);
  const since = filetimeFromMs(core.clock.now());
  core.sessions.add({
    id,
    get identity() {
      return session.identity;
    },
    session,
    client,
    since,
    end: () => connection.endSession(smb1),
    lose: () => connection.endSession(smb1),
  });
  const wanted = Smb1Flags2.SecuritySignature | Smb1Flags2.SecuritySignatureRequired;
  const signs = core.options.signing !== 'enabled' || (request.header.flags2 & wanted) !== 0;
  if (signs && identity.sessionKey.length > 0) request.beginSigning(key);
  connection.authenticated();
}
