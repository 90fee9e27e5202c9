import { isIPv4, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';

/** An address of this machine. */
export interface LocalAddress {
  /** Number of its interface: the same for all addresses of one interface. */
  readonly index: number;
  /** 4 or 16 bytes. */
  readonly bytes: Uint8Array;
  readonly loopback: boolean;
  /** Of a link-local IPv6 address. */
  readonly scopeId: number;
}

/** The addresses that somebody who listens on `host` can be reached at; all of the family for `0.0.0.0` and `::`. */
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

// `::` takes IPv4 as well, as Node opens it.
function serves(host: string, address: string): boolean {
  return host === '::' || (host === '0.0.0.0' && isIPv4(address)) || host === address;
}

/** The bytes of an address as people write it; undefined when it is none. */
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
