/** [MS-DTYP] 2.3.4 GUID in text form, lower case: `6ba7b810-9dad-11d1-80b4-00c04fd430c8`. */
export type Guid = string;

export const NIL_GUID: Guid = '00000000-0000-0000-0000-000000000000';

const ORDER = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];

/** The 16 bytes at `at` (first three fields little-endian) as text. */
export function readGuid(bytes: Uint8Array, at = 0): Guid {
  let text = '';
  for (let i = 0; i < 16; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) text += '-';
    text += (bytes[at + (ORDER[i] as number)] as number).toString(16).padStart(2, '0');
  }
  return text;
}

/** Writes the 16 bytes of a GUID at `at`. */
export function writeGuid(guid: Guid, into: Uint8Array, at = 0): void {
  const hex = guid.replaceAll('-', '');
  for (let i = 0; i < 16; i++) {
    into[at + (ORDER[i] as number)] = Number.parseInt(hex.slice(i * 2, i * 2 + 2), 16);
  }
}
