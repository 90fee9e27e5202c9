import { type Guid, NIL_GUID } from '../../dtyp/guid.js';
import type { Layout } from '../../io/layout.js';
import { type NameTable, namesOf } from '../../io/names.js';

/** [MS-SMB2] 2.2.13.2.8 LeaseState. */
export const LeaseState = { None: 0, ReadCaching: 0x01, HandleCaching: 0x02, WriteCaching: 0x04 } as const;

export const leaseStateNames: NameTable = namesOf(LeaseState);

/** [MS-SMB2] 2.2.14.2.10 Flags. */
export const LeaseFlags = { BreakInProgress: 0x00000002, ParentLeaseKeySet: 0x00000004 } as const;

const leaseFlagNames: NameTable = namesOf(LeaseFlags);

/** Length of version 1; only the length distinguishes it from version 2. */
export const LEASE_V1_LENGTH = 32;

/** [MS-SMB2] 2.2.13.2.8 SMB2_CREATE_REQUEST_LEASE and 2.2.14.2.10 SMB2_CREATE_RESPONSE_LEASE. */
export class CreateLease {
  leaseKey: Guid = NIL_GUID;
  leaseState = 0;
  leaseFlags = 0;

  layout(io: Layout): void {
    this.leaseKey = io.guid('LeaseKey', this.leaseKey);
    this.leaseState = io.flags32('LeaseState', this.leaseState, leaseStateNames);
    this.leaseFlags = io.flags32('LeaseFlags', this.leaseFlags, leaseFlagNames);
    io.skip('LeaseDuration', 8);
  }
}

/** [MS-SMB2] 2.2.13.2.10 SMB2_CREATE_REQUEST_LEASE_V2 and 2.2.14.2.11 SMB2_CREATE_RESPONSE_LEASE_V2. */
export class CreateLeaseV2 {
  leaseKey: Guid = NIL_GUID;
  leaseState = 0;
  flags = 0;
  parentLeaseKey: Guid = NIL_GUID;
  epoch = 0;

  layout(io: Layout): void {
    this.leaseKey = io.guid('LeaseKey', this.leaseKey);
    this.leaseState = io.flags32('LeaseState', this.leaseState, leaseStateNames);
    this.flags = io.flags32('Flags', this.flags, leaseFlagNames);
    io.skip('LeaseDuration', 8);
    this.parentLeaseKey = io.guid('ParentLeaseKey', this.parentLeaseKey);
    this.epoch = io.u16('Epoch', this.epoch);
    io.skip('Reserved', 2);
  }
}
