import type { ChallengeFacts } from '#auth/challenge-facts.js';
import { challengeResponse } from '#auth/smb1-logon.js';
import type { Smb1ClientConnection, Smb1Reply } from '#engine/smb1/client-connection.js';
import { filetimeFromMs } from '#wire/dtyp/filetime.js';
import { ConnectionLost, StatusError, UsageError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { Capabilities, type NegotiateResponse, SecurityMode } from '#wire/smb1/command/negotiate.js';
import {
  SessionSetupAction,
  SessionSetupAndXRequest,
  type SessionSetupAndXResponse,
} from '#wire/smb1/command/session-setup-andx.js';
import { Smb1Flags2 } from '#wire/smb1/header.js';
import { Smb1Command } from '#wire/smb1/smb1-command.js';
import type { Environment } from '../connection.js';
import type { Link } from '../link.js';
import type { LogonMechanism, Settings } from '../options.js';
import type { ClientConnection } from '../protocol.js';
import { logonFor, mechanismFor } from '../smb2/session-setup.js';
import { Smb1Client } from './client.js';
import { smb1Engine } from './multi-protocol.js';

const MAX_ROUNDS = 8;
const MAX_BUFFER = 0xffff;
/** Most pending requests, even if the server allows more. */
const MAX_MPX = 32;

const CAPABILITIES =
  Capabilities.Unicode |
  Capabilities.LargeFiles |
  Capabilities.NtSmbs |
  Capabilities.Status32 |
  Capabilities.NtFind |
  Capabilities.LargeReadx |
  Capabilities.LargeWritex;

/** The result of an SMB1 logon. */
export interface Smb1Session {
  readonly uid: number;
  readonly guest: boolean;
  readonly anonymous: boolean;
  readonly signed: boolean;
  /** Undefined without extended security. */
  readonly mechanism: LogonMechanism | undefined;
  readonly server: ChallengeFacts | undefined;
  /** The server software, as it names itself. */
  readonly software: string;
  /** When the logon began, in milliseconds since 1970. */
  readonly beganAt: number;
}

type Logon = Omit<Smb1Session, 'beganAt'>;

/** What a logon needs. */
export interface Smb1Setup {
  readonly engine: Smb1ClientConnection;
  readonly settings: Settings;
  readonly environment: Pick<Environment, 'clock' | 'random'>;
  readonly response: NegotiateResponse;
}

/** Logs on to a server that chose NT LM 0.12 ([MS-SMB] 3.2.4.2.4). */
export async function setUpSmb1(
  link: Link,
  settings: Settings,
  environment: Environment,
  { response }: { readonly response: NegotiateResponse },
): Promise<ClientConnection> {
  const engine = smb1Engine(link);
  checkPolicy(settings, response);
  prepare(engine, settings, response);
  const session = await logOnSmb1({ engine, settings, environment, response });
  return new Smb1Client(link, engine, settings, response, session);
}

/** Applies the NEGOTIATE response to the engine. */
export function prepare(engine: Smb1ClientConnection, settings: Settings, response: NegotiateResponse): void {
  engine.maxMpx = Math.min(Math.max(1, response.maxMpxCount), MAX_MPX);
  const { capabilities, securityMode } = response;
  engine.flags2 = Smb1Flags2.LongNames | Smb1Flags2.IsLongName;
  if (capabilities & Capabilities.Unicode) engine.flags2 |= Smb1Flags2.Unicode;
  if (capabilities & Capabilities.Status32) engine.flags2 |= Smb1Flags2.NtStatus;
  if (response.isExtendedSecurity) engine.flags2 |= Smb1Flags2.ExtendedSecurity;
  const signs = settings.signing !== 'off' && (securityMode & SecurityMode.SecuritySignaturesEnabled) !== 0;
  if (signs) engine.flags2 |= Smb1Flags2.SecuritySignature;
}

export function checkPolicy(settings: Settings, { securityMode }: NegotiateResponse): void {
  const refuse = (hint: string): never => {
    throw new StatusError(NtStatus.AccessDenied, { command: 'SMB_COM_NEGOTIATE', hint });
  };
  if (settings.encryption === 'required') refuse('encryption is required here, and SMB1 has none');
  if (settings.signing === 'off' && securityMode & SecurityMode.SecuritySignaturesRequired) {
    refuse("the server requires signing, and signing is 'off' here");
  }
  if (settings.signing === 'required' && !(securityMode & SecurityMode.SecuritySignaturesEnabled)) {
    refuse('signing is required here, and the server does not sign');
  }
  if (!(securityMode & SecurityMode.EncryptPasswords)) refuse('the server wants the password in the clear');
  if (!(securityMode & SecurityMode.UserSecurity))
    refuse('the server has a password for each share, not for each user');
}

/** Logs on with or without extended security, depending on the NEGOTIATE response. */
export async function logOnSmb1(setup: Smb1Setup): Promise<Smb1Session> {
  const beganAt = setup.environment.clock.now();
  const logon = setup.response.isExtendedSecurity ? await withSpnego(setup) : await withChallenge(setup);
  return { ...logon, beganAt };
}

function setupRequest(setup: Smb1Setup): SessionSetupAndXRequest {
  const { engine, response } = setup;
  const body = new SessionSetupAndXRequest();
  body.maxBufferSize = MAX_BUFFER;
  body.maxMpxCount = engine.maxMpx;
  body.vcNumber = 1;
  body.sessionKey = response.sessionKey;
  body.capabilities = (CAPABILITIES & response.capabilities) >>> 0;
  body.nativeOs = 'Node.js';
  body.nativeLanMan = 'sombrero';
  return body;
}

async function withSpnego(setup: Smb1Setup): Promise<Logon> {
  const { engine, settings, environment, response } = setup;
  const { random, clock } = environment;
  const kind = mechanismFor(settings, response.securityBlob);
  const mechanism = logonFor({ settings, random, now: () => clock.now() }, kind, settings.ntlmv1 !== 'never');
  let token = mechanism.step(response.securityBlob);
  let uid = 0;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const body = setupRequest(setup);
    body.wordCount = 12;
    body.capabilities = (body.capabilities | Capabilities.ExtendedSecurity) >>> 0;
    body.securityBlob = token;
    const accept = [NtStatus.MoreProcessingRequired];
    const call = { command: Smb1Command.SessionSetupAndX, body, uid, accept };
    const reply = await engine.call(call, settings.signal);
    uid = reply.header.uid;
    const answer = reply.body as SessionSetupAndXResponse;
    if (!mechanism.done) token = mechanism.step(answer.securityBlob);
    if (reply.header.ntStatus !== NtStatus.MoreProcessingRequired) {
      const facts = established(setup, reply, mechanism.anonymous, mechanism.sessionKey);
      return { ...facts, mechanism: kind, server: mechanism.server };
    }
  }
  throw new ConnectionLost('the logon does not come to an end', { retryable: false });
}

