import type { Coordinator } from '#coord/coordinator.js';
import type { Protocol } from './protocol.js';
import type { Session } from './state/session.js';

/** What a server holds at a moment: everything but the first two is zero when nobody uses it. */
export interface ServerStatus {
  readonly connections: number;
  /** Those of them that nobody has logged on over. */
  readonly unauthenticatedConnections: number;
  /** Logged-on sessions, and what they hold together. */
  readonly sessions: number;
  readonly trees: number;
  readonly opens: number;
  /** Durable opens whose clients are gone and may come back. */
  readonly disconnectedOpens: number;
  /** Change notifications that wait. */
  readonly watches: number;
  /** Requests that wait for their answer. */
  readonly pendingRequests: number;
  /** Opens of files that the coordinator knows of, those of other servers of the medium among them. */
  readonly claims: number;
  /** Byte-range locks that the coordinator knows of, likewise. */
  readonly locks: number;
}

/**
 * What the protocols of all connections hold. A session counts once, over however many connections it goes; `registered`
 * of them are in the server's table.
 */
export async function statusOf(
  connections: number,
  unauthenticatedConnections: number,
  protocols: Iterable<Protocol>,
  registered: number,
  coordinator: Coordinator,
): Promise<ServerStatus> {
  const sessions = new Set<Session>();
  let pendingRequests = 0;
  for (const protocol of protocols) {
    pendingRequests += protocol.pending;
    for (const session of protocol.held()) sessions.add(session);
  }
  const sum = (count: (session: Session) => number): number =>
    Array.from(sessions).reduce((total, session) => total + count(session), 0);
  return {
    connections,
    unauthenticatedConnections,
    // The table has those whose connections have all gone; connections, those that log on per share.
    sessions: Math.max(sessions.size, registered),
    trees: sum(({ trees }) => trees.size),
    opens: sum(({ opens }) => opens.size),
    disconnectedOpens: (await coordinator.durables.list()).length,
    watches: sum(({ waiting }) => waiting),
    pendingRequests,
    claims: (await coordinator.opens.list()).length,
    locks: (await coordinator.locks.list()).length,
  };
}
