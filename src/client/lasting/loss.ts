import { ConnectionLost, StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { OutcomeUnknown } from './outcome.js';

/** Statuses for a session or tree connect that the server no longer knows; the connection may be alive. */
const FORGOTTEN: readonly number[] = [
  NtStatus.UserSessionDeleted,
  NtStatus.NetworkSessionExpired,
  NtStatus.NetworkNameDeleted,
];

/**
 * Statuses of requests that were under way when their session ended: canceled, or executed after its opens were closed.
 */
const CUT_SHORT: readonly number[] = [NtStatus.Cancelled, NtStatus.FileClosed];

/** Statuses of a logon that may succeed a moment later. */
const BUSY: readonly number[] = [...FORGOTTEN, NtStatus.InsufficientResources, NtStatus.RequestNotAccepted];

/** True if a request was not answered because the connection, session or tree connect is gone. */
export function isLoss(error: unknown): boolean {
  if (error instanceof StatusError) return FORGOTTEN.includes(error.status);
  return error instanceof ConnectionLost && error.retryable && !(error instanceof OutcomeUnknown);
}

/**
 * True if the request may have been cut short by the end of its session or tree connect; the caller checks whether that
 * is gone.
 */
export function isCutShort(error: unknown): boolean {
  return error instanceof StatusError && CUT_SHORT.includes(error.status);
}

/** True if the session is gone, although the connection may be alive. */
export function endsSession(error: unknown): boolean {
  return (
    error instanceof StatusError && FORGOTTEN.includes(error.status) && error.status !== NtStatus.NetworkNameDeleted
  );
}

/** True if reconnecting may help. */
export function mayComeBack(error: unknown): boolean {
  if (error instanceof StatusError) return BUSY.includes(error.status);
  return error instanceof ConnectionLost && error.retryable;
}
