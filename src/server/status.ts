import type { Coordinator } from '#coord/coordinator.js';
import type { Protocol } from './protocol.js';
import type { Session } from './state/session.js';

/** Counts of what a server holds. Everything but the connection counts is zero on an unused server. */
export interface ServerStatus {
  readonly connections: number;
  /** Connections without a logon. */
  readonly unauthenticatedConnections: number;
  /** Logged-on sessions; the next fields count what they hold. */
  readonly sessions: number;
  readonly trees: number;
  readonly opens: number;
  /** Durable opens whose clients are disconnected and may reconnect. */
  readonly disconnectedOpens: number;
  /** Pending change notifications. */
  readonly watches: number;
  /** Requests awaiting a response. */
  readonly pendingRequests: number;
  /** Opens known to the coordinator, including those of other servers of the medium. */
  readonly claims: number;
  /** Byte-range locks known to the coordinator, likewise. */
  readonly locks: number;
}

/**
 * Sums over the protocols of all connections. A session counts once, however many connections it uses; `registered` is
 * the number of sessions in the server's table.
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
    // The table includes sessions that have lost all connections; the connections include share-level logons.
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
