import type { Patience } from '#coord/patience.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { EmptyAndXBlock } from '#wire/smb1/block.js';
import { type LockingAndXRequest, type LockingRange, TypeOfLock } from '#wire/smb1/command/locking-andx.js';
import { lock, unlock } from '../action/lock.js';
import type { DiskOpen } from '../state/open.js';
import type { Smb1Context } from './context.js';

/** A lock that waits as long as it takes. */
const FOR_EVER = 0xffff_ffff;
/** Elements of one request. */
const MAX_RANGES = 256;
/** From here on, up to 2^63, Windows says at once what it says of the second failure otherwise. */
const REDIRECTED = 0xef00_0000n;

/** [MS-CIFS] 3.3.5.30. First all that is to be unlocked, one by one; then the locks, all of them or none. */
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
  // The answer to an oplock break is not answered.
  context.request.drop();
  return undefined;
}

/** A request for locks that waits. */
export interface WaitingLock {
  readonly open: DiskOpen;
  readonly typeOfLock: number;
  readonly ranges: readonly LockingRange[];
  end(): void;
}

/** Ends the waiting of the oldest request for the same kind of lock with that range among its own. */
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
  // One request is one process's; who says otherwise gets what he asks for under the first.
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

/** Windows says FILE_LOCK_CONFLICT of what is refused once more at the same place, else LOCK_NOT_GRANTED. */
function isRepeated(error: unknown, offset: bigint, { connection }: Smb1Context, open: DiskOpen): boolean {
  if (!(error instanceof StatusError) || error.status !== NtStatus.LockNotGranted) return false;
  if (offset >= REDIRECTED && offset >> 63n === 0n) return true;
  const before = connection.refusedLocks.get(open);
  connection.refusedLocks.set(open, offset);
  return before === offset;
}

/** How long a request for locks may wait: its own time, and as long as somebody waits for the answer. */
class LockTime {
  /** Undefined: not at all. */
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

  /** It is over now. */
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
