import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseExchange, type RecordedFrame } from '#testing/exchange.js';
import { root } from '../root.js';

const HEADER = 4;

/** All recorded messages with their session headers. */
function recorded(): RecordedFrame[] {
  const folder = join(root, 'test', 'golden', 'samba');
  return readdirSync(folder)
    .sort()
    .flatMap((name) => parseExchange(readFileSync(join(folder, name), 'utf8')).frames);
}

const SAMPLES = 3;

/** A few of each command and direction: the fuzzer needs variety, not numbers. */
function sample(frames: readonly RecordedFrame[], commandAt: number): Uint8Array[] {
  const taken = new Map<string, number>();
  return frames
    .filter(({ from, bytes }) => {
      const kind = `${from} ${bytes[HEADER]} ${bytes[HEADER + commandAt]}`;
      const count = taken.get(kind) ?? 0;
      taken.set(kind, count + 1);
      return count < SAMPLES;
    })
    .map(({ bytes }) => bytes.slice(HEADER));
}

const ALL = recorded();
const protocol = (byte: number): RecordedFrame[] => ALL.filter(({ bytes }) => bytes[HEADER] === byte);

export const SMB1_FRAMES: readonly Uint8Array[] = sample(protocol(0xff), 4);
export const SMB2_FRAMES: readonly Uint8Array[] = [...sample(protocol(0xfe), 12), ...sample(protocol(0xfd), 4)];
/** With session headers. */
export const STREAMS: readonly Uint8Array[] = ALL.filter(({ bytes }) => bytes.length < 256)
  .slice(0, 6)
  .map(({ bytes }) => bytes);

/** Security tokens: from a marker to the end of the message. */
function cut(marker: readonly number[]): Uint8Array[] {
  const found = new Map<string, Uint8Array>();
  for (const { bytes } of ALL) {
    const at = Buffer.from(bytes).indexOf(Uint8Array.from(marker));
    if (at === -1) continue;
    const token = bytes.slice(at);
    found.set(`${token.length}`, token);
  }
  return [...found.values()].slice(0, 12);
}

export const NTLM_TOKENS: readonly Uint8Array[] = cut([0x4e, 0x54, 0x4c, 0x4d, 0x53, 0x53, 0x50, 0]);

/** A DER element, cut to its stated length. */
function der(bytes: Uint8Array): Uint8Array {
  const first = bytes[1] ?? 0;
  if (first < 0x80) return bytes.slice(0, 2 + first);
  const size = first & 0x7f;
  const length = Array.from(bytes.subarray(2, 2 + size)).reduce((sum, byte) => sum * 256 + byte, 0);
  return bytes.slice(0, 2 + size + length);
}

/** SPNEGO tokens: NegTokenInit by the OID in its application tag, NegTokenResp by its outer tags. */
export const SPNEGO_TOKENS: readonly Uint8Array[] = [
  ...ALL.flatMap(({ bytes }) => {
    const at = Buffer.from(bytes).indexOf(Uint8Array.of(6, 6, 0x2b, 6, 1, 5, 5, 2));
    if (at < 2) return [];
    const start = [2, 3, 4].map((back) => at - back).find((place) => bytes[place] === 0x60);
    return start === undefined ? [] : [der(bytes.subarray(start))];
  }).slice(0, 6),
  ...ALL.flatMap(({ bytes }) => {
    const at = Buffer.from(bytes).lastIndexOf(Uint8Array.of(0xa1));
    return at > 64 && at + 4 < bytes.length ? [der(bytes.subarray(at))] : [];
  }).slice(0, 6),
];

/** Security descriptors with owner, group and access list as Samba sends them, found by their control word. */
export const SECURITY_DESCRIPTORS: readonly Uint8Array[] = ALL.flatMap(({ bytes }) => {
  const at = Buffer.from(bytes).indexOf(Uint8Array.of(1, 0, 0x04, 0x80));
  const at2 = at === -1 ? Buffer.from(bytes).indexOf(Uint8Array.of(1, 0, 0x04, 0x94)) : at;
  return at2 === -1 ? [] : [bytes.slice(at2)];
}).slice(0, 4);

/** RPC over a named pipe: version 5.0, a type, both flags. */
export const RPC_PDUS: readonly Uint8Array[] = ALL.flatMap(({ bytes }) => {
  for (const type of [0, 2, 11, 12]) {
    const at = Buffer.from(bytes).indexOf(Uint8Array.of(5, 0, type, 3, 0x10, 0, 0, 0));
    if (at !== -1) return [bytes.slice(at)];
  }
  return [];
}).slice(0, 12);
