import { EMPTY } from '../io/decoder.js';
import { Dissector, dissectWith, type Field } from '../io/dissector.js';
import type { Layout, Wire } from '../io/layout.js';
import { Malformed } from '../io/malformed.js';
import { ErrorResponse } from './command/error.js';
import { commandOf, responseIsError } from './commands.js';
import {
  COMPRESSION_PROTOCOL_ID,
  CompressionFlags,
  CompressionTransformChained,
  CompressionTransformHeader,
} from './compression.js';
import { HEADER_LENGTH, SMB2_PROTOCOL_ID, Smb2Header } from './header.js';
import { Raw } from './raw.js';
import { TRANSFORM_PROTOCOL_ID, TransformHeader } from './transform.js';

/** One dissected message of a frame. */
export interface Smb2Dissection {
  /** `READ`; `TRANSFORM` or `COMPRESSION` for wrapped messages; `UNKNOWN` for anything else. */
  readonly name: string;
  /** Unknown for a wrapped message. */
  readonly direction: 'request' | 'response' | undefined;
  readonly header: Smb2Header | TransformHeader | undefined;
  /** Positions count from the start of the frame. */
  readonly fields: readonly Field[];
  /** Why the rest of the message is missing. */
  readonly malformed: Malformed | undefined;
}

export interface DissectOptions {
  /** The negotiated dialect. */
  readonly dialect?: number;
}

/** Maximum number of messages dissected in a compound. */
const MAX_MESSAGES = 256;

/** Dissects a frame (without its length prefix) into messages and their fields. Never throws Malformed. */
export function dissectSmb2(frame: Uint8Array, options: DissectOptions = {}): Smb2Dissection[] {
  const io = new Dissector();
  io.dialect = options.dialect ?? 0;
  switch (frame.length < 4 ? 0 : uint32(frame, 0)) {
    case SMB2_PROTOCOL_ID:
      return dissectCompound(io, frame);
    case TRANSFORM_PROTOCOL_ID:
      return [dissectTransform(io, frame)];
    case COMPRESSION_PROTOCOL_ID:
      return [dissectCompression(io, frame)];
    default:
      return [wrapped('UNKNOWN', io, frame, new Raw(), undefined)];
  }
}

function dissectCompound(io: Dissector, frame: Uint8Array): Smb2Dissection[] {
  const found: Smb2Dissection[] = [];
  let from = 0;
  while (from < frame.length && found.length < MAX_MESSAGES) {
    const next = from + HEADER_LENGTH <= frame.length ? uint32(frame, from + 20) : 0;
    const bad = next !== 0 && (next % 8 !== 0 || next < HEADER_LENGTH || next > frame.length - from);
    const end = next === 0 || bad ? frame.length : from + next;
    const one = dissectMessage(io, frame, from, end);
    if (bad) {
      found.push({ ...one, malformed: one.malformed ?? new Malformed('NextCommand', from + 20, `leads to ${next}`) });
      break;
    }
    found.push(one);
    from = end;
  }
  return found;
}

function dissectMessage(io: Dissector, frame: Uint8Array, from: number, end: number): Smb2Dissection {
  const message = new Message(frame, from, end);
  const { fields, malformed } = run(io, frame, from, end, message);
  const { header } = message;
  return { name: message.name, direction: header.isResponse ? 'response' : 'request', header, fields, malformed };
}

/** Header and body. */
class Message implements Wire {
  readonly header: Smb2Header = new Smb2Header();
  name = 'UNKNOWN';
  readonly #structureSize: number;

  constructor(frame: Uint8Array, from: number, end: number) {
    const body = from + HEADER_LENGTH;
    this.#structureSize = body + 2 <= end ? (frame[body] as number) | ((frame[body + 1] as number) << 8) : 0;
  }

  layout(io: Layout): void {
    io.struct('SMB2 Header', this.header);
    const { command, isResponse } = this.header;
    this.name = commandOf(command)?.name ?? `0x${command.toString(16).padStart(4, '0')}`;
    const error = this.#isError;
    const what = `${this.name} ${isResponse ? 'Response' : 'Request'}`;
    io.struct(error ? `SMB2 ERROR Response to ${this.name}` : `SMB2 ${what}`, this.#body(error));
    if (io.left > 0) io.skip('Padding', io.left);
  }

  #body(error: boolean): Wire {
    if (error) return new ErrorResponse(this.header.status);
    const row = commandOf(this.header.command);
    if (!row) return new Raw();
    return this.header.isResponse ? row.response() : row.request();
  }

  get #isError(): boolean {
    const { isResponse, status, command } = this.header;
    if (!isResponse || !commandOf(command)) return false;
    return responseIsError(status, command, this.#structureSize);
  }
}

function dissectTransform(io: Dissector, frame: Uint8Array): Smb2Dissection {
  const header = new TransformHeader();
  const message: Wire = {
    layout: (layout) => {
      layout.struct('SMB2 Transform Header', header);
      layout.rest('encrypted', EMPTY);
    },
  };
  return wrapped('TRANSFORM', io, frame, message, header);
}

function dissectCompression(io: Dissector, frame: Uint8Array): Smb2Dissection {
  // Both forms have two bytes of Flags at offset 10.
  const chained = frame.length >= 12 && ((frame[10] as number) & CompressionFlags.Chained) !== 0;
  const message: Wire = {
    layout: (layout) => {
      if (chained) {
        layout.struct('SMB2 Compression Transform Header', new CompressionTransformChained());
        return;
      }
      const { offset } = layout.struct('SMB2 Compression Transform Header', new CompressionTransformHeader());
      if (offset > 0) layout.bytes('uncompressed', offset, EMPTY);
      layout.rest('compressed', EMPTY);
    },
  };
  return wrapped('COMPRESSION', io, frame, message, undefined);
}

function wrapped(
  name: string,
  io: Dissector,
  frame: Uint8Array,
  message: Wire,
  header: TransformHeader | undefined,
): Smb2Dissection {
  const { fields, malformed } = run(io, frame, 0, frame.length, message);
  return { name, direction: undefined, header, fields, malformed };
}

function run(
  io: Dissector,
  frame: Uint8Array,
  from: number,
  end: number,
  message: Wire,
): ReturnType<typeof dissectWith> {
  io.fields = [];
  return dissectWith(io.reset(frame, from, end), message);
}

function uint32(bytes: Uint8Array, at: number): number {
  const byte = (i: number): number => bytes[at + i] as number;
  return (byte(0) | (byte(1) << 8) | (byte(2) << 16) | (byte(3) << 24)) >>> 0;
}
