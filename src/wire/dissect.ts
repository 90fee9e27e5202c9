import { statusName } from './erref/nt-status.js';
import { Dissector, dissectWith, type Field, type FieldValue } from './io/dissector.js';
import { Malformed } from './io/malformed.js';
import { dissectNetbios } from './netbios/dissect.js';
import { SessionPacketType } from './netbios/session-packet.js';
import { Ntlmv2Response } from './ntlm/responses.js';
import { dissectSmb1 } from './smb1/dissect.js';
import { isSmb1, Smb1Flags2 } from './smb1/header.js';
import { decodeChain, type Smb1Message } from './smb1/message.js';
import { dissectSmb2, type Smb2Dissection } from './smb2/dissect.js';
import { HeaderFlags, Smb2Header } from './smb2/header.js';
import { TransformHeader } from './smb2/transform.js';
import { dissectSpnego } from './spnego/dissect.js';

export interface DissectOptions {
  /** The header before a message: 24 bits of length (port 445), or the NetBIOS session service's (port 139). */
  readonly framing: 'direct' | 'netbios';
  /** The negotiated SMB2 dialect, such as 0x0311; 0 or absent until then. */
  readonly dialect?: number;
  /** The request of this response, as an SMB1 transaction's response does not say what it answers. */
  readonly request?: Uint8Array | undefined;
}

/** What a header says about its message. */
export interface HeaderFacts {
  readonly command: number;
  /** NT status; undefined in requests. */
  readonly status: number | undefined;
  /** `STATUS_ACCESS_DENIED`. */
  readonly statusName: string | undefined;
  /** MessageId or MID; -1 if unsolicited. */
  readonly messageId: number;
  readonly asyncId: number | undefined;
  /** SessionId or UID. */
  readonly sessionId: bigint;
  /** TreeId or TID; undefined in an asynchronous response, which has none. */
  readonly treeId: number | undefined;
  readonly signed: boolean;
}

/** One message of a frame; each field has its position in the dissected bytes. */
export interface DissectedMessage {
  /** 'UNKNOWN' for bytes that start like neither. */
  readonly protocol: 'SMB1' | 'SMB2' | 'UNKNOWN';
  /** `READ`, `SMB_COM_READ_ANDX`; `TRANSFORM` if encrypted, `COMPRESSION` if compressed. */
  readonly name: string;
  readonly direction: 'request' | 'response' | undefined;
  readonly header: HeaderFacts | undefined;
  readonly fields: readonly Field[];
  /** Why the message is truncated or invalid. */
  readonly malformed: string | undefined;
}

/** One dissected frame. */
export interface Dissection {
  /** `SESSION_MESSAGE`, `SESSION_REQUEST`. */
  readonly name: string;
  /** Session packet type of [RFC1002] 4.3.1; 0 for messages. */
  readonly type: number;
  /** Bytes after the header, according to the header. */
  readonly length: number;
  /** Fields of the frame's own header and, if it carries no message, its body. */
  readonly fields: readonly Field[];
  readonly messages: readonly DissectedMessage[];
  readonly malformed: string | undefined;
}

/** Dissects a frame, beginning with its 4-byte header. Never throws, whatever the bytes are. */
export function dissect(frame: Uint8Array, options: DissectOptions): Dissection {
  const head = dissectNetbios(frame, options.framing === 'direct');
  const { name, type, length, fields } = head;
  const malformed = head.malformed?.message ?? shortage(frame, length);
  const carries = type === SessionPacketType.Message && !head.malformed && length > 0;
  const messages = carries ? dissectAt(frame, HEADER, options) : [];
  return { name, type, length, fields, messages, malformed };
}

/** As `dissect`, for messages without a frame header, such as those of an encrypted frame. */
export function dissectMessages(bytes: Uint8Array, options: Omit<DissectOptions, 'framing'> = {}): DissectedMessage[] {
  return dissectAt(bytes, 0, options);
}

const HEADER = 4;

function shortage(frame: Uint8Array, length: number): string | undefined {
  const left = frame.length - HEADER;
  return left === length ? undefined : `the frame header announces ${length} bytes, and ${left} follow`;
}

function dissectAt(bytes: Uint8Array, from: number, options: Omit<DissectOptions, 'framing'>): DissectedMessage[] {
  const body = bytes.subarray(from);
  const finish = (message: DissectedMessage): DissectedMessage => {
    return { ...message, fields: message.fields.map((field) => opened(bytes, shifted(field, from), false)) };
  };
  if (isSmb1(body)) return [finish(smb1Message(body, options.request))];
  return dissectSmb2(body, { dialect: options.dialect ?? 0 }).map((message) => finish(smb2Message(message)));
}

