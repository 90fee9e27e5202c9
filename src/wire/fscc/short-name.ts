import { upcase } from './upcase.js';

const BASE = 8;
const EXTENSION = 3;
const LEGAL = /^[A-Z0-9!#$%&'()\-@^_`{}~]+$/;
const GENERATED = /^[A-Z0-9_][A-Z0-9]{5}~[A-Z0-9](\.[A-Z0-9_]{1,3})?$/;
/** Device names, which DOS programs would open instead of a file. */
const DEVICES = /^(CON|PRN|AUX|NUL|COM[0-9]|LPT[0-9])$/;
const DIGITS = 6;
const RADIX = 36;

/** [MS-FSCC] 2.1.5.2.1 8.3 Filename: whether a name is already one, in any case. */
export function isShortName(name: string): boolean {
  const [base = '', extension, ...more] = upcase(name).split('.');
  if (more.length > 0 || base.length > BASE || !LEGAL.test(base) || DEVICES.test(base)) return false;
  return extension === undefined || (extension.length <= EXTENSION && LEGAL.test(extension));
}

/** Whether `shortNameOf` may have made this name: only then must a lookup compare the short names of all entries. */
export function isGeneratedShortName(name: string): boolean {
  return name.length <= BASE + 1 + EXTENSION && GENERATED.test(name.toUpperCase());
}

/** FNV-1a over the UTF-16 units of the upper-case name. */
function hash(name: string): number {
  let value = 0x811c9dc5;
  const text = upcase(name);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    value = Math.imul(value ^ (unit & 0xff), 0x01000193);
    value = Math.imul(value ^ (unit >> 8), 0x01000193);
  }
  return value >>> 0;
}

function plain(text: string, length: number): string {
  return upcase(text)
    .replace(/[^A-Z0-9_]/g, '')
    .slice(0, length);
}

/**
 * The 8.3 name of a long name: its first letter, a hash and its extension, as in `RABCDE~F.TXT`. Depends only on the
 * name, so nothing has to be stored. '' if the name is itself an 8.3 name, or `.` or `..`.
 */
export function shortNameOf(name: string): string {
  if (name === '.' || name === '..' || isShortName(name)) return '';
  const dot = name.lastIndexOf('.');
  const first = plain(dot > 0 ? name.slice(0, dot) : name, 1) || '_';
  const extension = dot > 0 ? plain(name.slice(dot + 1), EXTENSION) : '';
  const digits = (hash(name) % RADIX ** DIGITS).toString(RADIX).toUpperCase().padStart(DIGITS, '0');
  const base = `${first}${digits.slice(0, -1)}~${digits.slice(-1)}`;
  return extension === '' ? base : `${base}.${extension}`;
}
