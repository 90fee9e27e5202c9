import { type ConnectionFacts, notes } from '#tap/events.js';
import { statusOf } from '#wire/erref/errors.js';
import { NtStatus, statusName } from '#wire/erref/nt-status.js';
import type { RegisteredSession } from './state/session-table.js';

/** Commands whose failures are worth logging for an operator; a missing file is not. */
const TELLING = /SESSION_SETUP|TREE_CONNECT|RPC BIND/;

/** Maps an error to the status for the peer. Logs refusals that matter, and our own internal errors. */
export function refusal(connection: ConnectionFacts | undefined, command: string, error: unknown): number {
  const status = statusOf(error);
  if (status === NtStatus.InternalError) {
    notes.publish({ level: 'error', what: 'unexpected error', connection, details: { command, error } });
  } else if (TELLING.test(command)) {
    const details = { command, status: statusName(status) };
    notes.publish({ level: 'info', what: 'refused', connection, details });
  }
  return status;
}

/** Whether a status means that authentication failed. */
export function isLogonFailure(status: number): boolean {
  return status === NtStatus.LogonFailure || status === NtStatus.WrongPassword;
}

/** Logs a logon or logoff. */
export function sessionNote(what: 'logged on' | 'logged off', { id, identity }: RegisteredSession): void {
  const { account, kind, workstation } = identity;
  notes.publish({
    level: 'info',
    what,
    connection: undefined,
    details: { session: String(id), account, kind, workstation },
  });
}

/** Logs a new or closed connection. */
export function connectionNote(what: 'connected' | 'disconnected', connection: ConnectionFacts): void {
  notes.publish({ level: 'debug', what, connection, details: {} });
}
