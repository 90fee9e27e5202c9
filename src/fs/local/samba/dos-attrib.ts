/**
 * Samba's `user.DOSATTRIB` (librpc/idl/xattr.idl, xattr_DOSATTRIB): the attributes as text, which is all that old
 * versions wrote, then NDR. Versions 1 to 5 are read; smbd has written version 5 since 4.16.
 */
export interface DosAttrib {
  /** Undefined if not given. */
  readonly attributes: number | undefined;
  /** FILETIME; undefined if not given. */
  readonly creationTime: bigint | undefined;
}

export const DOSATTRIB = 'user.DOSATTRIB';

const HAS_ATTRIBUTES = 0x01;
const HAS_CREATION_TIME = 0x10;
const VERSION = 5;
const LENGTH = 24;
/** More than the longest version needs, apart from the name in version 2. */
export const LARGEST_DOSATTRIB = 256;

/** Parses the attribute; undefined if it is invalid, as anybody may have written it. */
export function readDosAttrib(bytes: Uint8Array): DosAttrib | undefined {
  const nul = bytes.indexOf(0);
  if (nul < 0 || nul + 1 === bytes.length) return fromText(bytes.subarray(0, nul < 0 ? bytes.length : nul));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = (nul + 2) & ~1;
  if (at + 4 > bytes.length) return undefined;
  const version = view.getUint16(at, true);
  if (view.getUint16(at + 2, true) !== version) return undefined;
  const place = PLACES[version];
  const body = (at + 7) & ~3;
  if (place === undefined || body + place.length > bytes.length) return undefined;
  const flags = place.flags ? view.getUint32(body, true) : HAS_ATTRIBUTES | HAS_CREATION_TIME;
  const attributes = (flags & HAS_ATTRIBUTES) === 0 ? undefined : view.getUint32(body + place.attributes, true);
  const time =
    place.creationTime === 0 || (flags & HAS_CREATION_TIME) === 0
      ? 0n
      : view.getBigUint64(body + place.creationTime, true);
  // With the top bit set it would be a time before 1601.
  return { attributes, creationTime: time === 0n || time >> 63n !== 0n ? undefined : time };
}

/** Offsets after the two version numbers, by version; 0 if there is no creation time. */
const PLACES: Readonly<Record<number, { length: number; flags: boolean; attributes: number; creationTime: number }>> = {
  1: { length: 40, flags: false, attributes: 0, creationTime: 24 },
  2: { length: 52, flags: false, attributes: 4, creationTime: 0 },
  3: { length: 44, flags: true, attributes: 4, creationTime: 28 },
  4: { length: 24, flags: true, attributes: 4, creationTime: 16 },
  5: { length: 16, flags: true, attributes: 4, creationTime: 8 },
};

export function writeDosAttrib({ attributes, creationTime }: DosAttrib): Uint8Array {
  const bytes = new Uint8Array(LENGTH);
  const view = new DataView(bytes.buffer);
  const flags = attributes === undefined ? 0 : HAS_ATTRIBUTES;
  view.setUint16(2, VERSION, true);
  view.setUint16(4, VERSION, true);
  view.setUint32(8, creationTime === undefined ? flags : flags | HAS_CREATION_TIME, true);
  view.setUint32(12, attributes ?? 0, true);
  view.setBigUint64(16, creationTime ?? 0n, true);
  return bytes;
}

function fromText(bytes: Uint8Array): DosAttrib | undefined {
  if (bytes.length > 16) return undefined;
  const match = /^0[xX]([0-9a-fA-F]{1,8})$/.exec(String.fromCharCode(...bytes));
  if (match === null) return undefined;
  return { attributes: Number.parseInt(match[1] as string, 16), creationTime: undefined };
}
