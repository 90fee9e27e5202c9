import type { Layout, Wire } from '../../io/layout.js';
import type { NameTable } from '../../io/names.js';
import { Raw } from '../raw.js';
import { CompressionCapabilities } from './compression-capabilities.js';
import { EncryptionCapabilities } from './encryption-capabilities.js';
import { NetnameNegotiateContextId } from './netname-negotiate-context-id.js';
import { PosixExtensionsAvailable } from './posix-extensions-available.js';
import { PreauthIntegrityCapabilities } from './preauth-integrity-capabilities.js';
import { RdmaTransformCapabilities } from './rdma-transform-capabilities.js';
import { SigningCapabilities } from './signing-capabilities.js';
import { TransportCapabilities } from './transport-capabilities.js';

/** [MS-SMB2] 2.2.3.1 ContextType. */
export const NegotiateContextType = {
  PreauthIntegrityCapabilities: 0x0001,
  EncryptionCapabilities: 0x0002,
  CompressionCapabilities: 0x0003,
  NetnameNegotiateContextId: 0x0005,
  TransportCapabilities: 0x0006,
  RdmaTransformCapabilities: 0x0007,
  SigningCapabilities: 0x0008,
  /** [POSIX-SMB2] 2.2.3.1. */
  PosixExtensionsAvailable: 0x0100,
} as const;

type ContextTypeName = keyof typeof NegotiateContextType;

const kinds: { readonly [K in ContextTypeName]: { readonly name: string; readonly data: new () => Wire } } = {
  PreauthIntegrityCapabilities: { name: 'SMB2_PREAUTH_INTEGRITY_CAPABILITIES', data: PreauthIntegrityCapabilities },
  EncryptionCapabilities: { name: 'SMB2_ENCRYPTION_CAPABILITIES', data: EncryptionCapabilities },
  CompressionCapabilities: { name: 'SMB2_COMPRESSION_CAPABILITIES', data: CompressionCapabilities },
  NetnameNegotiateContextId: { name: 'SMB2_NETNAME_NEGOTIATE_CONTEXT_ID', data: NetnameNegotiateContextId },
  TransportCapabilities: { name: 'SMB2_TRANSPORT_CAPABILITIES', data: TransportCapabilities },
  RdmaTransformCapabilities: { name: 'SMB2_RDMA_TRANSFORM_CAPABILITIES', data: RdmaTransformCapabilities },
  SigningCapabilities: { name: 'SMB2_SIGNING_CAPABILITIES', data: SigningCapabilities },
  PosixExtensionsAvailable: { name: 'SMB3_POSIX_EXTENSIONS_AVAILABLE', data: PosixExtensionsAvailable },
};

const contextNames: Record<number, string> = {};
const makers = new Map<number, new () => Wire>();
for (const [name, type] of Object.entries(NegotiateContextType) as [ContextTypeName, number][]) {
  contextNames[type] = kinds[name].name;
  makers.set(type, kinds[name].data);
}

export const negotiateContextNames: NameTable = contextNames;

/** [MS-SMB2] 2.2.3.1 SMB2 NEGOTIATE_CONTEXT. Data of an unknown type is `Raw`. */
export class NegotiateContext {
  contextType = 0;
  data: Wire = new Raw();

  /** Makes a context; the class of `data` must match the type. */
  static of(contextType: number, data: Wire): NegotiateContext {
    const context = new NegotiateContext();
    context.contextType = contextType;
    context.data = data;
    return context;
  }

  layout(io: Layout): void {
    this.contextType = io.u16('ContextType', this.contextType, negotiateContextNames);
    const length = io.length16('DataLength');
    io.skip('Reserved', 4);
    const data = io.reading ? new (makers.get(this.contextType) ?? Raw)() : this.data;
    this.data = io.structAt('Data', length, data);
  }
}
