import { Smb2ClientConnection } from '#engine/smb2/client-connection.js';
import { ConnectionLost, StatusError } from '#wire/erref/errors.js';
import { Encoder } from '#wire/io/encoder.js';
import type { NegotiateRequest, NegotiateResponse } from '#wire/smb2/command/negotiate.js';
import { Command } from '#wire/smb2/header.js';
import { type Environment, guarded, openLink } from '../connection.js';
import { NT1, type Settings } from '../options.js';
import { negotiateFromSmb1 } from '../smb1/multi-protocol.js';
import { negotiateRequest } from '../smb2/negotiate.js';

/** A server's response to an offer. */
export interface Offered {
  readonly response: NegotiateResponse;
  readonly credits: number;
  /** When the response arrived, in milliseconds since 1970. */
  readonly at: number;
}

/** Sends a NEGOTIATE on a new connection. Undefined if the server does not accept it. */
export async function offer(
  settings: Settings,
  environment: Environment,
  adapt: (request: NegotiateRequest) => void = () => undefined,
): Promise<Offered | undefined> {
  const link = await openLink(settings, environment);
  const work = async (): Promise<Offered> => {
    const engine = new Smb2ClientConnection(link.port, new Encoder());
    link.sink = engine;
    const body = negotiateRequest(settings, environment.random);
    adapt(body);
    const reply = await engine.call({ command: Command.Negotiate, body }, { signal: settings.signal });
    const at = environment.clock.now();
    return { response: reply.body as NegotiateResponse, credits: reply.header.credits, at };
  };
  try {
    const offered = await guarded(link, settings.signal, work);
    link.end();
    return offered.response.dialectRevision === settings.dialects.at(-1) ? offered : undefined;
  } catch (error) {
    return refused(error);
  }
}

/** Whether the server speaks SMB1. */
export async function offersSmb1(settings: Settings, environment: Environment): Promise<boolean> {
  const link = await openLink(settings, environment);
  try {
    const only = { ...settings, dialects: [NT1] };
    const answer = await guarded(link, settings.signal, () => negotiateFromSmb1(link, only));
    link.end();
    return answer.family === 'smb1';
  } catch (error) {
    return refused(error) !== undefined;
  }
}

// Some servers return an error, others close the connection.
function refused(error: unknown): undefined {
  const no = error instanceof StatusError || (error instanceof ConnectionLost && error.code !== 'ETIMEDOUT');
  if (!no) throw error;
}