/** [MS-CIFS] 3.2.4.2.4: responds to the 8-byte challenge in the NEGOTIATE response. */
async function withChallenge(setup: Smb1Setup): Promise<Logon> {
  const { engine, settings, environment, response } = setup;
  const { account } = settings;
  if (response.challenge.length !== 8) throw new ConnectionLost('the server sent no challenge', { retryable: false });
  const body = setupRequest(setup);
  body.accountName = account.user;
  body.primaryDomain = account.domain;
  let key: Uint8Array = new Uint8Array(0);
  if (account.anonymous) {
    body.oemPassword = new Uint8Array(1);
  } else {
    const answer = challengeResponse({
      account: account.user,
      domain: account.domain,
      password: account.password,
      challenge: response.challenge,
      ntlmv2: settings.ntlmv1 === 'never',
      random: environment.random,
      now: () => filetimeFromMs(environment.clock.now()),
    });
    body.oemPassword = answer.lm;
    body.unicodePassword = answer.nt;
    // [MS-CIFS] 3.1.5.1: without extended security the response is part of the key.
    key = new Uint8Array([...answer.sessionKey, ...answer.nt]);
  }
  const reply = await engine.call({ command: Smb1Command.SessionSetupAndX, body }, settings.signal);
  return { ...established(setup, reply, account.anonymous, key), mechanism: undefined, server: undefined };
}

function established(
  setup: Smb1Setup,
  reply: Smb1Reply,
  anonymous: boolean,
  key: Uint8Array,
): Omit<Logon, 'mechanism' | 'server'> {
  const { engine, settings, response } = setup;
  const { action, nativeLanMan: software } = reply.body as SessionSetupAndXResponse;
  const guest = !anonymous && (action & SessionSetupAction.Guest) !== 0;
  if (guest && !settings.guest) {
    const hint = 'the server let us in as a guest only (wrong user or password?); guest sessions must be asked for';
    throw new StatusError(NtStatus.LogonFailure, { command: 'SMB_COM_SESSION_SETUP_ANDX', hint });
  }
  const { uid } = reply.header;
  const serverRequires = (response.securityMode & SecurityMode.SecuritySignaturesRequired) !== 0;
  // Even if neither side requires signing, a server may accept the offer, as Windows does; its response tells.
  const serverSigns = (reply.header.flags2 & Smb1Flags2.SecuritySignature) !== 0;
  if (guest || anonymous || (settings.signing !== 'required' && !serverRequires && !serverSigns)) {
    return { uid, guest, anonymous, signed: false, software };
  }
  if (key.length === 0) throw new UsageError('a session without a key cannot be signed');
  engine.signing.begin(key);
  if (!engine.signing.verify(reply.bytes, 1)) {
    throw new ConnectionLost("the server's answer to the logon is not signed as it must be", {
      retryable: false,
      code: 'SMB_BAD_SIGNATURE',
    });
  }
  return { uid, guest, anonymous, signed: true, software };
}
