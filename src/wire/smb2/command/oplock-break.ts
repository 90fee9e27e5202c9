import { type Guid, NIL_GUID } from '../../dtyp/guid.js';
import { FileId } from '../../io/file-id.js';
import type { Layout } from '../../io/layout.js';
import { Malformed } from '../../io/malformed.js';
import { type NameTable, namesOf } from '../../io/names.js';
import { leaseStateNames } from '../create-context/lease.js';
import { oplockLevelNames } from './create.js';

/** [MS-SMB2] 2.2.23.2 Flags of the Lease Break Notification. */
export const LeaseBreakFlags = {
  AckRequired: 0x00000001,
} as const;

const leaseBreakFlagNames: NameTable = namesOf(LeaseBreakFlags, 'SMB2_NOTIFY_BREAK_LEASE_FLAG_');

/**
 * [MS-SMB2] 2.2.23.1 Oplock Break Notification, 2.2.24.1 Oplock Break Acknowledgment, 2.2.25.1 Oplock Break Response:
 * the same structure, distinguished by the sender and by the notification's MessageId of all ones.
 */
export class OplockBreak {
  readonly structureSize: number = 24;
  oplockLevel = 0;
  fileId: FileId = FileId.none;

  layout(io: Layout): void {
    io.same16('StructureSize', this.structureSize);
    this.fields(io);
  }

  fields(io: Layout): void {
    this.oplockLevel = io.u8('OplockLevel', this.oplockLevel, oplockLevelNames);
    io.skip('Reserved', 1);
    io.skip('Reserved2', 4);
    this.fileId = io.fileId('FileId', this.fileId);
  }
}

/** [MS-SMB2] 2.2.23.2 Lease Break Notification. */
export class LeaseBreakNotification {
  readonly structureSize: number = 44;
  /** Zero for a lease of version 1. */
  newEpoch = 0;
  flags = 0;
  leaseKey: Guid = NIL_GUID;
  currentLeaseState = 0;
  newLeaseState = 0;

  layout(io: Layout): void {
    io.same16('StructureSize', this.structureSize);
    this.fields(io);
  }

  fields(io: Layout): void {
    this.newEpoch = io.u16('NewEpoch', this.newEpoch);
    this.flags = io.flags32('Flags', this.flags, leaseBreakFlagNames);
    this.leaseKey = io.guid('LeaseKey', this.leaseKey);
    this.currentLeaseState = io.flags32('CurrentLeaseState', this.currentLeaseState, leaseStateNames);
    this.newLeaseState = io.flags32('NewLeaseState', this.newLeaseState, leaseStateNames);
    io.skip('BreakReason', 4);
    io.skip('AccessMaskHint', 4);
    io.skip('ShareMaskHint', 4);
  }
}

/** [MS-SMB2] 2.2.24.2 Lease Break Acknowledgment and 2.2.25.2 Lease Break Response: the same structure. */
export class LeaseBreak {
  readonly structureSize: number = 36;
  leaseKey: Guid = NIL_GUID;
  leaseState = 0;

  layout(io: Layout): void {
    io.same16('StructureSize', this.structureSize);
    this.fields(io);
  }

  fields(io: Layout): void {
    io.skip('Reserved', 2);
    io.skip('Flags', 4);
    this.leaseKey = io.guid('LeaseKey', this.leaseKey);
    this.leaseState = io.flags32('LeaseState', this.leaseState, leaseStateNames);
    io.skip('LeaseDuration', 8);
  }
}

/** [MS-SMB2] 2.2.24 SMB2 OPLOCK_BREAK Acknowledgment: sent by clients; StructureSize gives the form. */
export class OplockBreakRequest {
  body: OplockBreak | LeaseBreak = new OplockBreak();

  layout(io: Layout): void {
    const size = io.u16('StructureSize', this.body.structureSize);
    if (io.reading) this.body = size === 36 ? new LeaseBreak() : new OplockBreak();
    check(size, this.body.structureSize, io.at);
    this.body.fields(io);
  }
}

/** [MS-SMB2] 2.2.23 OPLOCK_BREAK Notification and 2.2.25 Response: sent by servers; StructureSize gives the form. */
export class OplockBreakResponse {
  body: OplockBreak | LeaseBreak | LeaseBreakNotification = new OplockBreak();

  layout(io: Layout): void {
    const size = io.u16('StructureSize', this.body.structureSize);
    if (io.reading) this.body = fromServer(size);
    check(size, this.body.structureSize, io.at);
    this.body.fields(io);
  }
}

function fromServer(size: number): OplockBreak | LeaseBreak | LeaseBreakNotification {
  if (size === 44) return new LeaseBreakNotification();
  return size === 36 ? new LeaseBreak() : new OplockBreak();
}

function check(size: number, expected: number, at: number): void {
  if (size !== expected) throw new Malformed('StructureSize', at - 2, `is ${size}, must be 24, 36 or 44`);
}
