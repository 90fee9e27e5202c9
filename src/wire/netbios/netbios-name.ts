import { EMPTY } from '../io/decoder.js';
import type { Layout, Wire } from '../io/layout.js';
import { Malformed } from '../io/malformed.js';

/** Service suffixes: the 16th byte of a NetBIOS name. */
export const NetbiosSuffix = {
  Workstation: 0x00,
  Server: 0x20,
} as const;

/** The name that every file server answers to. */
export const ANY_SERVER = '*SMBSERVER';

const LETTER_A = 0x41;
const NAME_LENGTH = 15;

/**
 * RFC 1001 14.1, RFC 1002 4.1: a NetBIOS name in first-level encoding, with each nibble of its 16 bytes as a letter
 * from `A` to `P`, followed by its scope, a list of labels as in DNS.
 */
export class NetbiosName implements Wire {
  name = '';
  suffix = 0;
  scope = '';

  static of(name: string, suffix: number): NetbiosName {
    const made = new NetbiosName();
    made.name = name.slice(0, NAME_LENGTH).toUpperCase();
    made.suffix = suffix;
    return made;
  }

  layout(io: Layout): void {
    io.same8('Length', 32);
    const encoded = io.bytes('Name', 32, io.reading ? EMPTY : encodeFirstLevel(this.name, this.suffix));
    if (io.reading) this.#decode(encoded, io.at - 32);
    this.#scope(io);
  }

  #decode(encoded: Uint8Array, at: number): void {
    const bytes = new Uint8Array(16);
    for (let i = 0; i < 16; i++) {
      const high = (encoded[i * 2] as number) - LETTER_A;
      const low = (encoded[i * 2 + 1] as number) - LETTER_A;
      if (high < 0 || high > 15 || low < 0 || low > 15) throw new Malformed('Name', at + i * 2, 'not a letter A to P');
      bytes[i] = (high << 4) | low;
    }
    let end = NAME_LENGTH;
    while (end > 0 && (bytes[end - 1] === 0x20 || bytes[end - 1] === 0)) end--;
    this.name = String.fromCharCode(...bytes.subarray(0, end));
    this.suffix = bytes[NAME_LENGTH] as number;
  }

  #scope(io: Layout): void {
    const labels = this.scope === '' || io.reading ? [] : this.scope.split('.');
    const read: string[] = [];
    for (let i = 0; ; i++) {
      const label = labels[i] ?? '';
      const length = io.u8('ScopeLabelLength', label.length);
      if (length === 0) break;
      // The two top bits mark a compression pointer, which is not allowed here.
      if (length > 63) throw new Malformed('ScopeLabelLength', io.at - 1, `is ${length}, must be below 64`);
      read.push(latin1(io.bytes('ScopeLabel', length, latin1Bytes(label))));
    }
    this.scope = read.join('.');
  }

  /** `FILESERVER<20>`. */
  toString(): string {
    return `${this.name}<${this.suffix.toString(16).padStart(2, '0')}>${this.scope && `.${this.scope}`}`;
  }
}

/** Encodes a name, padded with spaces to 15 characters, and its suffix as 32 letters. */
export function encodeFirstLevel(name: string, suffix: number): Uint8Array {
  const letters = new Uint8Array(32);
  for (let i = 0; i < 16; i++) {
    const unit = i < name.length ? name.charCodeAt(i) : 0x20;
    const byte = i === NAME_LENGTH ? suffix : unit < 256 ? unit : 0x3f;
    letters[i * 2] = LETTER_A + (byte >> 4);
    letters[i * 2 + 1] = LETTER_A + (byte & 15);
  }
  return letters;
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

function latin1Bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0) & 0xff);
}
