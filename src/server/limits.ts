/** What a peer can make the server hold; described for operators in LIMITS.md. */
export interface Limits {
  /** Concurrent connections. */
  readonly connections: number;
  /** Concurrent connections without a logon; beyond this the oldest of them is dropped. */
  readonly unauthenticatedConnections: number;
  /** Time a connection has to log on, in milliseconds. */
  readonly logonTimeMs: number;
  /**
   * Failed logons per connection that are answered immediately; further ones are delayed by one second each. The same
   * applies to failed logons within the named pipes of a session.
   */
  readonly refusedLogons: number;
  /** Message size in bytes before the first logon on a connection. */
  readonly unauthenticatedMessage: number;
  /** MaxReadSize and MaxWriteSize, in bytes; above 1 MiB the data no longer fits the processor's caches. */
  readonly transfer: number;
  /** MaxTransactSize, in bytes; at least `transfer`. */
  readonly transaction: number;
  /** Credits before and after logon; powers of two. */
  readonly credits: number;
  readonly unauthenticatedCredits: number;
  readonly compound: number;
  /** Pending requests per connection after an interim response. */
  readonly asyncRequests: number;
  /** Bytes of deferred requests above which reading from the client stops. */
  readonly deferredBytes: number;
  /** Per connection. */
  readonly sessions: number;
  /** Per session. */
  readonly channels: number;
  readonly treeConnects: number;
  readonly opens: number;
  /** Named pipes; they also count as opens. */
  readonly pipes: number;
  /** Size of a security descriptor that is set, in bytes. */
  readonly securityDescriptor: number;
  /** Pending change notifications; also the number of watched directories, and of changes remembered for each. */
  readonly watches: number;
  readonly changesPerWatch: number;
  /** Directories watched on the media on behalf of client caches. */
  readonly guardedDirectories: number;
  /** Byte-range locks per file; also pending lock requests per session. */
  readonly locksPerFile: number;
  readonly waitingLocks: number;
  /** Time a client has to acknowledge an oplock or lease break, in milliseconds. */
  readonly breakTimeMs: number;
  /**
   * How long a durable open waits for its client, in milliseconds: for version 1, which cannot name a timeout; when the
   * client leaves it to the server; and at most, when the client names one.
   */
  readonly firstDurableTimeMs: number;
  readonly durableTimeMs: number;
  readonly longestDurableTimeMs: number;
  /** Durable opens waiting for their clients, per account. */
  readonly disconnectedOpens: number;
  /** Persistent opens per account; each has a record on disk. */
  readonly persistentOpens: number;
}

/** MAXFILESIZE of NTFS with 4 KiB clusters ([MS-FSA] 2.1.5.4): the largest file size. */
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
