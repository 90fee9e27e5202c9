import { EMPTY } from '../io/decoder.js';
import type { Layout } from '../io/layout.js';
import { Malformed } from '../io/malformed.js';
import type { Slot } from '../io/slot.js';

const SIGNATURE: Uint8Array = Uint8Array.of(0x4e, 0x54, 0x4c, 0x4d, 0x53, 0x53, 0x50, 0);

/** Whether the bytes start like an NTLM message. */
export function isNtlm(bytes: Uint8Array): boolean {
  return bytes.length >= 12 && SIGNATURE.every((byte, i) => bytes[i] === byte);
}

/** Signature and MessageType at the start of every message ([MS-NLMP] 2.2.1). */
export function messageStart(io: Layout, type: number): void {
  const signature = io.bytes('Signature', 8, SIGNATURE);
  if (io.reading && !SIGNATURE.every((byte, i) => signature[i] === byte)) {
    throw new Malformed('Signature', io.at - 8, 'is not NTLMSSP');
  }
  io.same32('MessageType', type);
}

/** The three fields that point to a variable part: Len, MaxLen, BufferOffset. */
export function pointer(io: Layout, name: string): Slot {
  const slot = io.length16(`${name}Len`);
  io.maxLength16(`${name}MaxLen`, slot);
  return io.offset32(`${name}BufferOffset`, slot);
}

/** A variable part: its pointer, and its layout function. */
export interface Part {
  readonly slot: Slot;
  readonly layout: () => void;
}

/** Bytes from here to the variable parts, which show whether VERSION and MIC, omitted by old peers, are present. */
export function roomBeforePayload(io: Layout, slots: readonly Slot[]): number {
  const filled = slots.filter((slot) => slot.length > 0);
  const offsets = (filled.length > 0 ? filled : slots).map((slot) => slot.offset).filter((offset) => offset > 0);
  return Math.min(io.at + io.left, ...offsets) - io.at;
}

/**
 * The variable parts in the order of their positions. Peers differ in that order, and in whether an empty part has an
 * offset. `order` lists the indices of parts with an offset; returns the order found or used.
 */
export function payload(io: Layout, parts: readonly Part[], order: readonly number[]): readonly number[] {
  const used = io.reading ? found(parts) : order;
  for (const index of used) {
    const part = parts[index] as Part;
    part.slot.keepOffset = true;
    part.layout();
  }
  parts.forEach((part, index) => {
    if (!used.includes(index)) part.layout();
  });
  return used;
}

function found(parts: readonly Part[]): number[] {
  const slotAt = (index: number): Slot => (parts[index] as Part).slot;
  return parts
    .map((_, index) => index)
    .filter((index) => slotAt(index).offset !== 0 || slotAt(index).length !== 0)
    .sort((a, b) => slotAt(a).offset - slotAt(b).offset || slotAt(a).length - slotAt(b).length || a - b);
}

/** Text in UTF-16 or, if that was not negotiated, in an OEM code page (read as Latin-1). */
export function textAt(io: Layout, name: string, slot: Slot, unicode: boolean, v: string): string {
  if (unicode) return io.utf16At(name, slot, v, 1);
  const bytes = io.bytesAt(name, slot, io.reading ? EMPTY : Uint8Array.from(v, (char) => char.charCodeAt(0)));
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}
