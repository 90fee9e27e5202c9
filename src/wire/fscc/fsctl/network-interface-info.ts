import type { Layout } from '../../io/layout.js';
import { type NameTable, namesOf } from '../../io/names.js';

/** [MS-SMB2] 2.2.32.5 Capability of an interface. */
export const InterfaceCapability = {
  RssCapable: 0x00000001,
  RdmaCapable: 0x00000002,
} as const;

export const interfaceCapabilityNames: NameTable = namesOf(InterfaceCapability);

/** [MS-SMB2] 2.2.32.5.1 SOCKADDR_STORAGE Family. */
export const AddressFamily = {
  InterNetwork: 0x0002,
  InterNetworkV6: 0x0017,
} as const;

export const addressFamilyNames: NameTable = { 2: 'InterNetwork', 23: 'InterNetworkV6' };

const STORAGE = 128;

/** [MS-SMB2] 2.2.32.5.1 SOCKADDR_STORAGE, with SOCKADDR_IN (2.2.32.5.1.1) or SOCKADDR_IN6 (2.2.32.5.1.2) inside. */
export class SockaddrStorage {
  family: number = AddressFamily.InterNetwork;
  port = 0;
  flowInfo = 0;
  /** 4 or 16 bytes; for an unknown family, everything after Family. */
  address: Uint8Array = new Uint8Array(4);
  scopeId = 0;

  layout(io: Layout): void {
    const start = io.at;
    this.family = io.u16('Family', this.family, addressFamilyNames);
    if (this.family === AddressFamily.InterNetwork) this.#v4(io);
    else if (this.family === AddressFamily.InterNetworkV6) this.#v6(io);
    else this.address = io.bytes('Buffer', STORAGE - 2, this.address);
    io.skip('Reserved', STORAGE - (io.at - start));
  }

  #v4(io: Layout): void {
    this.port = io.u16('Port', this.port);
    this.address = io.bytes('IPv4Address', 4, this.address);
  }

  #v6(io: Layout): void {
    this.port = io.u16('Port', this.port);
    this.flowInfo = io.u32('FlowInfo', this.flowInfo);
    this.address = io.bytes('IPv6Address', 16, this.address);
    this.scopeId = io.u32('ScopeId', this.scopeId);
  }

  /** The address in text form: `192.0.2.1`, `2001:db8:0:0:0:0:0:1`; empty for an unknown family. */
  get text(): string {
    if (this.family === AddressFamily.InterNetwork) return this.address.join('.');
    if (this.family !== AddressFamily.InterNetworkV6) return '';
    const groups: string[] = [];
    for (let i = 0; i < 16; i += 2) {
      groups.push((((this.address[i] ?? 0) << 8) | (this.address[i + 1] ?? 0)).toString(16));
    }
    return groups.join(':');
  }

  /** From the 4 bytes of an IPv4 address or the 16 of an IPv6 address. */
  static of(address: Uint8Array): SockaddrStorage {
    const storage = new SockaddrStorage();
    storage.family = address.length === 16 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
    storage.address = address;
    return storage;
  }
}

/** [MS-SMB2] 2.2.32.5 NETWORK_INTERFACE_INFO, one address of the server. */
export class NetworkInterfaceInfo {
  ifIndex = 0;
  capability = 0;
  /** Bits per second. */
  linkSpeed = 0;
  sockaddrStorage: SockaddrStorage = new SockaddrStorage();

  layout(io: Layout): void {
    this.ifIndex = io.u32('IfIndex', this.ifIndex);
    this.capability = io.flags32('Capability', this.capability, interfaceCapabilityNames);
    io.skip('Reserved', 4);
    this.linkSpeed = io.u64('LinkSpeed', this.linkSpeed);
    this.sockaddrStorage = io.struct('SockaddrStorage', this.sockaddrStorage);
  }
}

/** [MS-SMB2] 2.2.32.5 NETWORK_INTERFACE_INFO Response. */
export class NetworkInterfaceInfoResponse {
  interfaces: NetworkInterfaceInfo[] = [];

  layout(io: Layout): void {
    this.interfaces = io.chain('Interfaces', this.interfaces, () => new NetworkInterfaceInfo(), 8);
  }
}
