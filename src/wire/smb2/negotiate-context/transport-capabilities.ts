import type { Layout } from '../../io/layout.js';
import { type NameTable, namesOf } from '../../io/names.js';

/** [MS-SMB2] 2.2.3.1.5 Flags. */
export const TransportCapabilitiesFlags = { AcceptTransportLevelSecurity: 0x00000001 } as const;

const flagNames: NameTable = namesOf(TransportCapabilitiesFlags);

/** [MS-SMB2] 2.2.3.1.5 SMB2_TRANSPORT_CAPABILITIES. */
export class TransportCapabilities {
  flags = 0;

  layout(io: Layout): void {
    this.flags = io.flags32('Flags', this.flags, flagNames);
  }
}
