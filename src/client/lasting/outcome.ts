import { ConnectionLost, StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';

/**
 * The connection was lost after something was asked that must not be done twice, and what the server says when asked
 * again leaves open whether it was done the first time. `cause` is that answer.
 */
export class OutcomeUnknown extends ConnectionLost {
  constructor(verb: string, path: string, cause: StatusError) {
    super(`the connection was lost while '${path}' was to be ${verb}; asked again, the server says ${cause.code}`, {
      code: 'SMB_OUTCOME_UNKNOWN',
      cause,
    });
  }
}

/** What the first attempt may have brought about itself. */
export const MADE: readonly number[] = [NtStatus.ObjectNameCollision];
export const GONE: readonly number[] = [NtStatus.ObjectNameNotFound, NtStatus.NoSuchFile, NtStatus.DeletePending];
export const MOVED: readonly number[] = [...GONE, ...MADE];

/** The error of a second attempt, in the light of the first. */
export function inHindsight(error: unknown, verb: string, path: string, own: readonly number[]): unknown {
  if (!(error instanceof StatusError) || !own.includes(error.status)) return error;
  return new OutcomeUnknown(verb, path, error);
}
