import type { Patience } from '#coord/patience.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { EmptyAndXBlock } from '#wire/smb1/block.js';
import { type LockingAndXRequest, type LockingRange, TypeOfLock } from '#wire/smb1/command/locking-andx.js';
import { lock, unlock } from '../action/lock.js';
import type { DiskOpen } from '../state/open.js';
import type { Smb1Context } from './context.js';

/** Timeout for waiting indefinitely. */
const FOR_EVER = 0xffff_ffff;
/** Maximum number of ranges per request. */
const MAX_RANGES = 256;
/** From this offset up to 2^63, Windows returns the status of a repeated failure at once. */
const REDIRECTED = 0xef00_0000n;

/** [MS-CIFS] 3.3.5.30. First unlocks ranges one by one, then takes all of the locks or none. */
export async function lockingAndX(
  request: LockingAndXRequest,
  context: Smb1Context,
): Promise<EmptyAndXBlock | undefined> {
  const open = context.diskOpen(request.fid);
  const { typeOfLock, unlocks, locks } = request;
  if ((typeOfLock & TypeOfLock.ChangeLocktype) !== 0) throw new StatusError(NtStatus.Os2AtomicLocksNotSupported);
  if ((typeOfLock & TypeOfLock.CancelLock) !== 0) return cancelLock(request, context, open);
  if (unlocks.length + locks.length > MAX_RANGES) throw new StatusError(NtStatus.InsufficientResources);
  for (const range of unlocks) await unlock(context.core, open, boundsOf(range), range.pid);
  await lockAll(request, context, open);
  if ((typeOfLock & TypeOfLock.OplockRelease) === 0 || unlocks.length + locks.length > 0) return new EmptyAndXBlock();
  // An oplock break acknowledgment gets no response.
  context.request.drop();
  return undefined;
}

/** A waiting lock request. */
export interface WaitingLock {
  readonly open: DiskOpen;
  readonly typeOfLock: number;
  readonly ranges: readonly LockingRange[];
  end(): void;
}

/** Cancels the oldest waiting request of the same lock type that includes the given range. */
function cancelLock(
  { typeOfLock, locks }: LockingAndXRequest,
  { connection }: Smb1Context,
  open: DiskOpen,
): EmptyAndXBlock {
  const [wanted] = locks;
  const kind = typeOfLock & ~TypeOfLock.CancelLock;
  for (const waiting of connection.waitingLocks) {
    if (waiting.open !== open || waiting.typeOfLock !== kind) continue;
    if (!waiting.ranges.some((range) => wanted !== undefined && isSame(range, wanted))) continue;
    waiting.end();
    return new EmptyAndXBlock();
  }
  throw new StatusError(NtStatus.Os2CancelViolation);
}

function isSame(one: LockingRange, other: LockingRange): boolean {
  return one.pid === other.pid && one.byteOffset === other.byteOffset && one.lengthInBytes === other.lengthInBytes;
}

async function lockAll(
  { typeOfLock, locks, timeout }: LockingAndXRequest,
  context: Smb1Context,
  open: DiskOpen,
): Promise<void> {
  const [first] = locks;
  if (first === undefined) return;
  // All locks of a request belong to one process: the PID of the first range applies.
  const exclusive = (typeOfLock & TypeOfLock.SharedLock) === 0;
  const wanted = locks.map((range) => ({ ...boundsOf(range), exclusive }));
  const time = new LockTime(context, timeout);
  const waiting: WaitingLock = { open, typeOfLock, ranges: locks, end: () => time.cut() };
  const { waitingLocks } = context.connection;
  if (time.patience) waitingLocks.add(waiting);
  try {
    await lock(context.core, open, wanted, { process: first.pid, ...(time.patience && { patience: time.patience }) });
  } catch (error) {
    if (time.isOver || isRepeated(error, first.byteOffset, context, open)) {
      throw new StatusError(NtStatus.FileLockConflict);
    }
    throw error;
  } finally {
    waitingLocks.delete(waiting);
    time.end();
  }
}

/** Windows returns FILE_LOCK_CONFLICT if the same offset is refused again, and LOCK_NOT_GRANTED otherwise. */
function isRepeated(error: unknown, offset: bigint, { connection }: Smb1Context, open: DiskOpen): boolean {
  if (!(error instanceof StatusError) || error.status !== NtStatus.LockNotGranted) return false;
  if (offset >= REDIRECTED && offset >> 63n === 0n) return true;
  const before = connection.refusedLocks.get(open);
  connection.refusedLocks.set(open, offset);
  return before === offset;
}

/** Limits how long a lock request waits: by its timeout, and by cancellation. */
class LockTime {
  /** Undefined: does not wait. */
  readonly patience: Patience | undefined;
  isOver = false;
  readonly #abort = new AbortController();
  readonly #stopTimer: (() => void) | undefined;
  readonly #stopListening: (() => void) | undefined;

  constructor({ core, request }: Smb1Context, timeout: number) {
    if (timeout === 0) return;
    const { signal } = request;
    const cancelled = (): void => this.#abort.abort();
    if (signal.aborted) cancelled();
    signal.addEventListener('abort', cancelled);
    this.#stopListening = () => signal.removeEventListener('abort', cancelled);
    this.patience = { signal: this.#abort.signal, waits: () => undefined };
    if (timeout === FOR_EVER) return;
    this.#stopTimer = core.clock.after(timeout, () => this.cut());
  }

  /** Ends the wait now. */
  cut(): void {
    this.isOver = true;
    this.#abort.abort();
  }

  end(): void {
    this.#stopTimer?.();
    this.#stopListening?.();
  }
}

function boundsOf({ byteOffset, lengthInBytes }: LockingRange): { offset: bigint; length: bigint } {
  return { offset: byteOffset, length: lengthInBytes };
}
