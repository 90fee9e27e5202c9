import { type ConnectionFacts, notes } from '#tap/events.js';
import { statusOf } from '#wire/erref/errors.js';
import { NtStatus, statusName } from '#wire/erref/nt-status.js';
import type { RegisteredSession } from './state/session-table.js';

/** Commands whose refusal an operator wants to see; that a file is not there is nobody's news. */
const TELLING = /SESSION_SETUP|TREE_CONNECT|RPC BIND/;

/** The status that an error means to the peer; tells the log of refusals that matter, and of what is our own fault. */
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

/** Whether a status means that somebody did not prove who he is. */
export function isLogonFailure(status: number): boolean {
  return status === NtStatus.LogonFailure || status === NtStatus.WrongPassword;
}

/** Tells the log who came and who went. */
export function sessionNote(what: 'logged on' | 'logged off', { id, identity }: RegisteredSession): void {
  const { account, kind, workstation } = identity;
  notes.publish({
    level: 'info',
    what,
    connection: undefined,
    details: { session: String(id), account, kind, workstation },
  });
}

/** Tells the log of a connection. */
export function connectionNote(what: 'connected' | 'disconnected', connection: ConnectionFacts): void {
  notes.publish({ level: 'debug', what, connection, details: {} });
}
