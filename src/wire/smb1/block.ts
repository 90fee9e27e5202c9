import { EMPTY } from '../io/decoder.js';
import type { Layout, Wire } from '../io/layout.js';
import { Malformed } from '../io/malformed.js';
import { Slot } from '../io/slot.js';
import { SMB1_COMMAND_NAMES, Smb1Command } from './smb1-command.js';

/**
 * [MS-CIFS] 2.2.3.2 SMB_Parameters: WordCount and the words. When writing, `count` is the number of words that `body`
 * will write. When reading, `body` gets the actual number, with the words as its window; words that it does not read
 * are ignored, as all servers do. With `variants`, any other count is malformed.
 */
export function words(io: Layout, count: number, body: (count: number) => void, variants?: readonly number[]): number {
  const found = io.u8('WordCount', count);
  if (variants && !variants.includes(found)) {
    throw new Malformed('WordCount', io.at - 1, `is ${found}, must be one of ${variants.join(', ')}`);
  }
  const window = new Slot();
  // Servers announce 42 words in an extended open response but send 50 ([MS-SMB] 2.2.4.9.2).
  window.length = (found === 42 && variants?.includes(42) ? 50 : found) * 2;
  io.within('Words', window, () => body(found));
  return found;
}

/** [MS-CIFS] 2.2.3.3 SMB_Data: ByteCount and the bytes. */
export function data(io: Layout, body: () => void): void {
  const count = io.length16('ByteCount');
  io.within('Bytes', count, body);
}

/** ByteCount of zero, or bytes to be ignored. */
export function noData(io: Layout): void {
  data(io, nothing);
}

export function nothing(): void {
  // Words or bytes to be ignored.
}

/** A string at the end of the bytes that some peers omit; an empty one is not written. */
export function optionalText(io: Layout, name: string, v: string): string {
  if (io.reading ? io.left === 0 : v === '') return '';
  return io.text(name, v);
}

/** [MS-CIFS] 2.2.1.1.2: a buffer format byte of 4, and a path. */
export function path(io: Layout, name: string, v: string): string {
  io.u8('BufferFormat', 4);
  return io.text(name, v);
}

/** A string of the slot's length without alignment or terminator, in UTF-16 or OEM depending on the message. */
export function counted(io: Layout, name: string, slot: Slot, v: string): string {
  if (io.unicode) return io.utf16At(name, slot, v);
  const read = io.bytesAt(name, slot, io.reading ? EMPTY : oemBytes(v));
  let text = '';
  for (const byte of read) text += String.fromCharCode(byte);
  return text;
}

function oemBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    bytes[i] = unit < 256 ? unit : 0x3f;
  }
  return bytes;
}

/** The upper half of a 64-bit file offset that a message has in two parts; -1 is all ones. */
export function high32(offset: number): number {
  return offset === -1 ? 0xffffffff : Math.floor(offset / 4294967296);
}

/** The lower half. */
export function low32(offset: number): number {
  return offset >>> 0;
}

/** Joins the halves. */
export function join64(name: string, at: number, high: number, low: number): number {
  if (high <= 0x1fffff) return high * 4294967296 + low;
  if (high === 0xffffffff && low === 0xffffffff) return -1;
  throw new Malformed(name, at, 'above 2^53-1');
}

/** Start of every AndX command ([MS-CIFS] 2.2.3.4): which command follows in the same message, and where. */
export abstract class AndXBlock implements Wire {
  /** 0xFF for none. When writing a message, it is set according to the next block. */
  andXCommand: number = Smb1Command.NoAndXCommand;
  #next = new Slot();

  abstract layout(io: Layout): unknown;

  protected andX(io: Layout): void {
    this.andXCommand = io.u8('AndXCommand', this.andXCommand, SMB1_COMMAND_NAMES);
    io.skip('AndXReserved', 1);
    this.#next = io.offset16('AndXOffset');
  }

  /** Offset of the next block, from the start of the header. */
  get next(): Slot {
    return this.#next;
  }

  get isLast(): boolean {
    return this.andXCommand === Smb1Command.NoAndXCommand;
  }
}

/** No words, no bytes: error responses, interim responses, and several simple messages. */
export class EmptyBlock implements Wire {
  layout(io: Layout): void {
    words(io, 0, nothing);
    noData(io);
  }
}

/** The AndX header and nothing else. */
export class EmptyAndXBlock extends AndXBlock {
  layout(io: Layout): void {
    words(io, 2, () => this.andX(io));
    noData(io);
  }
}

/** A block of a command without a layout here: raw words and bytes. */
export class RawBlock implements Wire {
  words: Uint8Array = EMPTY;
  bytes: Uint8Array = EMPTY;

  layout(io: Layout): void {
    const count = io.u8('WordCount', this.words.length >> 1);
    this.words = io.bytes('Words', count * 2, this.words);
    const byteCount = io.length16('ByteCount');
    this.bytes = io.bytesAt('Bytes', byteCount, this.bytes);
  }
}
