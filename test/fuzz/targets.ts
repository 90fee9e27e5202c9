import { isDeepStrictEqual } from 'node:util';
import { BufferPool } from '#engine/buffer-pool.js';
import { FrameReader } from '#engine/framing.js';
import { splitCompound } from '#engine/smb2/split.js';
import { toMedium, toWire } from '#fs/local/name-map.js';
import { SecurityDescriptor } from '#wire/dtyp/security-descriptor.js';
import { ConnectionLost, StatusError } from '#wire/erref/errors.js';
import { canonicalDosPath, parsePath } from '#wire/fscc/file-name.js';
import { Decoder } from '#wire/io/decoder.js';
import { Malformed } from '#wire/io/malformed.js';
import { decodeUtf16, encodeUtf16 } from '#wire/io/utf16.js';
import { dissectNetbios } from '#wire/netbios/dissect.js';
import { SessionNegativeResponse } from '#wire/netbios/session-negative-response.js';
import { SessionRequest } from '#wire/netbios/session-request.js';
import { SessionRetargetResponse } from '#wire/netbios/session-retarget-response.js';
import { dissectNtlm } from '#wire/ntlm/dissect.js';
import { AuthenticateMessage, ChallengeMessage, NegotiateMessage } from '#wire/ntlm/messages.js';
import { Pdu } from '#wire/rpc/pdu.js';
import { dissectSmb1 } from '#wire/smb1/dissect.js';
import { decodeChain, encodeChain } from '#wire/smb1/message.js';
import { dissectSmb2 } from '#wire/smb2/dissect.js';
import { DerWriter } from '#wire/spnego/der-writer.js';
import { dissectSpnego } from '#wire/spnego/dissect.js';
import { readSpnego } from '#wire/spnego/tokens.js';
import { Smb2Message } from '../smb2-message.js';
import { type Target, Unstable } from './oracle.js';
import {
  NTLM_TOKENS,
  RPC_PDUS,
  SECURITY_DESCRIPTORS,
  SMB1_FRAMES,
  SMB2_FRAMES,
  SPNEGO_TOKENS,
  STREAMS,
} from './seeds.js';
import { SESSIONS, serveSession } from './server-session.js';
import { difference, stable } from './stable.js';

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));
const DIALECTS = [0x0210, 0x0311];
const LIMIT = 1 << 20;

/** A stream must give the same frames however it is cut into chunks. */
function framing(bytes: Uint8Array): void {
  for (const kind of ['direct', 'netbios'] as const) {
    dissectNetbios(bytes, kind === 'direct');
    const whole = framesOf(kind, [bytes]);
    const third = Math.ceil(bytes.length / 3);
    const parts = [bytes.subarray(0, third), bytes.subarray(third, third * 2), bytes.subarray(third * 2)];
    const single = Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));
    for (const chunks of [parts, single]) {
      if (!isDeepStrictEqual(framesOf(kind, chunks), whole)) throw new Unstable(`${kind} frames depend on the chunks`);
    }
  }
  const body = bytes.subarray(4);
  for (const make of [SessionRequest, SessionNegativeResponse, SessionRetargetResponse])
    tolerate(() => stable(() => new make(), body));
}

function framesOf(kind: 'direct' | 'netbios', chunks: readonly Uint8Array[]): unknown[] {
  const frames: unknown[] = [];
  const reader = new FrameReader(kind, LIMIT, new BufferPool(), (type, frame) => frames.push([type, frame.slice()]));
  try {
    for (const chunk of chunks) reader.push(chunk);
  } catch (error) {
    if (!(error instanceof ConnectionLost)) throw error;
    frames.push(error.code);
  }
  return frames;
}

/** Runs a decoder on bytes that may not be meant for it. */
function tolerate(action: () => unknown): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof Malformed) && !(error instanceof StatusError)) throw error;
  }
}

function smb2(frame: Uint8Array): void {
  for (const dialect of DIALECTS) dissectSmb2(frame, { dialect });
  for (const { bytes } of splitCompound(new Decoder(), frame, 16)) {
    for (const dialect of DIALECTS) tolerate(() => stable(() => new Smb2Message(), bytes, { dialect }));
  }
}

