import { ConnectionLost, StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { OutcomeUnknown } from './outcome.js';

/** Statuses that say that the server has forgotten us, while the connection may live on. */
const FORGOTTEN: readonly number[] = [
  NtStatus.UserSessionDeleted,
  NtStatus.NetworkSessionExpired,
  NtStatus.NetworkNameDeleted,
];

/** Statuses of a logon that may go well a moment later. */
const BUSY: readonly number[] = [...FORGOTTEN, NtStatus.InsufficientResources, NtStatus.RequestNotAccepted];

/** True when a request was not answered because the connection, the session or the share's tree connect went away. */
export function isLoss(error: unknown): boolean {
  if (error instanceof StatusError) return FORGOTTEN.includes(error.status);
  return error instanceof ConnectionLost && error.retryable && !(error instanceof OutcomeUnknown);
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
