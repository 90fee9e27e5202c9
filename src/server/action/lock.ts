import type { ByteRange, LockOutcome, RangeLock } from '#coord/locks.js';
import type { Eventually } from '#coord/opens.js';
import type { Patience } from '#coord/patience.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { ServerCore } from '../core.js';
import type { DiskOpen } from '../state/open.js';
import { giveOnMedium, hasOnMedium, mediumBlocks, takeOnMedium } from './medium-locks.js';

const REFUSALS: Readonly<Record<Exclude<LockOutcome, 'granted'>, number>> = {
  refused: NtStatus.LockNotGranted,
  cancelled: NtStatus.Cancelled,
  // Windows' status for a lock request whose file was closed while it waited.
  closed: NtStatus.RangeNotLocked,
};

/** Retry interval for locks of other programs, whose release is not reported. */
const RETRY_MS = 100;

/** SMB2 does not distinguish the processes of a client, unlike SMB1. */
const PROCESS = 0;

/** Takes all of the locks or none; with patience, waits for its turn ([MS-FSA] 2.1.5.8). */
export async function lock(
  core: ServerCore,
  open: DiskOpen,
  locks: readonly RangeLock[],
  { process = PROCESS, patience }: { readonly process?: number; readonly patience?: Patience } = {},
): Promise<void> {
  requireFile(open);
  const { session } = open.tree;
  if (session.waitingLocks >= core.limits.waitingLocks) throw new StatusError(NtStatus.InsufficientResources);
  session.waitingLocks++;
  try {
    await take(core, open, locks, process, patience);
  } finally {
    session.waitingLocks--;
  }
}

/** Locks first among clients, then on the medium. Conflicts with other programs there are resolved by polling. */
async function take(
  core: ServerCore,
  open: DiskOpen,
  locks: readonly RangeLock[],
  process: number,
  patience: Patience | undefined,
): Promise<void> {
  const owner = { claim: open.claim, process };
  const once = patience && sayingOnce(patience);
  while (true) {
    const outcome = await core.coordinator.locks.lock(owner, locks, once);
    if (outcome !== 'granted') throw new StatusError(REFUSALS[outcome]);
    if (await takeOnMedium(open, locks)) return;
    for (const range of locks) await core.coordinator.locks.unlock(owner, range);
    if (once === undefined) throw new StatusError(NtStatus.LockNotGranted);
    once.waits();
    await pause(core, once.signal);
  }
}

function sayingOnce({ signal, waits }: Patience): Patience {
  let said = false;
  return {
    signal,
    waits: () => {
      if (!said) waits();
      said = true;
    },
  };
}

function pause({ clock }: ServerCore, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = (): void => {
      stop();
      reject(new StatusError(NtStatus.Cancelled));
    };
    const stop = clock.after(RETRY_MS, () => {
      signal.removeEventListener('abort', cancel);
      resolve();
    });
    if (signal.aborted) cancel();
    else signal.addEventListener('abort', cancel, { once: true });
  });
}

/** Releases a lock of exactly this range ([MS-FSA] 2.1.5.9). */
export async function unlock(
  core: ServerCore,
  open: DiskOpen,
  range: ByteRange,
  process: number = PROCESS,
): Promise<void> {
  requireFile(open);
  // Stays synchronous where the medium has no locks, so that no later request overtakes it.
  const given = hasOnMedium(open) ? await giveOnMedium(open, range) : undefined;
  if (await core.coordinator.locks.unlock({ claim: open.claim, process }, range)) return;
  // The lock belongs to another process of the client.
  if (given) await takeOnMedium(open, [given]);
  throw new StatusError(NtStatus.RangeNotLocked);
}

/**
 * FileLockConflict if somebody else's lock conflicts with reading or writing a range ([MS-FSA] 2.1.4.10). Synchronous
 * if the coordinator is, and nearly free where nothing is locked.
 */
export function requireUnlocked(
  core: ServerCore,
  open: DiskOpen,
  offset: number,
  length: number,
  write: boolean,
  process: number = PROCESS,
): Eventually<void> {
  if (length === 0) return undefined;
  const blocks = core.coordinator.locks.blocks(open.claim, process, offset, length, write);
  if (blocks instanceof Promise)
    return blocks.then((blocked) => blocked || mediumBlocks(open, offset, length, write)).then(refuseIf);
  refuseIf(blocks);
  const outside = mediumBlocks(open, offset, length, write);
  return outside instanceof Promise ? outside.then(refuseIf) : refuseIf(outside);
}

function refuseIf(blocked: boolean): void {
  if (blocked) throw new StatusError(NtStatus.FileLockConflict);
}

// [MS-FSA] 2.1.5.8: directories cannot be locked.
function requireFile(open: DiskOpen): void {
  if (open.isDirectory) throw new StatusError(NtStatus.InvalidParameter);
}
