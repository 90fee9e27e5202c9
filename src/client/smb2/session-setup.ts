import type { ChallengeFacts } from '#auth/challenge-facts.js';
import type { ClientMechanism } from '#auth/mechanism.js';
import { NtlmClient } from '#auth/ntlm-client.js';
import { SpnegoClient } from '#auth/spnego-client.js';
import type { Smb2ClientConnection, Smb2Reply } from '#engine/smb2/client-connection.js';
import { provesKey } from '#engine/smb2/client-session.js';
import { isSigned } from '#engine/smb2/compose.js';
import type { SessionSecurity } from '#engine/smb2/security.js';
import { protect, type Transcript, unprotected } from '#engine/smb2/session-keys.js';
import type { Random } from '#engine/transport.js';
import { filetimeFromMs } from '#wire/dtyp/filetime.js';
import { ConnectionLost, StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { SecurityMode } from '#wire/smb2/command/negotiate.js';
import { SessionFlags, SessionSetupRequest, type SessionSetupResponse } from '#wire/smb2/command/session-setup.js';
import { Dialect } from '#wire/smb2/dialect.js';
import { Command } from '#wire/smb2/header.js';
import type { LogonMechanism, Settings } from '../options.js';
import type { Agreement } from './negotiate.js';

/** Round trips of a logon; NTLM takes two, and SPNEGO may add one. */
const MAX_ROUNDS = 8;

/** A session as it came about. */
export interface EstablishedSession {
  readonly security: SessionSecurity;
  readonly guest: boolean;
  readonly anonymous: boolean;
  readonly mechanism: LogonMechanism;
  /** As the server told of itself in the logon. */
  readonly server: ChallengeFacts | undefined;
  /** When the logon began, in milliseconds since 1970. */
  readonly beganAt: number;
}

export interface SetupContext {
  readonly engine: Smb2ClientConnection;
  readonly settings: Settings;
  readonly agreement: Agreement;
  /** Of the connection: NEGOTIATE and its answer. */
  readonly transcript: Transcript;
  readonly random: Random;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** How the first token of a message of NTLM itself begins ([MS-NLMP] 2.2.1). */
const NTLMSSP: readonly number[] = [0x4e, 0x54, 0x4c, 0x4d, 0x53, 0x53, 0x50, 0];

/** NTLM as it is where the server knows nothing of SPNEGO: it sent no token of that, or one of NTLM. */
export function mechanismFor({ mechanism }: Settings, hint: Uint8Array): LogonMechanism {
  if (mechanism !== undefined) return mechanism;
  return hint.length === 0 || NTLMSSP.every((byte, at) => hint[at] === byte) ? 'NTLMSSP' : 'SPNEGO';
}

/** The client's end of NTLM for an account, in SPNEGO or alone. */
export function logonFor(
  { settings, random, now }: Pick<SetupContext, 'settings' | 'random' | 'now'>,
  mechanism: LogonMechanism,
): ClientMechanism {
  const { account, host } = settings;
  const options = {
    account: account.user,
    domain: account.domain,
    password: account.password,
    workstation: 'SOMBRERO',
    targetName: `cifs/${host}`,
    ntlmv1: settings.ntlmv1,
    random,
    now: () => filetimeFromMs(now()),
  };
  return mechanism === 'SPNEGO' ? new SpnegoClient(options) : new NtlmClient(options);
}

/** Logs on ([MS-SMB2] 3.2.4.2.3, 3.2.5.3). */
export async function setUpSession(context: SetupContext): Promise<EstablishedSession> {
  const { engine, settings, agreement } = context;
  const kind = mechanismFor(settings, agreement.securityBuffer);
  const mechanism = logonFor(context, kind);
  const beganAt = context.now();
  const transcript = context.transcript.fork();
  let session: SessionSecurity | undefined;
  let token = mechanism.step(agreement.securityBuffer);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const body = new SessionSetupRequest();
    body.securityMode = settings.signing === 'required' ? SecurityMode.SigningRequired : SecurityMode.SigningEnabled;
    body.securityBuffer = token;
    const options = { session, signal: settings.signal, observe: transcript.add };
    const reply = await engine.call({ command: Command.SessionSetup, body }, options);
    const { securityBuffer } = reply.body as SessionSetupResponse;
    if (reply.header.status !== NtStatus.MoreProcessingRequired) {
      if (round > 0 && !mechanism.done) mechanism.step(securityBuffer);
      const session = establish(context, reply, transcript, mechanism);
      return { ...session, mechanism: kind, server: mechanism.server, beganAt };
    }
    transcript.add(reply.bytes);
    session ??= unprotected(reply.header.sessionId);
    token = mechanism.step(securityBuffer);
  }
  throw new ConnectionLost('the logon does not come to an end', { retryable: false });
}

function establish(
  context: SetupContext,
  reply: Smb2Reply,
  transcript: Transcript,
  mechanism: ClientMechanism,
): Pick<EstablishedSession, 'security' | 'guest' | 'anonymous'> {
  const { engine, settings, agreement, random } = context;
  const { sessionFlags } = reply.body as SessionSetupResponse;
  const anonymous = (sessionFlags & SessionFlags.IsNull) !== 0 || mechanism.anonymous;
  const guest = !anonymous && (sessionFlags & SessionFlags.IsGuest) !== 0;
  checkIdentity(settings, guest, anonymous);
  const unkeyed = anonymous || guest;
  const demandsEncryption = (sessionFlags & SessionFlags.EncryptData) !== 0;
  if (demandsEncryption && agreement.cipher === 0) {
    const hint = "the server demands encryption, and encryption is 'off' here or no cipher was agreed";
    throw new StatusError(NtStatus.AccessDenied, { command: 'SESSION_SETUP', hint });
  }
  const signingRequired = settings.signing === 'required' || agreement.serverRequiresSigning;
  const security = protect(
    {
      id: reply.header.sessionId,
      dialect: agreement.dialect,
      signingAlgorithm: agreement.signingAlgorithm,
      cipher: agreement.cipher,
      sessionKey: unkeyed ? undefined : mechanism.sessionKey,
      transcript,
      signingRequired,
      encryptionRequired: demandsEncryption || settings.encryption === 'required',
    },
    'client',
    random,
  );
  // Without it, somebody in between could have let us in.
  if (!unkeyed && mustProve(signingRequired, agreement, reply) && !provesKey(reply, security)) {
    throw new ConnectionLost("the server's answer to the logon is not signed as it must be", {
      retryable: false,
      code: 'SMB_BAD_SIGNATURE',
    });
  }
  engine.sessions.set(security.id, security);
  return { security, guest, anonymous };
}

// At 3.1.1 the last answer is signed whatever else is ([MS-SMB2] 3.3.5.5.3); it seals the transcript.
function mustProve(signingRequired: boolean, agreement: Agreement, reply: Smb2Reply): boolean {
  return signingRequired || agreement.dialect >= Dialect.Smb311 || isSigned(reply.header);
}

function checkIdentity(settings: Settings, guest: boolean, anonymous: boolean): void {
  if (anonymous && !settings.account.anonymous) {
    const hint = 'the server took us for nobody: wrong user or password?';
    throw new StatusError(NtStatus.LogonFailure, { command: 'SESSION_SETUP', hint });
  }
  if (!guest && !anonymous) return;
  if (guest && !settings.guest) {
    const hint = 'the server let us in as a guest only (wrong user or password?); guest sessions must be asked for';
    throw new StatusError(NtStatus.LogonFailure, { command: 'SESSION_SETUP', hint });
  }
  if (settings.encryption === 'required') {
    const hint = 'encryption is required here, and sessions of guests have no key';
    throw new StatusError(NtStatus.AccessDenied, { command: 'SESSION_SETUP', hint });
  }
}
