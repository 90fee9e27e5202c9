const CHUNK = 4096;

/** Decodes UTF-16LE. Lone surrogates are kept, as file names may contain them. An odd last byte is ignored. */
export function decodeUtf16(bytes: Uint8Array): string {
  const units = bytes.length >> 1;
  let text = '';
  for (let start = 0; start < units; start += CHUNK) {
    const part = new Uint16Array(Math.min(CHUNK, units - start));
    for (let i = 0; i < part.length; i++) {
      const at = (start + i) * 2;
      part[i] = (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
    }
    text += String.fromCharCode.apply(null, part as unknown as number[]);
  }
  return text;
}

/** Writes a string as UTF-16LE at `at`, which needs `2 * text.length` bytes; returns the position after it. */
export function writeUtf16(text: string, into: Uint8Array, at: number): number {
  let position = at;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    into[position++] = unit & 0xff;
    into[position++] = unit >> 8;
  }
  return position;
}

/** A string as UTF-16LE bytes, without a terminator. */
export function encodeUtf16(text: string): Uint8Array {
  const out = new Uint8Array(text.length * 2);
  writeUtf16(text, out, 0);
  return out;
}
