import { isIPv4, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';

/** An address of this machine. */
export interface LocalAddress {
  /** Interface index, shared by all addresses of one interface. */
  readonly index: number;
  /** 4 or 16 bytes. */
  readonly bytes: Uint8Array;
  readonly loopback: boolean;
  /** For link-local IPv6 addresses. */
  readonly scopeId: number;
}

/** The addresses at which a listener on `host` can be reached; for `0.0.0.0` and `::`, all addresses of that family. */
export function reachableAddresses(host: string): LocalAddress[] {
  const found: LocalAddress[] = [];
  Object.values(networkInterfaces()).forEach((addresses, at) => {
    for (const { address, internal, ...more } of addresses ?? []) {
      const bytes = addressBytes(address);
      if (!bytes || !serves(host, address)) continue;
      found.push({ index: at + 1, bytes, loopback: internal, scopeId: 'scopeid' in more ? (more.scopeid ?? 0) : 0 });
    }
  });
  return found;
}

// Node opens `::` as a dual-stack socket, so it accepts IPv4 too.
function serves(host: string, address: string): boolean {
  return host === '::' || (host === '0.0.0.0' && isIPv4(address)) || host === address;
}

/** Parses the text form of an address; undefined if it is not one. */
export function addressBytes(text: string): Uint8Array | undefined {
  if (isIPv4(text)) return Uint8Array.from(text.split('.'), Number);
  const address = text.replace(/%.*$/, '');
  if (!isIPv6(address) || address.includes('.')) return undefined;
  const [before = '', after] = address.split('::');
  const head = groups(before);
  const tail = groups(after ?? '');
  const words = [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail];
  return Uint8Array.from(words.flatMap((word) => [word >> 8, word & 0xff]));
}

function groups(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}
