import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileInfoClass } from '#wire/fscc/file-info/classes.js';
import { InfoType } from '#wire/smb2/command/info-type.js';
import type { InfoChange, LockMode, LockRange, Step } from '../protocol.js';

/** What moves or removes names cannot be done twice. */
export const ONCE: readonly number[] = [
  FileInfoClass.Rename,
  FileInfoClass.Link,
  FileInfoClass.Disposition,
  FileInfoClass.RenameEx,
  FileInfoClass.DispositionEx,
];

/** Whether doing it twice is as good as once. */
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

/** An unlock that finds nothing locked, when the first one may have got through. */
export function forgiveUnlocked(error: unknown): void {
  if (!(error instanceof StatusError) || error.status !== NtStatus.RangeNotLocked) throw error;
}

/**
 * A lock that is asked for once more as it was: the server knows it again, or it stands in its own way. One that is shared
 * it might have twice, and one that waits might wait for itself.
 */
export function mayLockAgain({ exclusive, wait }: LockMode): boolean {
  return exclusive && !wait;
}

/** False where a lock is not granted; other errors are thrown. */
export function refused(error: unknown): boolean {
  if (error instanceof StatusError && error.status === NtStatus.LockNotGranted) return false;
  throw error;
}
