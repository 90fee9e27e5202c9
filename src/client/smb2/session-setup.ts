import type { ClientMechanism } from '#auth/mechanism.js';
import { NtlmClient } from '#auth/ntlm-client.js';
import { SpnegoClient } from '#auth/spnego-client.js';
import type { CallOptions, Smb2Reply } from '#engine/smb2/client-connection.js';
import { provesKey } from '#engine/smb2/client-session.js';
import { isSigned } from '#engine/smb2/compose.js';
import type { SessionSecurity } from '#engine/smb2/security.js';
import { protect, type Transcript, unprotected } from '#engine/smb2/session-keys.js';
import type { Random } from '#engine/transport.js';
import { filetimeFromMs } from '#wire/dtyp/filetime.js';
import { ConnectionLost, StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { SecurityMode } from '#wire/smb2/command/negotiate.js';
import {
  SessionFlags,
  SessionSetupFlags,
  SessionSetupRequest,
  type SessionSetupResponse,
} from '#wire/smb2/command/session-setup.js';
import { Dialect } from '#wire/smb2/dialect.js';
import { Command } from '#wire/smb2/header.js';
import type { LogonMechanism, Settings } from '../options.js';
import type { Legacy } from '../protocol.js';
import type { Line } from './line.js';
import type { Agreement } from './negotiate.js';
import { type Channel, Smb2Session } from './session.js';

/** Most round trips of a logon; NTLM takes two, and SPNEGO may add one. */
const MAX_ROUNDS = 8;

export interface SetupContext {
  readonly line: Line;
  readonly settings: Settings;
  readonly random: Random;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The session that was lost with its connection. */
  readonly previous?: Legacy | undefined;
}

/** The signature at the start of a raw NTLM message ([MS-NLMP] 2.2.1). */
const NTLMSSP: readonly number[] = [0x4e, 0x54, 0x4c, 0x4d, 0x53, 0x53, 0x50, 0];

/** Raw NTLM if the server does not use SPNEGO: its NEGOTIATE response has no token, or an NTLM one. */
export function mechanismFor({ mechanism }: Settings, hint: Uint8Array): LogonMechanism {
  if (mechanism !== undefined) return mechanism;
  return hint.length === 0 || NTLMSSP.every((byte, at) => hint[at] === byte) ? 'NTLMSSP' : 'SPNEGO';
}

/** The client side of NTLM for an account, with or without SPNEGO. */
export function logonFor(
  { settings, random, now }: Pick<SetupContext, 'settings' | 'random' | 'now'>,
  mechanism: LogonMechanism,
  ntlmv1: boolean,
): ClientMechanism {
  const { account, host } = settings;
  const options = {
    account: account.user,
    domain: account.domain,
    password: account.password,
    workstation: 'SOMBRERO',
    targetName: `cifs/${host}`,
    ntlmv1,
    random,
    now: () => filetimeFromMs(now()),
  };
  return mechanism === 'SPNEGO' ? new SpnegoClient(options) : new NtlmClient(options);
}

/** Logs on ([MS-SMB2] 3.2.4.2.3, 3.2.5.3). */
export async function setUpSession(context: SetupContext): Promise<Smb2Session> {
  const { line } = context;
  const talk = await converse(context, {});
  const { guest, anonymous, security } = establish(context, talk);
  line.engine.sessions.set(security.id, security);
  const { kind, mechanism } = talk;
  const session = new Smb2Session({ line, security }, { guest, anonymous, mechanism: kind, server: mechanism.server });
  session.channelSequence = context.previous?.channelSequence ?? 0;
  return session;
}

/** Reauthenticates an expired session ([MS-SMB2] 3.2.4.2.3.1, 3.2.5.3.2); its keys stay the same. */
export async function renewSession(context: SetupContext, session: Smb2Session): Promise<void> {
  // Uses any live channel. Unlike the first logon, this is encrypted if the session is.
  const [{ line, security }] = session.channels as [Channel];
  const talk = await converse({ ...context, line, previous: undefined }, { session: security, sign: true });
  const { sessionFlags } = talk.reply.body as SessionSetupResponse;
  if (
    (sessionFlags & (SessionFlags.IsGuest | SessionFlags.IsNull)) !== 0 &&
    !session.logon.guest &&
    !session.logon.anonymous
  ) {
    throw new StatusError(NtStatus.LogonFailure, { command: 'SESSION_SETUP' });
  }
}

/**
 * Binds one more connection to the session ([MS-SMB2] 3.2.4.2.3, 3.2.5.3.3). It gets its own signing key, but uses the
 * session's encryption keys.
 */
export async function bindChannel(context: SetupContext, session: Smb2Session): Promise<Channel> {
  const { line, random } = context;
  const { main } = session;
  const talk = await converse(context, { session: signingOnly(main), sign: true, unverified: true, bind: true });
  const own = protect(
    {
      id: main.id,
      dialect: line.agreement.dialect,
      signingAlgorithm: line.agreement.signingAlgorithm,
      cipher: 0,
      sessionKey: talk.mechanism.sessionKey,
      transcript: talk.transcript,
      signingRequired: main.signingRequired,
      encryptionRequired: main.encryptionRequired,
    },
    'client',
    random,
  );
  if (!provesKey(talk.reply, own)) throw unproven();
  const security = { ...own, sealer: main.sealer, opener: main.opener };
  line.engine.sessions.set(security.id, security);
  return { line, security };
}

// A channel that is being bound does not encrypt yet ([MS-SMB2] 3.2.4.1.8).
function signingOnly(security: SessionSecurity): SessionSecurity {
  return { ...security, sealer: undefined, opener: undefined, encryptionRequired: false };
}

/** A logon that the server has accepted. */
interface Talk {
  readonly reply: Smb2Reply;
  readonly transcript: Transcript;
  readonly mechanism: ClientMechanism;
  readonly kind: LogonMechanism;
}

async function converse(
  context: SetupContext,
  { bind, ...protection }: CallOptions & { readonly bind?: boolean },
): Promise<Talk> {
  const { line, settings } = context;
  const kind = mechanismFor(settings, line.agreement.securityBuffer);
  const mechanism = logonFor(context, kind, context.settings.ntlmv1 === 'always');
  const transcript = line.transcript.fork();
  let { session } = protection;
  let token = mechanism.step(line.agreement.securityBuffer);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const body = new SessionSetupRequest();
    body.flags = bind ? SessionSetupFlags.Binding : 0;
    body.securityMode = settings.signing === 'required' ? SecurityMode.SigningRequired : SecurityMode.SigningEnabled;
    body.previousSessionId = context.previous?.sessionId ?? 0n;
    body.securityBuffer = token;
    const options = { ...protection, session, signal: settings.signal, observe: transcript.add };
    const reply = await line.engine.call({ command: Command.SessionSetup, body }, options);
    const { securityBuffer } = reply.body as SessionSetupResponse;
    if (reply.header.status !== NtStatus.MoreProcessingRequired) {
      if (round > 0 && !mechanism.done) mechanism.step(securityBuffer);
      return { reply, transcript, mechanism, kind };
    }
    transcript.add(reply.bytes);
    session ??= unprotected(reply.header.sessionId);
    token = mechanism.step(securityBuffer);
  }
  throw new ConnectionLost('the logon does not come to an end', { retryable: false });
}

function establish(
  { line, settings, random }: SetupContext,
  { reply, transcript, mechanism }: Talk,
): { security: SessionSecurity; guest: boolean; anonymous: boolean } {
  const { agreement } = line;
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
  // Without this proof, a man in the middle could have accepted the logon.
  if (!unkeyed && mustProve(signingRequired, agreement, reply) && !provesKey(reply, security)) throw unproven();
  return { security, guest, anonymous };
}

function unproven(): ConnectionLost {
  return new ConnectionLost("the server's answer to the logon is not signed as it must be", {
    retryable: false,
    code: 'SMB_BAD_SIGNATURE',
  });
}

// In 3.1.1 the last response is always signed ([MS-SMB2] 3.3.5.5.3), which protects the transcript.
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
