import { Encoder } from '#wire/io/encoder.js';
import type { Wire } from '#wire/io/layout.js';
import type { Slot } from '#wire/io/slot.js';

const ALIGN = 8;
const SLACK = 1024;
const LAST_OEM = 0xff;
const UNKNOWN = 0x3f;

/** Encodes FileName fields, UTF-16 in [MS-FSCC], as OEM strings ([MS-CIFS] 2.2.8.1). 8.3 names stay UTF-16. */
class OemNameEncoder extends Encoder {
  override utf16At(name: string, slot: Slot, v: string, align?: number): string {
    if (name !== 'FileName') return super.utf16At(name, slot, v, align);
    const bytes = Uint8Array.from(v, (character) => oemByte(character));
    this.bytesAt(name, slot, bytes);
    return v;
  }
}

function oemByte(character: string): number {
  const unit = character.codePointAt(0) ?? UNKNOWN;
  return unit > LAST_OEM ? UNKNOWN : unit;
}

/** Whether a name can be represented as an OEM string. */
export function isOem(name: string): boolean {
  return Array.from(name, oemByte).every((byte, i) => byte === name.codePointAt(i));
}

/** As `DirectoryPacker`, for clients without Unicode. */
export class OemClassPacker {
  readonly #limit: number;
  readonly #io: Encoder;
  #last = -1;

  constructor(limit: number) {
    this.#limit = limit;
    this.#io = new OemNameEncoder(limit + SLACK).begin();
  }

  get size(): number {
    return this.#io.pos - this.#io.start;
  }

  /** Appends an entry; false, with nothing changed, if it does not fit. */
  add(entry: Wire): boolean {
    const io = this.#io;
    const before = this.size;
    io.skip('Padding', -before & (ALIGN - 1));
    const at = this.size;
    io.base = io.pos;
    io.u32('NextEntryOffset', 0);
    entry.layout(io);
    if (this.size > this.#limit) {
      io.pos = io.start + before;
      return false;
    }
    if (this.#last !== -1) io.view.setUint32(io.start + this.#last, at - this.#last, true);
    this.#last = at;
    return true;
  }

  finish(): Uint8Array {
    return this.#io.end();
  }
}
