import { ConnectionLost, StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { OutcomeUnknown } from './outcome.js';

/** Statuses that say that the server has forgotten us, while the connection may live on. */
const FORGOTTEN: readonly number[] = [
  NtStatus.UserSessionDeleted,
  NtStatus.NetworkSessionExpired,
  NtStatus.NetworkNameDeleted,
];

/** Statuses of requests that were under way when their session ended: they were called off, or came after the opens. */
const CUT_SHORT: readonly number[] = [NtStatus.Cancelled, NtStatus.FileClosed];

/** Statuses of a logon that may go well a moment later. */
const BUSY: readonly number[] = [...FORGOTTEN, NtStatus.InsufficientResources, NtStatus.RequestNotAccepted];

/** True when a request was not answered because the connection, the session or the share's tree connect went away. */
export function isLoss(error: unknown): boolean {
  if (error instanceof StatusError) return FORGOTTEN.includes(error.status);
  return error instanceof ConnectionLost && error.retryable && !(error instanceof OutcomeUnknown);
}

/** True when a request was ended together with its session or tree connect, if that is gone. */
export function isCutShort(error: unknown): boolean {
  return error instanceof StatusError && CUT_SHORT.includes(error.status);
}

/** True when the session is gone although the connection may live on. */
export function endsSession(error: unknown): boolean {
  return (
    error instanceof StatusError && FORGOTTEN.includes(error.status) && error.status !== NtStatus.NetworkNameDeleted
  );
}

/** True when connecting again may help. */
export function mayComeBack(error: unknown): boolean {
  if (error instanceof StatusError) return BUSY.includes(error.status);
  return error instanceof ConnectionLost && error.retryable;
}
