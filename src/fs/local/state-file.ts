import { createHash } from 'node:crypto';

/** Header of each part of a record: the format and its version, a SHA-256, and the length of what follows. */
const MAGIC = 'sombrero-state 1 ';
const HEADER = /^sombrero-state 1 ([0-9a-f]{64}) ([0-9a-f]{8})\n$/;
const HEADER_BYTES = MAGIC.length + 64 + 1 + 8 + 1;

/** Where a file ends, and the hash that its next part builds on. */
export interface Tail {
  readonly size: number;
  readonly hash: string;
}

const START: Tail = { size: 0, hash: '' };

/** Encodes a part to follow `behind`, with the new tail. Each hash covers the one before: no part can be missing. */
export function encodePart(body: Uint8Array, behind: Tail = START): { bytes: Uint8Array; tail: Tail } {
  const hash = hashOf(behind.hash, body);
  const header = `${MAGIC}${hash} ${body.length.toString(16).padStart(8, '0')}\n`;
  const bytes = new Uint8Array(HEADER_BYTES + body.length);
  bytes.set(new TextEncoder().encode(header));
  bytes.set(body, HEADER_BYTES);
  return { bytes, tail: { size: behind.size + bytes.length, hash } };
}

/**
 * The joined content of a file's parts; undefined if it is damaged or of another format. Except for the first part, a
 * damaged last one is ignored: its write was interrupted and never reported as done.
 */
export function decodeParts(file: Uint8Array): Uint8Array | undefined {
  const bodies: Uint8Array[] = [];
  let length = 0;
  let tail = START;
  while (tail.size < file.length || tail === START) {
    const from = tail.size + HEADER_BYTES;
    const [, hash, digits] = HEADER.exec(Buffer.from(file.subarray(tail.size, from)).toString('latin1')) ?? [];
    const to = from + Number.parseInt(digits ?? '', 16);
    const body = file.subarray(from, to);
    const whole = hash !== undefined && to <= file.length && hash === hashOf(tail.hash, body);
    if (!whole) {
      if (tail === START || Buffer.from(file.buffer, file.byteOffset, file.length).includes(MAGIC, tail.size + 1))
        return undefined;
      break;
    }
    bodies.push(body);
    length += body.length;
    tail = { size: to, hash };
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const body of bodies) {
    all.set(body, at);
    at += body.length;
  }
  return all;
}

function hashOf(before: string, body: Uint8Array): string {
  return createHash('sha256').update(before).update(body).digest('hex');
}
