import { FileId } from '../../io/file-id.js';
import type { Layout } from '../../io/layout.js';
import { type NameTable, namesOf } from '../../io/names.js';

/** [MS-SMB2] 2.2.26.1 Flags of a lock element. */
export const LockFlags = {
  SharedLock: 0x00000001,
  ExclusiveLock: 0x00000002,
  Unlock: 0x00000004,
  FailImmediately: 0x00000010,
} as const;

export const lockFlagNames: NameTable = namesOf(LockFlags, 'SMB2_LOCKFLAG_');

/** [MS-SMB2] 2.2.26.1 SMB2_LOCK_ELEMENT. Ranges may reach 2^64 - 1. */
export class LockElement {
  offset = 0n;
  length = 0n;
  flags = 0;

  layout(io: Layout): void {
    this.offset = io.x64('Offset', this.offset);
    this.length = io.x64('Length', this.length);
    this.flags = io.flags32('Flags', this.flags, lockFlagNames);
    io.skip('Reserved', 4);
  }
}

/** [MS-SMB2] 2.2.26 SMB2 LOCK Request. */
export class LockRequest {
  /** LockSequenceNumber in the low 4 bits, LockSequenceIndex in the other 28; reserved in 2.0.2. */
  lockSequence = 0;
  fileId: FileId = FileId.none;
  locks: LockElement[] = [];

  layout(io: Layout): void {
    io.same16('StructureSize', 48);
    const count = io.u16('LockCount', this.locks.length);
    this.lockSequence = io.u32('LockSequence', this.lockSequence);
    this.fileId = io.fileId('FileId', this.fileId);
    this.locks = io.list('Locks', count, this.locks, () => new LockElement());
  }

  get lockSequenceNumber(): number {
    return this.lockSequence & 0xf;
  }

  get lockSequenceIndex(): number {
    return this.lockSequence >>> 4;
  }
}

/** [MS-SMB2] 2.2.27 SMB2 LOCK Response. */
export class LockResponse {
  layout(io: Layout): void {
    io.same16('StructureSize', 4);
    io.skip('Reserved', 2);
  }
}
