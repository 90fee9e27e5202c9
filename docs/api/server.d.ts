// server/index.d.ts
/**
 * A file server that Windows, macOS, Linux and devices can use.
 *
 * ```ts
 * import { createServer } from 'sombrero/server'
 * import { localDirectory } from 'sombrero/fs'
 *
 * const server = createServer({ shares: { docs: localDirectory('/srv/docs') }, users: { ann: { password: 'secret' } } })
 * await server.listen(4450)
 * ```
 * @packageDocumentation
 */
export type { Identity } from '#auth/mechanism.js';
export { SmbError, StatusError, UsageError } from '#wire/erref/errors.js';
export type { LockDetails, OpenDetails, ServerDetails, SessionDetails, TreeDetails } from './details.js';
export type { Limits } from './limits.js';
export type { DialectName, ServerOptions, UserOptions } from './options.js';
export { type Address, createServer, SmbServer } from './server.js';
export { type Right, Share, type ShareOptions, ShareTable } from './state/share.js';
export type { ServerStatus } from './status.js';
// auth/mechanism.d.ts
import type { ChallengeFacts } from './challenge-facts.js';
/** A value, or a promise of one. */
export type Eventually<T> = T | Promise<T>;
/** Source of random bytes; injected so that a handshake can be replayed. */
export type Random = (length: number) => Uint8Array;
/** The current time as FILETIME. */
export type Now = () => bigint;
/** Who logged on. */
export interface Identity {
    readonly account: string;
    readonly domain: string;
    readonly kind: 'user' | 'guest' | 'anonymous';
    /** 16 bytes; empty for guests and anonymous users. */
    readonly sessionKey: Uint8Array;
    /** The client machine's name, as claimed by the client. */
    readonly workstation: string;
    /** When the credentials expire, in milliseconds since 1970; absent if never, as with NTLM. */
    readonly expiresAt?: number;
}
export type StepResult = {
    readonly token: Uint8Array;
    readonly done: false;
} | {
    readonly token: Uint8Array;
    readonly done: true;
    readonly identity: Identity;
};
/** The server side of one logon. Fails with StatusError or Malformed, after which it must not be used again. */
export interface ServerMechanism {
    step(token: Uint8Array): Eventually<StepResult>;
}
/** The client side of one logon. */
export interface ClientMechanism {
    /** Takes the server's token (none the first time) and returns the token to send, which may be empty at the end. */
    step(token: Uint8Array | undefined): Uint8Array;
    /** 16 bytes once the credentials have been sent; empty for anonymous logons. */
    readonly sessionKey: Uint8Array;
    /** Nothing more is expected from the server. */
    readonly done: boolean;
    readonly anonymous: boolean;
    /** What the server disclosed about itself; undefined until its challenge. */
    readonly server: ChallengeFacts | undefined;
}
/** Continues with a value or, once resolved, with that of a promise. */
export declare function andThen<T, R>(value: Eventually<T>, next: (value: T) => Eventually<R>): Eventually<R>;
// wire/erref/errors.d.ts
import type { Wire } from '../io/layout.js';
/** Base class of all errors of this package. `code` is stable; messages are for humans and may change. */
export declare class SmbError extends Error {
    readonly code: string;
    /** Explanation or advice, if there is any; the message ends with it. */
    readonly hint: string | undefined;
    constructor(code: string, message: string, options?: ErrorOptions & {
        hint?: string;
    });
}
/** Context of a status. */
export interface StatusDetails {
    readonly command?: string | undefined;
    readonly path?: string | undefined;
    readonly dest?: string | undefined;
    readonly hint?: string | undefined;
    readonly data?: Wire | undefined;
}
/** A refusal, by a peer or by us: an NT status with the command and path concerned. */
export declare class StatusError extends SmbError {
    /** 32-bit NT status ([MS-ERREF] 2.3). */
    readonly status: number;
    readonly command: string | undefined;
    /** With slashes as separators, whatever the wire form. */
    readonly path: string | undefined;
    /** The second path, for operations on two. */
    readonly dest: string | undefined;
    /** Error data from the peer, such as the target of a link or the new location of a share. */
    readonly data: Wire | undefined;
    constructor(status: number, where?: StatusDetails);
    /** The status by its name, `STATUS_ACCESS_DENIED`. */
    get statusName(): string;
}
/** The caller made a mistake: invalid option, closed handle, bad URL. */
export declare class UsageError extends SmbError {
    constructor(message: string, { code, ...options }?: ErrorOptions & {
        code?: string;
    });
}
/** The connection was lost or could not be made: socket error, time-out, protocol violation. */
export declare class ConnectionLost extends SmbError {
    /** Whether a retry may help. */
    readonly retryable: boolean;
    constructor(message: string, options?: ErrorOptions & {
        retryable?: boolean;
        code?: string;
        hint?: string;
    });
}
/** The status to send to a peer for an error; unexpected ones become an internal error. */
export declare function statusOf(error: unknown): number;
// server/details.d.ts
import type { ServerCore } from './core.js';
import type { ServerStatus } from './status.js';
/** A logged-on session. */
export interface SessionDetails {
    readonly id: string;
    readonly account: string;
    readonly kind: string;
    readonly workstation: string;
    /** The client's address and port. */
    readonly client: string;
    readonly since: Date;
    readonly trees: number;
    readonly opens: number;
}
/** A session's tree connect to a share. */
export interface TreeDetails {
    readonly session: string;
    readonly share: string;
    readonly opens: number;
}
/** An open file or directory. */
export interface OpenDetails {
    readonly session: string;
    readonly share: string;
    /** Path from the share's root, with slashes; for a named stream `file:stream`. */
    readonly path: string;
    readonly directory: boolean;
    /** Granted access, as a subset of `r`, `w`, `d`. */
    readonly access: string;
    /** Share mode, likewise. */
    readonly sharing: string;
    /** What the client may cache, as a subset of `r`, `w`, `h`, and whether by a lease or an oplock. */
    readonly caching: string;
    readonly lease: boolean;
    readonly durable: boolean;
}
/** A byte-range lock. 64-bit numbers are given as text. */
export interface LockDetails {
    readonly path: string;
    readonly offset: string;
    readonly length: string;
    readonly exclusive: boolean;
}
/** Everything a server currently holds, item by item. */
export interface ServerDetails {
    readonly counts: ServerStatus;
    readonly sessions: readonly SessionDetails[];
    readonly trees: readonly TreeDetails[];
    readonly opens: readonly OpenDetails[];
    readonly locks: readonly LockDetails[];
}
/** Takes one pass over everything; changes made during the pass may or may not show. */
export declare function detailsOf(core: ServerCore, counts: ServerStatus): Promise<ServerDetails>;
// server/limits.d.ts
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
export declare const LARGEST_FILE = 17592185978880;
export declare const defaultLimits: Limits;
// server/options.d.ts
import type { AccountStore } from '#auth/account-store.js';
import type { Coordinator } from '#coord/coordinator.js';
import type { Clock, Random } from '#engine/transport.js';
import type { Backend } from '#fs/backend.js';
import type { StateStore } from '#fs/state-store.js';
import type { UnixNames } from '#fs/unix-names.js';
import type { Limits } from './limits.js';
import type { ShareOptions } from './state/share.js';
/** A dialect by its usual name. */
export type DialectName = 'NT1' | '2.0.2' | '2.1' | '3.0' | '3.0.2' | '3.1.1';
/** NT LM 0.12, as a number below all SMB2 dialects. */
export declare const NT1 = 256;
/** The revision number of a dialect's name; UsageError for an unknown one. */
export declare function dialectRevision(name: string): number;
export interface UserOptions {
    readonly password?: string;
    /** MD4 of the password in UTF-16LE: 32 hex digits or 16 bytes. */
    readonly ntHash?: string | Uint8Array;
    /** The user's SID, if it is not to be derived from the name. */
    readonly sid?: string;
    /** The user's groups, by SID or name, for security descriptors that refer to them. */
    readonly groups?: readonly string[];
}
export interface ServerOptions {
    readonly shares?: Readonly<Record<string, ShareOptions | Backend>>;
    /** Users by account name, or a custom account store. */
    readonly users?: Readonly<Record<string, UserOptions>> | AccountStore;
    /**
     * Members of BUILTIN\Administrators: they may take ownership of files, give them to others, read and set audit rules,
     * and read and write everything opened with backup intent. Share permissions still apply.
     */
    readonly administrators?: readonly string[];
    /** Oldest and newest dialect to speak; 2.0.2 to 3.1.1 when absent. */
    readonly dialects?: {
        readonly min?: DialectName;
        readonly max?: DialectName;
    };
    /** Whether signing is required; `required` when absent. */
    readonly signing?: 'enabled' | 'required';
    /** Whether encryption is offered or required; `enabled` when absent. */
    readonly encryption?: 'off' | 'enabled' | 'required';
    /** Unknown users log on as guests. Each share still decides what guests may do. */
    readonly guest?: boolean;
    /** Allows anonymous sessions; they only see shares that serve guests. */
    readonly anonymous?: boolean;
    /** The server's name, at most 15 characters; SOMBRERO when absent. */
    readonly name?: string;
    readonly domain?: string;
    /** The machine's SID, `S-1-5-21-…`; derived from the name when absent. Account SIDs are formed from it. */
    readonly machineSid?: string;
    /**
     * Names of Unix users and groups, for owners without an account; `unixNames()` of `sombrero/fs` has the local ones.
     */
    readonly unixNames?: UnixNames;
    /** SMB1 settings; they only apply when `dialects` allows SMB1. */
    readonly smb1?: {
        /** `share`: a password per share instead of a logon. */
        readonly security?: 'user' | 'share';
        /** Accepts NTLMv1 and LM responses, as sent by old devices and curl. */
        readonly ntlmv1?: boolean;
        /** Offers SPNEGO; `false` makes every client use plain challenge/response. */
        readonly extendedSecurity?: boolean;
    };
    /** RFC 1002 session service; `strict` refuses sessions to called names other than ours. */
    readonly netbios?: {
        readonly strict?: boolean;
    };
    /**
     * Delay in milliseconds before a write shows in a file's write time, as in old Windows versions; later writes through
     * the same handle show when it is closed. With 0, as in Windows 10 and later, each write shows at once.
     */
    readonly writeTimeDelayMs?: number;
    readonly limits?: Partial<Limits>;
    /** Where persistent opens of `continuouslyAvailable` shares are stored: `stateDirectory()` of `sombrero/fs`. */
    readonly stateStore?: StateStore;
    /** State shared with other servers of the same shares; in-memory when absent. */
    readonly coordinator?: Coordinator;
    /** For tests: serves the private control codes used by Samba's test suite. */
    readonly torture?: boolean;
    /** For tests: the clock. */
    readonly clock?: Clock;
    /** For tests: the source of random bytes. */
    readonly random?: Random;
}
// server/server.d.ts
import { MemoryAccounts } from '#auth/account-store.js';
import type { Framing } from '#engine/framing.js';
import type { Transport } from '#engine/transport.js';
import { type ServerDetails } from './details.js';
import { type ServerOptions } from './options.js';
import { ShareTable } from './state/share.js';
import { type ServerStatus } from './status.js';
/** An address the server listens on. */
export interface Address {
    readonly host: string;
    readonly port: number;
}
/** A file server. Serves from `listen` until `close`; shares and users may be changed in between. */
export declare class SmbServer {
    #private;
    readonly shares: ShareTable;
    constructor(options?: ServerOptions);
    /** The server's own user list; UsageError when `users` was a custom store. */
    get users(): MemoryAccounts;
    /**
     * Listens on TCP; with `port` 0 the system chooses one. `netbios`: uses the RFC 1002 session service, as on port 139.
     * May be called several times.
     */
    listen(port?: number, host?: string, options?: {
        readonly netbios?: boolean;
    }): Promise<Address>;
    /**
     * Restores persistent opens that an earlier run left in the state store; their shares must have been added by then.
     * `listen` calls it.
     */
    ready(): Promise<void>;
    /** Serves a connection not made through `listen`. With a state store, call `ready` first. */
    accept(transport: Transport, framing?: Framing): void;
    /** The address of the first `listen`; undefined before. */
    address(): Address | undefined;
    /** Sessions of all connections, for status pages. */
    get sessions(): readonly {
        readonly id: bigint;
        readonly account: string;
        readonly workstation: string;
    }[];
    /** Number of connections, and of those without a logon. */
    get connections(): {
        readonly all: number;
        readonly unauthenticated: number;
    };
    /** Counts of what the server holds now, for status pages and leak checks. */
    status(): Promise<ServerStatus>;
    /** What the server holds now, item by item: sessions, opens, locks and caching. */
    details(): Promise<ServerDetails>;
    /**
     * Stops listening, ends all connections and resolves when everything that was open has been closed. With `drainMs`,
     * pending requests are answered first; slower ones are cut off.
     */
    close({ drainMs }?: {
        readonly drainMs?: number;
    }): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
}
/** Creates a server; it serves nothing until `listen`. */
export declare function createServer(options?: ServerOptions): SmbServer;
// server/state/share.d.ts
import type { Identity } from '#auth/mechanism.js';
import { type Backend, type NodeInfo } from '#fs/backend.js';
import type { Streams } from '#fs/capabilities.js';
import { type ResolvedPath } from '#fs/case-fold.js';
/** Access level on a share. */
export type Right = 'none' | 'read' | 'write';
export interface ShareOptions {
    readonly backend: Backend;
    readonly comment?: string;
    /** Nobody may write, whatever the other options say. */
    readonly readOnly?: boolean;
    /**
     * Access by account name (case-insensitive), with `'*'` for every other logged-on user; or a function. Guests and
     * anonymous sessions get what `guests` says. Without `users`, every logged-on user may write.
     */
    readonly users?: Readonly<Record<string, Right>> | ((identity: Identity) => Right);
    /** Access of guests and anonymous sessions; `none` when absent. */
    readonly guests?: Right;
    /** Requires encryption (SMB 3 and later). */
    readonly encryption?: 'required';
    /** The share's password under share-level security (SMB1). When absent, no password is required. */
    readonly password?: string;
    /** Listings show only what the user can read. */
    readonly hideUnreadable?: boolean;
    /** Listings show only directories, and files that the user can write. */
    readonly hideUnwritable?: boolean;
    /**
     * As on Windows, an ACL that is set counts as automatically inherited only if the request asks for it
     * (AUTO_INHERIT_REQ). With false, AUTO_INHERITED is stored as sent.
     */
    readonly canonicalAcls?: boolean;
    /**
     * Persistent handles survive the server: after a crash it restores them with everything they hold, for their clients
     * to reclaim. Needs `ServerOptions.stateStore` and a back end that survives the server, too. Writes through such
     * handles wait until the data is on stable storage.
     */
    readonly continuouslyAvailable?: boolean;
    /** Not shown in share lists. */
    readonly hidden?: boolean;
    /** With `false`, clients see no named streams, whatever the back end supports. */
    readonly streams?: boolean;
    /** Names are case-sensitive, and there are no 8.3 names. */
    readonly caseSensitive?: boolean;
    /** Names that begin with a dot get the HIDDEN attribute. */
    readonly hideDotFiles?: boolean;
    /** Names matching one of these patterns get it, too; wildcards are `*` and `?`, as in file names. */
    readonly hideFiles?: readonly string[];
    /** Read-only files may be deleted. */
    readonly deleteReadOnly?: boolean;
}
/** Current settings of a share. When `ShareTable.set` replaces it, every tree connect to it switches to the new one. */
export declare class Share {
    #private;
    readonly name: string;
    readonly options: ShareOptions;
    constructor(name: string, options: ShareOptions);
    get backend(): Backend;
    /** The named streams of its files, if the share serves them; also for snapshots. */
    streamsOf(backend?: Backend): Streams<unknown> | undefined;
    /** Resolves path components by the share's rules for comparing names. */
    resolve(backend: Backend, components: readonly string[], exactIsMissing?: boolean): Promise<ResolvedPath>;
    /** Whether a name is shown as hidden; back ends may hide dot files, too. */
    hides(name: string): boolean;
    /** A node as clients of the share see it: hidden if its name is one of the hidden ones. */
    shown(name: string, info: NodeInfo): NodeInfo;
    /** False if a function decides, as its answer may change. */
    get isConstant(): boolean;
    /** The current access level of an identity. */
    rightOf(identity: Identity): Right;
}
/** Whether a name is valid for a share. */
export declare function isShareName(name: string): boolean;
/** The shares of a server; may be changed at run time. Names are case-insensitive. */
export declare class ShareTable {
    #private;
    /** `persists`: the server has a state store for persistent opens. */
    constructor(persists?: boolean);
    /** Adds or replaces a share. Opens that are no longer permitted fail with the proper status on their next use. */
    set(name: string, options: ShareOptions | Backend): Share;
    get(name: string): Share | undefined;
    /** Removes a share; its opens fail with NETWORK_NAME_DELETED on their next use. */
    delete(name: string): boolean;
    list(): Share[];
}
// server/status.d.ts
import type { Coordinator } from '#coord/coordinator.js';
import type { Protocol } from './protocol.js';
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
export declare function statusOf(connections: number, unauthenticatedConnections: number, protocols: Iterable<Protocol>, registered: number, coordinator: Coordinator): Promise<ServerStatus>;
