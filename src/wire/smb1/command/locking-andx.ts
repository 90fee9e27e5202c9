import type { Layout, Wire } from '../../io/layout.js';
import { type NameTable, namesOf } from '../../io/names.js';
import { AndXBlock, data, words } from '../block.js';
import { OPLOCK_LEVEL_NAMES } from './nt-create-andx.js';

/** [MS-CIFS] 2.2.4.32.1 TypeOfLock. */
export const TypeOfLock = {
  SharedLock: 0x01,
  OplockRelease: 0x02,
  ChangeLocktype: 0x04,
  CancelLock: 0x08,
  LargeFiles: 0x10,
} as const;

const TYPE_NAMES: NameTable = namesOf(TypeOfLock);

/** [MS-CIFS] 2.2.4.32.1 LOCKING_ANDX_RANGE32 and LOCKING_ANDX_RANGE64. */
export class LockingRange implements Wire {
  large: boolean;
  pid = 0;
  byteOffset = 0n;
  lengthInBytes = 0n;

  constructor(large = true) {
    this.large = large;
  }

  layout(io: Layout): void {
    this.pid = io.u16('PID', this.pid);
    if (!this.large) {
      this.byteOffset = BigInt(io.u32('ByteOffset', Number(this.byteOffset)));
      this.lengthInBytes = BigInt(io.u32('LengthInBytes', Number(this.lengthInBytes)));
      return;
    }
    io.skip('Pad', 2);
    this.byteOffset = highFirst(io, 'ByteOffset', this.byteOffset);
    this.lengthInBytes = highFirst(io, 'LengthInBytes', this.lengthInBytes);
  }
}

function highFirst(io: Layout, name: string, v: bigint): bigint {
  const high = io.u32(`${name}High`, Number(v >> 32n));
  const low = io.u32(`${name}Low`, Number(v & 0xffffffffn));
  return (BigInt(high) << 32n) | BigInt(low);
}

/**
 * [MS-CIFS] 2.2.4.32.1 SMB_COM_LOCKING_ANDX Request. Servers send it too, to break an oplock: with MID 0xFFFF,
 * OPLOCK_RELEASE and the new level.
 */
export class LockingAndXRequest extends AndXBlock {
  fid = 0;
  typeOfLock = 0;
  newOpLockLevel = 0;
  /** Milliseconds; all ones means forever. */
  timeout = 0;
  unlocks: LockingRange[] = [];
  locks: LockingRange[] = [];

  layout(io: Layout): void {
    let unlocks = 0;
    let locks = 0;
    words(io, 8, () => {
      this.andX(io);
      this.fid = io.u16('FID', this.fid);
      this.typeOfLock = io.flags8('TypeOfLock', this.typeOfLock, TYPE_NAMES);
      this.newOpLockLevel = io.u8('NewOpLockLevel', this.newOpLockLevel, OPLOCK_LEVEL_NAMES);
      this.timeout = io.u32('Timeout', this.timeout);
      unlocks = io.u16('NumberOfRequestedUnlocks', this.unlocks.length);
      locks = io.u16('NumberOfRequestedLocks', this.locks.length);
    });
    const large = (this.typeOfLock & TypeOfLock.LargeFiles) !== 0;
    const make = (): LockingRange => new LockingRange(large);
    data(io, () => {
      this.unlocks = io.list('Unlocks', unlocks, this.unlocks, make);
      this.locks = io.list('Locks', locks, this.locks, make);
    });
  }
}
