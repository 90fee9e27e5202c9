import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileInfoClass } from '#wire/fscc/file-info/classes.js';
import { InfoType } from '#wire/smb2/command/info-type.js';
import type { InfoChange, LockMode, LockRange, Step } from '../protocol.js';

/** Changes that move or remove names, which cannot be repeated safely. */
export const ONCE: readonly number[] = [
  FileInfoClass.Rename,
  FileInfoClass.Link,
  FileInfoClass.Disposition,
  FileInfoClass.RenameEx,
  FileInfoClass.DispositionEx,
];

/** Whether a step is idempotent. */
export function isRepeatable(step: Step): boolean {
  return step.verb !== 'set' || isRepeatableChange(step);
}

export function isRepeatableChange({ infoType, infoClass }: Pick<InfoChange, 'infoType' | 'infoClass'>): boolean {
  return infoType !== InfoType.File || !ONCE.includes(infoClass);
}

export function sameRanges(a: readonly LockRange[], b: readonly LockRange[]): boolean {
  return (
    a.length === b.length && a.every(({ offset, length }, i) => offset === b[i]?.offset && length === b[i]?.length)
  );
}

/** Ignores the error of an unlock that finds no lock, as an earlier attempt may have succeeded. */
export function forgiveUnlocked(error: unknown): void {
  if (!(error instanceof StatusError) || error.status !== NtStatus.RangeNotLocked) throw error;
}

/**
 * Whether a lock request can be repeated unchanged: the server recognizes it, or it conflicts with itself. A shared
 * lock could be taken twice, and one that waits could wait for itself.
 */
export function mayLockAgain({ exclusive, wait }: LockMode): boolean {
  return exclusive && !wait;
}

/** False if the lock was not granted; other errors are rethrown. */
export function refused(error: unknown): boolean {
  if (error instanceof StatusError && error.status === NtStatus.LockNotGranted) return false;
  throw error;
}
