import type { Patience } from '#coord/patience.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { type LockElement, LockFlags, type LockRequest, LockResponse } from '#wire/smb2/command/lock.js';
import { Dialect } from '#wire/smb2/dialect.js';
import { lock as lockRanges, unlock } from '../action/lock.js';
import { LockSequences } from '../state/lock-sequences.js';
import type { DiskOpen } from '../state/open.js';
import type { Smb2Context } from './context.js';
import { patienceOf } from './patience.js';

/** Maximum number of elements per request. */
const MAX_ELEMENTS = 256;
const SHARED: number = LockFlags.SharedLock;
const EXCLUSIVE: number = LockFlags.ExclusiveLock;

/** [MS-SMB2] 3.3.5.14. */
export async function lock(request: LockRequest, context: Smb2Context): Promise<LockResponse> {
  const open = context.diskOpen(request.fileId);
  const { locks, lockSequenceIndex, lockSequenceNumber } = request;
  const [first] = locks;
  if (first === undefined) throw new StatusError(NtStatus.InvalidParameter);
  if (locks.length > MAX_ELEMENTS) throw new StatusError(NtStatus.InsufficientResources);
  const sequences = sequencesOf(open, context);
  if (sequences?.isReplay(lockSequenceIndex, lockSequenceNumber)) return new LockResponse();
  if (first.flags === LockFlags.Unlock) await unlockAll(locks, open, context);
  else await lockAll(locks, open, context);
  sequences?.done(lockSequenceIndex, lockSequenceNumber);
  if (open.durable?.tenacity === 'persistent') await record(request, open, context);
  return new LockResponse();
}

/** For a persistent open, stores the new locks before the response, so that they survive a crash. */
async function record({ locks, lockSequenceIndex }: LockRequest, open: DiskOpen, { core }: Smb2Context): Promise<void> {
  try {
    await core.persistents.save(open);
  } catch (error) {
    open.lockSequences?.forget(lockSequenceIndex);
    for (const { flags, offset, length } of locks) {
      if (flags !== LockFlags.Unlock) await unlock(core, open, { offset, length });
    }
    throw error;
  }
}

/** [MS-SMB2] 3.3.5.14.1: elements before a failing one stay unlocked. */
async function unlockAll(locks: readonly LockElement[], open: DiskOpen, { core }: Smb2Context): Promise<void> {
  for (const { flags, offset, length } of locks) {
    if (flags !== LockFlags.Unlock) throw new StatusError(NtStatus.InvalidParameter);
    await unlock(core, open, { offset, length });
  }
}

/** [MS-SMB2] 3.3.5.14.2: a single lock that may wait, or several that may not; all or none. */
async function lockAll(locks: readonly LockElement[], open: DiskOpen, context: Smb2Context): Promise<void> {
  const wanted = locks.map(({ flags, offset, length }) => {
    const kind = flags & ~LockFlags.FailImmediately;
    const waits = (flags & LockFlags.FailImmediately) === 0;
    if ((kind !== SHARED && kind !== EXCLUSIVE) || (waits && locks.length > 1)) {
      throw new StatusError(NtStatus.InvalidParameter);
    }
    return { offset, length, exclusive: kind === EXCLUSIVE, waits };
  });
  const patience: Patience | undefined = wanted[0]?.waits ? patienceOf(context.request) : undefined;
  await lockRanges(context.core, open, wanted, patience && { patience });
}

// Lock sequences only matter where requests may be replayed, over another channel or after a reconnect.
function sequencesOf(open: DiskOpen, { connection }: Smb2Context): LockSequences | undefined {
  if (connection.dialect < Dialect.Smb210 || !(open.durable || connection.multiChannel)) return undefined;
  open.lockSequences ??= new LockSequences();
  return open.lockSequences;
}
