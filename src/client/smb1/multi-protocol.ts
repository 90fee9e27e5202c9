import { FRAME_HEADER } from '#engine/frame-port.js';
import { Smb1ClientConnection } from '#engine/smb1/client-connection.js';
import { ConnectionLost } from '#wire/erref/errors.js';
import { Decoder } from '#wire/io/decoder.js';
import { Encoder } from '#wire/io/encoder.js';
import { NegotiateRequest, NegotiateResponse, NO_DIALECT } from '#wire/smb1/command/negotiate.js';
import { isSmb1, Smb1Flags, Smb1Flags2, Smb1Header } from '#wire/smb1/header.js';
import { decodeChain, Smb1Message, writeMessage } from '#wire/smb1/message.js';
import { Smb1Command } from '#wire/smb1/smb1-command.js';
import { NegotiateResponse as Smb2NegotiateResponse } from '#wire/smb2/command/negotiate.js';
import { Dialect } from '#wire/smb2/dialect.js';
import { Smb2Header } from '#wire/smb2/header.js';
import type { Link } from '../link.js';
import { NT1, type Settings } from '../options.js';
import { type Agreement, agreementOf, negotiateRequest } from '../smb2/negotiate.js';

/** The server's answer to an SMB1 NEGOTIATE. */
export type MultiProtocolAnswer =
  | { readonly family: 'smb1'; readonly response: NegotiateResponse }
  /** SMB2: either 2.0.2 is agreed, or a later dialect has yet to be negotiated in SMB2. */
  | { readonly family: 'smb2'; readonly credits: number; readonly agreement: Agreement | undefined };

const NT_LM = 'NT LM 0.12';
const encoder = new Encoder(4096);

/** The dialect strings for the allowed revisions ([MS-SMB2] 3.2.4.2.2.1). */
function dialectStrings(dialects: readonly number[]): string[] {
  const strings: string[] = [];
  if (dialects.includes(NT1)) strings.push(NT_LM);
  if (dialects.includes(Dialect.Smb202)) strings.push('SMB 2.002');
  if (dialects.some((dialect) => dialect > Dialect.Smb202)) strings.push('SMB 2.???');
  return strings;
}

/**
 * Starts with an SMB1 NEGOTIATE, which old servers understand, and continues with the protocol that the server chooses.
 */
export async function negotiateFromSmb1(link: Link, settings: Settings): Promise<MultiProtocolAnswer> {
  const frame = await firstAnswer(link, request(settings));
  if (!isSmb1(frame)) return smb2Answer(frame, settings);
  const message = decodeChain(frame);
  const response = message.blocks[0]?.body;
  if (!(response instanceof NegotiateResponse) || response.dialectIndex === NO_DIALECT) {
    throw new ConnectionLost('the server speaks none of our dialects', { retryable: false, code: 'SMB_NO_DIALECT' });
  }
  if (response.wordCount !== 17 || response.dialectIndex !== 0) {
    throw new ConnectionLost('the server chose a dialect that was not offered', { retryable: false });
  }
  return { family: 'smb1', response };
}

function request(settings: Settings): Smb1Message {
  const header = new Smb1Header();
  header.command = Smb1Command.Negotiate;
  header.flags = Smb1Flags.CaseInsensitive | Smb1Flags.CanonicalizedPaths;
  header.flags2 = Smb1Flags2.LongNames | Smb1Flags2.NtStatus | Smb1Flags2.Unicode;
  if (settings.extendedSecurity) header.flags2 |= Smb1Flags2.ExtendedSecurity;
  if (settings.signing !== 'off') header.flags2 |= Smb1Flags2.SecuritySignature;
  header.pidLow = 0xfeff;
  const body = new NegotiateRequest();
  body.dialects = dialectStrings(settings.dialects);
  return Smb1Message.of(header, body);
}

function firstAnswer(link: Link, message: Smb1Message): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    link.sink = {
      outstanding: 1,
      receive: (frame) => {
        link.port.received(0, frame);
        resolve(frame);
      },
      closed: reject,
    };
    encoder.begin(FRAME_HEADER);
    writeMessage(encoder, message);
    link.port.send([encoder.end()]);
  });
}

function smb2Answer(frame: Uint8Array, settings: Settings): MultiProtocolAnswer {
  const io = new Decoder().reset(frame);
  const header = new Smb2Header();
  header.layout(io);
  const response = new Smb2NegotiateResponse();
  response.layout(io);
  const credits = Math.max(1, header.credits);
  if (response.dialectRevision === Dialect.Wildcard) return { family: 'smb2', credits, agreement: undefined };
  // This request was never sent; it is the equivalent of the SMB1 one.
  const meant = negotiateRequest({ ...settings, dialects: [Dialect.Smb202] }, () => new Uint8Array(16));
  return { family: 'smb2', credits, agreement: agreementOf(settings, meant, response) };
}

/** Installs an SMB1 engine on a link after NEGOTIATE. */
export function smb1Engine(link: Link): Smb1ClientConnection {
  const engine = new Smb1ClientConnection(link.port, encoder);
  link.sink = engine;
  return engine;
}
