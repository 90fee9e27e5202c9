import { randomBytes } from 'node:crypto';
import { Smb2ClientConnection } from '#engine/smb2/client-connection.js';
import { Transcript } from '#engine/smb2/session-keys.js';
import type { Clock, Random, Transport } from '#engine/transport.js';
import { systemClock } from '#net/clock.js';
import { connectTcp } from '#net/tcp.js';
import { ConnectionLost, StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { Encoder } from '#wire/io/encoder.js';
import { EchoRequest } from '#wire/smb2/command/echo.js';
import { dialectNames } from '#wire/smb2/dialect.js';
import { Command } from '#wire/smb2/header.js';
import { hinted, withHint } from './errors.js';
import { Link } from './link.js';
import { type Retarget, requestSession } from './netbios.js';
import { NT1, type Settings } from './options.js';
import type { ClientConnection, Legacy } from './protocol.js';
import { Smb2Client } from './smb2/client.js';
import { Line } from './smb2/line.js';
import { type Agreement, negotiateSmb2 } from './smb2/negotiate.js';
import { renewSession, setUpSession } from './smb2/session-setup.js';

/** What a client needs from the machine it runs on. */
export interface Environment {
  readonly clock: Clock;
  readonly random: Random;
  readonly dial: (
    port: number,
    host: string,
    options: { timeoutMs: number; signal?: AbortSignal | undefined },
  ) => Promise<Transport>;
}

export const machine: Environment = {
  clock: systemClock,
  random: (length) => new Uint8Array(randomBytes(length)),
  dial: connectTcp,
};

const MAX_RETARGETS = 2;
/** Room for the headers of the largest response, and for smaller responses in the same compound. */
const OVERHEAD = 131072;

const encoder = new Encoder();

/** Connects, negotiates and logs on. */
export async function openConnection(
  settings: Settings,
  environment: Environment = machine,
): Promise<ClientConnection> {
  const link = await openLink(settings, environment);
  return onLink(link, settings, environment);
}

/** Like `openConnection`, over an existing transport. */
export async function openClient(
  transport: Transport,
  settings: Settings,
  environment: Environment = machine,
): Promise<ClientConnection> {
  const link = new Link(transport, settings.netbios ? 'netbios' : 'direct', environment.clock, settings.timeoutMs);
  if (settings.netbios) await requestSession(link, settings.calledName, settings.timeoutMs);
  return onLink(link, settings, environment);
}

/** Prepares a connection for NEGOTIATE: TCP, and a NetBIOS session if the settings ask for one. */
export async function openLink(settings: Settings, environment: Environment): Promise<Link> {
  const { timeoutMs, signal, netbios } = settings;
  let place: Retarget = { host: settings.address ?? settings.host, port: settings.port };
  for (let hop = 0; hop <= MAX_RETARGETS; hop++) {
    const transport = await dialled(environment, place, { timeoutMs, signal });
    const link = new Link(transport, netbios ? 'netbios' : 'direct', environment.clock, timeoutMs);
    if (!netbios) return link;
    const retarget = await guarded(link, signal, () => requestSession(link, settings.calledName, timeoutMs));
    if (!retarget) return link;
    link.end();
    place = retarget;
  }
  throw new ConnectionLost('the NetBIOS session service sends us from one place to another', { retryable: false });
}

async function dialled(
  environment: Environment,
  { host, port }: Retarget,
  options: { timeoutMs: number; signal: AbortSignal | undefined },
): Promise<Transport> {
  try {
    return await environment.dial(port, host, options);
  } catch (error) {
    throw withHint(error);
  }
}

async function onLink(link: Link, settings: Settings, environment: Environment): Promise<ClientConnection> {
  return guarded(link, settings.signal, () => negotiateAndLogOn(link, settings, environment));
}

/** Runs `work`; ends the connection if it fails or is aborted. */
export async function guarded<T>(link: Link, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  const abort = (): void => link.fail(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  try {
    signal?.throwIfAborted();
    return await work();
  } catch (error) {
    link.fail(error);
    throw withHint(error);
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

async function negotiateAndLogOn(link: Link, settings: Settings, environment: Environment): Promise<ClientConnection> {
  if (settings.dialects[0] === NT1) {
    // Loaded on demand, because SMB1 is hardly ever used.
    const [{ negotiateFromSmb1 }, { setUpSmb1 }] = await Promise.all([
      import('./smb1/multi-protocol.js'),
      import('./smb1/set-up.js'),
    ]);
    const answer = await negotiateFromSmb1(link, settings).catch((error) => {
      throw atFirstWord(error, 'the server may know no SMB1');
    });
    if (answer.family === 'smb1') return setUpSmb1(link, settings, environment, answer);
    const engine = smb2Engine(link);
    engine.enterByMultiProtocol(answer.credits);
    if (answer.agreement !== undefined) {
      return logOn(lineOf(link, engine, answer.agreement, new Transcript()), settings, environment, endLine);
    }
    return logOn(await negotiateLine(link, engine, settings, environment), settings, environment, endLine);
  }
  return logOn(await negotiateLine(link, smb2Engine(link), settings, environment), settings, environment, endLine);
}

function smb2Engine(link: Link): Smb2ClientConnection {
  const engine = new Smb2ClientConnection(link.port, encoder);
  link.sink = engine;
  return engine;
}

async function negotiateLine(
  link: Link,
  engine: Smb2ClientConnection,
  settings: Settings,
  { random }: Environment,
): Promise<Line> {
  const transcript = new Transcript();
  try {
    return lineOf(link, engine, await negotiateSmb2(engine, settings, transcript, random), transcript);
  } catch (error) {
    throw atFirstWord(error, "the server may know only SMB1 (dialects: { min: 'NT1' })");
  }
}

/** Adds a hint to the error of a server that does not even answer NEGOTIATE. */
function atFirstWord(error: unknown, ignorance: string): unknown {
  if (!(error instanceof ConnectionLost) || !error.retryable) return error;
  if (error.code === 'ETIMEDOUT') return hinted(error, 'somebody takes connections there, but does not answer in SMB');
  return hinted(error, `it ended at the first message: ${ignorance}, or let nobody in from here`);
}

function lineOf(link: Link, engine: Smb2ClientConnection, agreement: Agreement, transcript: Transcript): Line {
  engine.dialect = agreement.dialect;
  link.allow(Math.max(agreement.maxRead, agreement.maxTransact) + OVERHEAD);
  // An ECHO needs no session ([MS-SMB2] 3.3.5.2.9).
  link.probe = () => void engine.call({ command: Command.Echo, body: new EchoRequest() }).catch(() => undefined);
  return new Line(link, engine, agreement, transcript);
}

/** Opens a connection and negotiates SMB2; sessions of any user can be set up on it. */
export async function openLine(settings: Settings, environment: Environment): Promise<Line> {
  const link = await openLink(settings, environment);
  return guarded(link, settings.signal, () => negotiateLine(link, smb2Engine(link), settings, environment));
}

export function endLine(line: Line): void {
  line.link.end();
}

/** A server that rejects unprotected sessions just answers STATUS_ACCESS_DENIED: says in a hint what may be missing. */
function atLogon(error: unknown, { cipher, dialect }: Agreement, { signing }: Settings): unknown {
  if (!(error instanceof StatusError) || error.status !== NtStatus.AccessDenied) return error;
  const lacks = [
    ...(cipher === 0 ? [`encryption, which is 'off' here or not known to SMB ${dialectNames[dialect]}`] : []),
    ...(signing === 'off' ? ["signing, which is 'off' here"] : []),
  ];
  return lacks.length === 0
    ? error
    : hinted(error, `the server requires ${lacks.join(', or ')}, or denies the account`);
}

/** Logs on over a negotiated connection; `release` is called when the connection is no longer needed. */
export async function logOn(
  line: Line,
  settings: Settings,
  { clock, random }: Environment,
  release: (line: Line) => void,
  previous?: Legacy,
): Promise<Smb2Client> {
  const context = { line, settings, random, now: () => clock.now(), previous };
  const session = await setUpSession(context).catch((error) => {
    throw atLogon(error, line.agreement, settings);
  });
  session.renew = () => renewSession({ ...context, settings: { ...settings, signal: undefined } }, session);
  return new Smb2Client(settings, session, release);
}
