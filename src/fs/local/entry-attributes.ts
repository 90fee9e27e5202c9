import { eaListGrows } from '#wire/fscc/file-info/full-ea.js';
import type { DosAttributes } from './dos-attributes.js';
import type { ByteString } from './name-map.js';
import type { Libc } from './native/libc.js';
import { DOSATTRIB, type DosAttrib } from './samba/dos-attrib.js';
import { eaNameOf } from './samba/names.js';

/** What a listing reports about a name besides the file system's metadata. */
export interface EntryAttributes {
  readonly dos: DosAttrib | undefined;
  readonly eaSize: number;
}

const NONE: EntryAttributes = { dos: undefined, eaSize: 0 };
/** Linux's limit. */
const LONGEST_LIST = 65_536;
const LENGTH_ONLY = new Uint8Array(0);

/** Reads attributes of names in open directories. Most have none, which takes one system call to find out. */
export class EntryReader {
  readonly #libc: Libc;
  readonly #dos: DosAttributes;
  readonly #reserved: ByteString;
  readonly #scratch: Buffer = Buffer.alloc(LONGEST_LIST);

  /** `reserved`: the attribute that holds security descriptors. */
  constructor(libc: Libc, dos: DosAttributes, reserved: ByteString) {
    this.#libc = libc;
    this.#dos = dos;
    this.#reserved = reserved;
  }

  of(directory: number, entry: ByteString): EntryAttributes {
    const length = this.#libc.listxattrIn(directory, entry, this.#scratch);
    // None, or none readable.
    if (length <= 0) return NONE;
    let dos: DosAttrib | undefined;
    let eaSize = 0;
    for (const attribute of this.#scratch.toString('latin1', 0, length).split('\0')) {
      if (attribute === DOSATTRIB) dos = this.#dos.named(directory, entry);
      const name = eaNameOf(attribute, this.#reserved);
      if (name === undefined) continue;
      const value = this.#libc.getxattrIn(directory, entry, attribute, LENGTH_ONLY);
      if (value > 0) eaSize = eaListGrows(eaSize, name.length, value);
    }
    return { dos, eaSize };
  }
}
