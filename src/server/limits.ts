/** What a peer can make the server hold; LIMITS.md tells it to operators. */
export interface Limits {
  /** Connections at once. */
  readonly connections: number;
  /** Connections at once that have not logged on; beyond it the oldest of them is dropped. */
  readonly unauthenticatedConnections: number;
  /** Milliseconds that a connection has to log on. */
  readonly logonTimeMs: number;
  /**
   * Refused logons of a connection that are answered at once; further ones take a second each. The same for those within
   * the named pipes of a session.
   */
  readonly refusedLogons: number;
  /** Bytes of a message before somebody has logged on over the connection. */
  readonly unauthenticatedMessage: number;
  /** MaxReadSize and MaxWriteSize: beyond 1 MiB data falls out of the processor's caches on its way. */
  readonly transfer: number;
  /** MaxTransactSize, at least as much. */
  readonly transaction: number;
  /** Credits: after and before logon; powers of two. */
  readonly credits: number;
  readonly unauthenticatedCredits: number;
  readonly compound: number;
  /** Requests of a connection that wait after an interim response. */
  readonly asyncRequests: number;
  /** Bytes of requests that wait for their turn, beyond which nothing more is read from the client. */
  readonly deferredBytes: number;
  /** Per connection. */
  readonly sessions: number;
  /** Per session. */
  readonly channels: number;
  readonly treeConnects: number;
  readonly opens: number;
  /** Named pipes among them. */
  readonly pipes: number;
  /** Bytes of a security descriptor that is set. */
  readonly securityDescriptor: number;
  /** Change notifications that wait, as many directories watched, and changes remembered for each. */
  readonly watches: number;
  readonly changesPerWatch: number;
  /** Directories watched on the media because clients have cached something there. */
  readonly guardedDirectories: number;
  /** Byte-range locks of a file, and requests for them that wait, per session. */
  readonly locksPerFile: number;
  readonly waitingLocks: number;
  /** Milliseconds that a client has to acknowledge the break of an oplock or lease. */
  readonly breakTimeMs: number;
  /**
   * Milliseconds that a durable open waits for its client: of version 1, where nobody names a time; where the client
   * leaves it to us; and where it names one, at most.
   */
  readonly firstDurableTimeMs: number;
  readonly durableTimeMs: number;
  readonly longestDurableTimeMs: number;
  /** Durable opens that wait for their clients, per account. */
  readonly disconnectedOpens: number;
  /** Persistent opens, per account; each has a record on the disk. */
  readonly persistentOpens: number;
}

/** MAXFILESIZE of NTFS with clusters of 4 KiB ([MS-FSA] 2.1.5.4): where a file ends at the latest. */
export const LARGEST_FILE = 0xfff_ffff_0000;

export const defaultLimits: Limits = {
  connections: 10_000,
  unauthenticatedConnections: 256,
  logonTimeMs: 30_000,
  refusedLogons: 10,
  unauthenticatedMessage: 65_536 + 1024,
  transfer: 1024 * 1024,
  transaction: 8 * 1024 * 1024,
  credits: 8192,
  unauthenticatedCredits: 16,
  compound: 64,
  asyncRequests: 512,
  deferredBytes: 16 * 1024 * 1024,
  sessions: 64,
  channels: 32,
  treeConnects: 256,
  opens: 16_384,
  pipes: 256,
  securityDescriptor: 65_536,
  watches: 128,
  changesPerWatch: 1024,
  guardedDirectories: 4096,
  locksPerFile: 4096,
  waitingLocks: 128,
  breakTimeMs: 35_000,
  firstDurableTimeMs: 960_000,
  durableTimeMs: 60_000,
  longestDurableTimeMs: 300_000,
  disconnectedOpens: 1024,
  persistentOpens: 1024,
};