function smb1Message(body: Uint8Array, request: Uint8Array | undefined): DissectedMessage {
  const found = dissectSmb1(body, request && smb1Request(request));
  const { name, direction, header, fields, malformed } = found;
  const status = direction === 'response' ? header.ntStatus : undefined;
  return {
    protocol: 'SMB1',
    name,
    direction,
    header: {
      command: header.command,
      status,
      statusName: status === undefined ? undefined : statusName(status),
      messageId: header.mid,
      asyncId: undefined,
      sessionId: BigInt(header.uid),
      treeId: header.tid,
      signed: (header.flags2 & Smb1Flags2.SecuritySignature) !== 0,
    },
    fields,
    malformed: malformed?.message,
  };
}

function smb1Request(frame: Uint8Array): Smb1Message | undefined {
  const body = frame.subarray(HEADER);
  if (!isSmb1(body)) return undefined;
  try {
    return decodeChain(body);
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

function smb2Message({ name, direction, header, fields, malformed }: Smb2Dissection): DissectedMessage {
  return {
    protocol: name === 'UNKNOWN' && !(header instanceof Smb2Header) ? 'UNKNOWN' : 'SMB2',
    name,
    direction,
    header: header && smb2Facts(header),
    fields,
    malformed: malformed?.message,
  };
}

function smb2Facts(header: Smb2Header | TransformHeader): HeaderFacts | undefined {
  if (header instanceof TransformHeader) return undefined;
  const status = header.isResponse ? header.status : undefined;
  return {
    command: header.command,
    status,
    statusName: status === undefined ? undefined : statusName(status),
    messageId: header.messageId,
    asyncId: header.isAsync ? header.asyncId : undefined,
    sessionId: header.sessionId,
    treeId: header.isAsync ? undefined : header.treeId,
    signed: (header.flags & HeaderFlags.Signed) !== 0,
  };
}

function shifted(field: Field, by: number): Field {
  if (by === 0) return field;
  const moved = { ...field, at: field.at + by };
  return field.children ? { ...moved, children: field.children.map((child) => shifted(child, by)) } : moved;
}

/** SMB2 messages whose `Buffer` is a security token. */
const TOKENS = /^SMB2 (?:NEGOTIATE Response|SESSION_SETUP (?:Request|Response))$/;
/** An NTLMv1 response has 24 bytes; a longer one is NTLMv2. */
const NTLMV1_LENGTH = 24;

/** A field with its content; security tokens are dissected too. */
function opened(bytes: Uint8Array, field: Field, inToken: boolean): Field {
  const { name, at, size, value, children } = field;
  if (children) {
    const inside = inToken || TOKENS.test(name);
    return { ...field, children: children.map((child) => opened(bytes, child, inside)) };
  }
  if (!(value instanceof Uint8Array) || size === 0) return field;
  if (name === 'SecurityBlob' || (inToken && name === 'Buffer')) {
    const token = dissectSpnego(bytes, at, at + size);
    const text = token.malformed ? `${field.text} (${token.malformed.message})` : field.text;
    return { ...field, text, children: token.fields };
  }
  if (name === 'UnicodePassword' && size > NTLMV1_LENGTH) {
    const io = new Dissector().reset(bytes, at, at + size);
    return { ...field, children: dissectWith(io, new Ntlmv2Response()).fields };
  }
  return field;
}

/** A field in JSON: bytes as hex, bigints as decimal strings. */
export interface JsonField {
  readonly name: string;
  readonly at: number;
  readonly size: number;
  readonly value: number | string | readonly number[] | null;
  readonly text: string;
  readonly children?: readonly JsonField[];
}

/** A tree of fields for `JSON.stringify`. */
export function toJson(field: Field): JsonField {
  const { name, at, size, text } = field;
  const plain = { name, at, size, value: jsonValue(field.value), text };
  return field.children ? { ...plain, children: field.children.map(toJson) } : plain;
}

function jsonValue(value: FieldValue): JsonField['value'] {
  if (typeof value === 'bigint') return value <= Number.MAX_SAFE_INTEGER ? Number(value) : String(value);
  return value instanceof Uint8Array ? hexOf(value) : value;
}

/** Bytes as hex digits. */
export function hexOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

/** The first field of that name at any depth. */
export function findField(fields: readonly Field[], name: string): Field | undefined {
  for (const field of fields) {
    const found = field.name === name ? field : findField(field.children ?? [], name);
    if (found) return found;
  }
  return undefined;
}

/** All fields of that name at any depth, in message order. */
export function findFields(fields: readonly Field[], name: string): Field[] {
  return fields.flatMap((field) => [
    ...(field.name === name ? [field] : []),
    ...findFields(field.children ?? [], name),
  ]);
}