function smb1(frame: Uint8Array): void {
  dissectSmb1(frame);
  const message = decodeChain(frame);
  const encoded = encodeChain(message);
  let again: typeof message;
  try {
    again = decodeChain(encoded);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    throw new Unstable(`${message.name}: ${error.field} is malformed once encoded`);
  }
  if (!isDeepStrictEqual(again, message)) throw new Unstable(`${message.name} ${difference(message, again)}`);
}

function ntlm(bytes: Uint8Array): void {
  dissectNtlm(bytes);
  for (const make of [NegotiateMessage, ChallengeMessage, AuthenticateMessage])
    tolerate(() => stable(() => new make(), bytes, { ignore: ['payloadOrder'] }));
}

function spnego(bytes: Uint8Array): void {
  dissectSpnego(bytes);
  const token = readSpnego(bytes);
  const writer = new DerWriter();
  token.layout(writer);
  const again = readSpnego(writer.bytes());
  if (!isDeepStrictEqual(again, token)) throw new Unstable(token.constructor.name);
}

/** A name accepted for storage must come back unchanged. */
function names(bytes: Uint8Array): void {
  toWire(Buffer.from(bytes).toString('latin1'));
  const path = decodeUtf16(bytes);
  tolerate(() => parsePath(path));
  tolerate(() => {
    const canonical = canonicalDosPath(path);
    if (canonicalDosPath(canonical) !== canonical) throw new Unstable('canonicalDosPath is not idempotent');
  });
  const medium = toMedium(path);
  if (/[^\0-\xff]/.test(medium)) throw new Unstable('toMedium gives characters that are no bytes');
  if (medium.split('/').map(toWire).join('/') !== path) throw new Unstable('toWire does not undo toMedium');
}

/** All code that a peer's bytes reach first. */
export const TARGETS: readonly Target[] = [
  { name: 'framing', sources: /\/dist\/(engine\/framing|wire\/netbios)/, seeds: STREAMS, run: framing },
  {
    name: 'smb2',
    sources: /\/dist\/(wire\/(smb2|io|fscc|dtyp)|engine\/smb2\/split)/,
    seeds: SMB2_FRAMES,
    tokens: [
      ascii('\xfeSMB'),
      ascii('\xfdSMB'),
      ascii('\xfcSMB'),
      ascii('RqLs'),
      ascii('DH2Q'),
      ascii('MxAc'),
      ascii('QFid'),
      ascii('AAPL'),
    ],
    run: smb2,
  },
  {
    name: 'smb1',
    sources: /\/dist\/wire\/(smb1|io)/,
    seeds: SMB1_FRAMES,
    tokens: [ascii('\xffSMB'), ascii('NT LM 0.12\0'), ascii('?????\0'), Uint8Array.of(0xff, 0, 0, 0)],
    run: smb1,
  },
  {
    name: 'rpc',
    sources: /\/dist\/wire\/(rpc|io)/,
    seeds: RPC_PDUS,
    run: (bytes) => void stable(() => new Pdu(), bytes),
  },
  { name: 'ntlm', sources: /\/dist\/wire\/(ntlm|io)/, seeds: NTLM_TOKENS, run: ntlm },
  { name: 'spnego', sources: /\/dist\/wire\/(spnego|ntlm)/, seeds: SPNEGO_TOKENS, run: spnego },
  {
    name: 'security-descriptor',
    sources: /\/dist\/wire\/(dtyp|io)/,
    seeds: SECURITY_DESCRIPTORS,
    run: (bytes) => void stable(() => new SecurityDescriptor(), bytes),
  },
  {
    name: 'names',
    sources: /\/dist\/(fs\/local\/name-map|wire\/fscc\/file-name)/,
    seeds: ['folder/file.txt', 'a:b', '\uf020x.', 'é/ü', '\ud800'].map(encodeUtf16),
    tokens: ['/', '.', '..', '\uf029', '\uef80', '\0'].map(encodeUtf16),
    run: names,
  },
  {
    name: 'server',
    sources: /\/dist\/(server|engine\/(smb1|smb2)\/(server|split|batch|sequence)|coord\/memory)/,
    seeds: SESSIONS,
    tokens: [ascii('\xfeSMB'), ascii('\xffSMB'), encodeUtf16('file'), encodeUtf16('*'), new Uint8Array(16).fill(0xff)],
    run: serveSession,
  },
];
