import { ConnectionLost, StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';

/**
 * The connection was lost during an operation that must not be repeated blindly, and the answer to a second attempt
 * leaves open whether the first one succeeded. `cause` is that answer.
 */
export class OutcomeUnknown extends ConnectionLost {
  constructor(verb: string, path: string, cause: StatusError) {
    super(`the connection was lost while '${path}' was to be ${verb}; asked again, the server says ${cause.code}`, {
      code: 'SMB_OUTCOME_UNKNOWN',
      cause,
    });
  }
}

/** Statuses that a successful first attempt causes in the second. */
export const MADE: readonly number[] = [NtStatus.ObjectNameCollision];
export const GONE: readonly number[] = [NtStatus.ObjectNameNotFound, NtStatus.NoSuchFile, NtStatus.DeletePending];
export const MOVED: readonly number[] = [...GONE, ...MADE];

/** The error of a second attempt; OutcomeUnknown if the first one may have caused it. */
export function inHindsight(error: unknown, verb: string, path: string, own: readonly number[]): unknown {
  if (!(error instanceof StatusError) || !own.includes(error.status)) return error;
  return new OutcomeUnknown(verb, path, error);
}
