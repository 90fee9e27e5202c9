/** Decodes an OEM string of known length as Latin-1. */
export function oemText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** The reverse; characters outside Latin-1 become `?`. */
export function oemBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    bytes[i] = unit < 256 ? unit : 0x3f;
  }
  return bytes;
}
