import { UsageError } from '#wire/erref/errors.js';
import type { ByteString } from '../name-map.js';
import { checkEaName } from './names.js';

/**
 * Samba's `security.NTACL` (librpc/idl/xattr.idl, xattr_NTACL): a security descriptor in an NDR envelope. Versions 3
 * and 4 hold hashes of the POSIX ACL, by which smbd detects changes to it; they are read without that check. Version 1
 * is written: smbd accepts it whatever the POSIX ACL says. Offsets inside the descriptor count from the first byte of
 * the attribute.
 */
const NTACL = 'security.NTACL';

/** Validates the configured name of the attribute that holds descriptors; throws UsageError if it is invalid. */
export function descriptorAttribute(name: string = NTACL): ByteString {
  const possible = /^(security|trusted|user)\.[\x21-\x7e]{1,240}$/.test(name);
  if (!possible || checkEaName(name.replace(/^\w+\./, '')) !== 'good') {
    throw new UsageError(`"${name}" cannot be the extended attribute of descriptors`);
  }
  return name;
}

const VERSION = 1;
const REFERENT = 0x00020000;
/** Two version numbers, a pointer. */
const HEADER = 8;
/** [MS-DTYP] 2.4.6: SELF_RELATIVE flag in Control, and length of the fixed part. */
const SELF_RELATIVE = 0x8000;
const FIXED = 20;
const OFFSETS = [4, 8, 12, 16];

/** Extracts the self-relative descriptor; undefined if there is no plausible one. */
export function readNtAcl(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes.length < HEADER) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint16(0, true);
  if (view.getUint16(2, true) !== version || view.getUint32(4, true) === 0) return undefined;
  const at = placeOf(version, bytes, view);
  if (at === undefined) return undefined;
  const descriptor = bytes.slice(at);
  return rebase(descriptor, -at) && isDescriptor(descriptor) ? descriptor : undefined;
}

export function writeNtAcl(descriptor: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEADER + descriptor.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, VERSION, true);
  view.setUint16(2, VERSION, true);
  view.setUint32(4, REFERENT, true);
  bytes.set(descriptor, HEADER);
  rebase(bytes.subarray(HEADER), HEADER);
  return bytes;
}

/** Rebases the offsets; false if the descriptor is too short or an offset would be outside. */
function rebase(descriptor: Uint8Array, by: number): boolean {
  if (descriptor.length < FIXED) return false;
  const view = new DataView(descriptor.buffer, descriptor.byteOffset, descriptor.byteLength);
  for (const field of OFFSETS) {
    const offset = view.getUint32(field, true);
    if (offset === 0) continue;
    if (offset + by < FIXED) return false;
    view.setUint32(field, offset + by, true);
  }
  return true;
}

/** Whether bytes could be a self-relative descriptor, with all parts starting inside. Does not check their content. */
export function isDescriptor(bytes: Uint8Array): boolean {
  if (bytes.length < FIXED) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint8(0) !== 1 || (view.getUint16(2, true) & SELF_RELATIVE) === 0) return false;
  return OFFSETS.every((field) => {
    const offset = view.getUint32(field, true);
    return offset === 0 || (offset >= FIXED && offset + 8 <= bytes.length);
  });
}

/** Offset of the descriptor, after the structure that points to it. */
function placeOf(version: number, bytes: Uint8Array, view: DataView): number | undefined {
  if (version === 1) return HEADER;
  if (version < 2 || version > 4 || bytes.length < 12 || view.getUint32(8, true) === 0) return undefined;
  const HASH = 64;
  // Version 2: a 16-byte hash. From 3 on: the hash type, then 64 bytes.
  if (version === 2) return 12 + 16;
  const hashed = 12 + 2 + HASH;
  if (version === 3) return align(hashed);
  // A text describing what was hashed, a time, the hash of the POSIX ACL.
  const nul = bytes.indexOf(0, hashed);
  return nul < 0 ? undefined : align(nul + 1) + 8 + HASH;
}

const align = (at: number): number => (at + 3) & ~3;
