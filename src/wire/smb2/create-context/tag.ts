import type { NameTable } from '../../io/names.js';

/** [MS-SMB2] 2.2.13.2 Names of create contexts, as byte strings (one character per byte). */
export const CreateContextTag = {
  EaBuffer: 'ExtA',
  SdBuffer: 'SecD',
  DurableHandleRequest: 'DHnQ',
  DurableHandleReconnect: 'DHnC',
  AllocationSize: 'AlSi',
  QueryMaximalAccess: 'MxAc',
  TimewarpToken: 'TWrp',
  QueryOnDiskId: 'QFid',
  Lease: 'RqLs',
  DurableHandleRequestV2: 'DH2Q',
  DurableHandleReconnectV2: 'DH2C',
  Aapl: 'AAPL',
  AppInstanceId: '\x45\xbc\xa6\x6a\xef\xa7\xf7\x4a\x90\x08\xfa\x46\x2e\x14\x4d\x74',
  AppInstanceVersion: '\xb9\x82\xd0\xb7\x3b\x56\x07\x4f\xa0\x7b\x52\x4a\x81\x16\xa0\x10',
  SvhdxOpenDeviceContext: '\x9c\xcb\xcf\x9e\x04\xc1\xe6\x43\x98\x0e\x15\x8d\xa1\xf6\xec\x83',
  Posix: '\x93\xad\x25\x50\x9c\xb4\x11\xe7\xb4\x23\x83\xde\x96\x8b\xcd\x7c',
} as const;

/** The bytes that a byte string stands for. */
export function tagBytes(tag: string): Uint8Array {
  return Uint8Array.from(tag, (char) => char.charCodeAt(0));
}

/** Bytes as a byte string. */
export function tagText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** Four characters as a big-endian number, as in the specification. */
export function tagCode(tag: string): number {
  let code = 0;
  for (let i = 0; i < 4; i++) code = (code << 8) | tag.charCodeAt(i);
  return code >>> 0;
}

/** The reverse of `tagCode`. */
export function codeTag(code: number): string {
  return String.fromCharCode(code >>> 24, (code >>> 16) & 0xff, (code >>> 8) & 0xff, code & 0xff);
}

const names: Record<number, string> = {};
for (const tag of Object.values(CreateContextTag)) if (tag.length === 4) names[tagCode(tag)] = tag;

/** The four-character names by their numbers, for the viewer. */
export const tagNames: NameTable = names;
