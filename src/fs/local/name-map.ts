import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';

/**
 * Converts names between medium and wire. The medium's are bytes, held here as strings of one character per byte
 * ("byte strings", Node's `latin1`); the wire's are UTF-16 without the characters that Windows forbids.
 *
 * - `"*:<>?\|`, control characters, and a trailing space or full stop become U+F001 to U+F029, as in Services for
 *   Macintosh, macOS, cifs.ko and Samba's fruit module, so that those clients show the real name.
 * - Bytes that are not valid UTF-8 become U+EF80 to U+EFFF, one each (as in OPTU encodings). If a name really contains
 *   characters of these two ranges, their bytes are escaped too, so that the mapping can be reversed.
 */
export type ByteString = string;

const SFM: ReadonlyMap<string, string> = new Map([
  ['"', '\uf020'],
  ['*', '\uf021'],
  [':', '\uf022'],
  ['<', '\uf023'],
  ['>', '\uf024'],
  ['?', '\uf025'],
  ['\\', '\uf026'],
  ['|', '\uf027'],
]);
const SFM_BACK: ReadonlyMap<string, string> = new Map(Array.from(SFM, ([plain, mapped]) => [mapped, plain]));
const SFM_SPACE = '\uf028';
const SFM_PERIOD = '\uf029';
const RAW = 0xef00;

/** Per ASCII character: 0 is the same on both sides, 1 may need mapping (the slow path). */
const UNSAFE = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  const char = String.fromCharCode(code);
  UNSAFE[code] = code < 0x20 || code === 0x7f || SFM.has(char) ? 1 : 0;
}

const SLASH = 0x2f;

function endsBadly(code: number): boolean {
  return code === 0x2e || code === 0x20;
}

/** Whether all components are ASCII spelled the same on both sides, as nearly always. */
function isPlain(path: string): boolean {
  let before = SLASH;
  for (let i = 0; i < path.length; i++) {
    const code = path.charCodeAt(i);
    if (code > 0x7e || UNSAFE[code] === 1) return false;
    if (code === SLASH && (before === SLASH || endsBadly(before))) return false;
    before = code;
  }
  return before !== SLASH && !endsBadly(before);
}

/** Converts a share path to the medium's spelling; ObjectNameInvalid if the medium cannot store a component. */
export function toMedium(path: string): ByteString {
  if (path === '' || isPlain(path)) return path;
  return path
    .split('/')
    .map((name) => {
      const bytes = nameToMedium(name);
      // A file must have only one spelling, and nothing may turn into `..`.
      const bad = bytes === '' || bytes === '.' || bytes === '..' || /[\0/]/.test(bytes) || toWire(bytes) !== name;
      if (bad) throw new StatusError(NtStatus.ObjectNameInvalid, { path });
      return bytes;
    })
    .join('/');
}

function nameToMedium(name: string): ByteString {
  let out = '';
  for (const char of name) {
    const code = char.codePointAt(0) as number;
    if (code >= RAW + 0x80 && code <= RAW + 0xff) out += String.fromCharCode(code - RAW);
    else if (code > 0xf000 && code < 0xf020) out += String.fromCharCode(code - 0xf000);
    else if (char === SFM_SPACE) out += ' ';
    else if (char === SFM_PERIOD) out += '.';
    else out += utf8(SFM_BACK.get(char) ?? char, code);
  }
  return out;
}

/** A lone surrogate has no UTF-8; it becomes a three-byte replacement, so it does not survive the round trip. */
function utf8(char: string, code: number): ByteString {
  return code < 0x80 ? char : Buffer.from(char, 'utf8').toString('latin1');
}

const PLAIN_NAME = /^[ !#-)+-9;=@-[\]-{}~]*$/;

/** Converts a name of the medium to its wire spelling. Never fails; `toMedium` is its inverse. */
export function toWire(name: ByteString): string {
  const last = name.charCodeAt(name.length - 1);
  if (PLAIN_NAME.test(name) && !endsBadly(last)) return name;
  const text = /[\x80-\xff]/.test(name) ? fromUtf8(name) : name;
  let out = '';
  for (const char of text) {
    const code = char.charCodeAt(0);
    if (code < 0x20) out += String.fromCharCode(0xf000 + code);
    else out += SFM.get(char) ?? char;
  }
  if (out.endsWith(' ')) return out.slice(0, -1) + SFM_SPACE;
  if (out.endsWith('.')) return out.slice(0, -1) + SFM_PERIOD;
  return out;
}

/** Decodes valid sequences and escapes all other bytes. */
function fromUtf8(name: ByteString): string {
  let out = '';
  for (let i = 0; i < name.length; ) {
    const length = sequenceLength(name.charCodeAt(i));
    const text = length === 0 ? undefined : decode(name.slice(i, i + length), length);
    if (text === undefined) {
      out += String.fromCharCode(RAW + name.charCodeAt(i));
      i++;
    } else {
      out += text;
      i += length;
    }
  }
  return out;
}

function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xc2) return 0;
  if (lead < 0xe0) return 2;
  if (lead < 0xf0) return 3;
  return lead < 0xf5 ? 4 : 0;
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decode(bytes: ByteString, length: number): string | undefined {
  if (length === 1) return bytes;
  if (bytes.length < length) return undefined;
  let text: string;
  try {
    text = strict.decode(Buffer.from(bytes, 'latin1'));
  } catch {
    return undefined;
  }
  const code = text.charCodeAt(0);
  const ours = (code >= RAW + 0x80 && code <= RAW + 0xff) || (code > 0xf000 && code <= 0xf029);
  return ours ? undefined : text;
}

/** A path for `node:fs`: a string if it is ASCII, else the bytes. */
export function nativePath(path: ByteString): string | Buffer {
  // A loop: this is called for every open, and most paths are ASCII.
  for (let i = 0; i < path.length; i++) {
    if (path.charCodeAt(i) > 0x7f) return Buffer.from(path, 'latin1');
  }
  return path;
}
