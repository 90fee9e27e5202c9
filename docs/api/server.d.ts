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
/** At once, or later. */
export type Eventually<T> = T | Promise<T>;
/** Random bytes; injected, so that a handshake can be played again. */
export type Random = (length: number) => Uint8Array;
/** The time as FILETIME. */
export type Now = () => bigint;
/** Who logged on. */
export interface Identity {
    readonly account: string;
    readonly domain: string;
    readonly kind: 'user' | 'guest' | 'anonymous';
    /** 16 bytes; empty for those who proved nothing. */
    readonly sessionKey: Uint8Array;
    /** The client machine's name as it says. */
    readonly workstation: string;
    /** Milliseconds since 1970 at which the proof expires; absent where it never does, as with NTLM. */
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
/** The server's side of one logon. Failing is a StatusError or Malformed; after that it is of no use any more. */
export interface ServerMechanism {
    step(token: Uint8Array): Eventually<StepResult>;
}
/** The client's side of one logon. */
export interface ClientMechanism {
    /** Takes what the server sent (nothing the first time) and returns what to send, which may be empty at the end. */
    step(token: Uint8Array | undefined): Uint8Array;
    /** 16 bytes once the credentials were sent; empty for anonymous. */
    readonly sessionKey: Uint8Array;
    /** Nothing more is expected from the server. */
    readonly done: boolean;
    readonly anonymous: boolean;
    /** What the server told of itself; undefined before. */
    readonly server: ChallengeFacts | undefined;
}
/** Goes on with a value that may not be there yet. */
export declare function andThen<T, R>(value: Eventually<T>, next: (value: T) => Eventually<R>): Eventually<R>;
// wire/erref/errors.d.ts
import type { Wire } from '../io/layout.js';
/** Base of all errors of this package. `code` is stable; messages are for people. */
export declare class SmbError extends Error {
    readonly code: string;
    /** What it means or what may help, where that is known; the message ends in it. */
    readonly hint: string | undefined;
    constructor(code: string, message: string, options?: ErrorOptions & {
        hint?: string;
    });
}
/** What a status was about. */
export interface StatusDetails {
    readonly command?: string | undefined;
    readonly path?: string | undefined;
    readonly dest?: string | undefined;
    readonly hint?: string | undefined;
    readonly data?: Wire | undefined;
}
/** A peer refused, or we refuse: an NT status with the command and path it was about. */
export declare class StatusError extends SmbError {
    /** 32-bit NT status ([MS-ERREF] 2.3). */
    readonly status: number;
    readonly command: string | undefined;
    /** With slashes between the names, whichever way it travelled. */
    readonly path: string | undefined;
    /** The other path, where it was about two. */
    readonly dest: string | undefined;
    /** What the peer sent along: where a link leads, where a share went. */
    readonly data: Wire | undefined;
    constructor(status: number, where?: StatusDetails);
    /** The status by its name, `STATUS_ACCESS_DENIED`. */
    get statusName(): string;
}
/** The caller asked for something that makes no sense: wrong option, closed handle, bad URL. */
export declare class UsageError extends SmbError {
    constructor(message: string, { code, ...options }?: ErrorOptions & {
        code?: string;
    });
}
/** The connection is gone or did not come about: socket error, time-out, violation of the protocol. */
export declare class ConnectionLost extends SmbError {
    /** Whether trying again may help. */
    readonly retryable: boolean;
    constructor(message: string, options?: ErrorOptions & {
        retryable?: boolean;
        code?: string;
        hint?: string;
    });
}
/** The status that an error means to a peer; anything we did not expect is an internal error. */
export declare function statusOf(error: unknown): number;
// server/details.d.ts
import type { ServerCore } from './core.js';
import type { ServerStatus } from './status.js';
/** Who is logged on. */
export interface SessionDetails {
    readonly id: string;
    readonly account: string;
    readonly kind: string;
    readonly workstation: string;
    /** Address and port of the client. */
    readonly client: string;
    readonly since: Date;
    readonly trees: number;
    readonly opens: number;
}
/** A session's connection to a share. */
export interface TreeDetails {
    readonly session: string;
    readonly share: string;
    readonly opens: number;
}
/** A file or directory that somebody has open. */
export interface OpenDetails {
    readonly session: string;
    readonly share: string;
    /** From the share's root, with slashes; of a named stream as `file:stream`. */
    readonly path: string;
    readonly directory: boolean;
    /** What it was opened for, of `r`, `w`, `d`. */
    readonly access: string;
    /** What others may do with it, likewise. */
    readonly sharing: string;
    /** What the client may keep of it, of `r`, `w`, `h`; whether that is a lease or an oplock. */
    readonly caching: string;
    readonly lease: boolean;
    readonly durable: boolean;
}
/** A byte-range lock. 64-bit numbers are text. */
export interface LockDetails {
    readonly path: string;
    readonly offset: string;
    readonly length: string;
    readonly exclusive: boolean;
}
/** What a server holds now, one by one. */
export interface ServerDetails {
    readonly counts: ServerStatus;
    readonly sessions: readonly SessionDetails[];
    readonly trees: readonly TreeDetails[];
    readonly opens: readonly OpenDetails[];
    readonly locks: readonly LockDetails[];
}
/** Looks at everything once; what changes meanwhile may be told as it was. */
export declare function detailsOf(core: ServerCore, counts: ServerStatus): Promise<ServerDetails>;
// server/limits.d.ts
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
/** A dialect as people call it. */
export type DialectName = 'NT1' | '2.0.2' | '2.1' | '3.0' | '3.0.2' | '3.1.1';
/** NT LM 0.12 as a number below all SMB2 dialects. */
export declare const NT1 = 256;
/** The revision number of a dialect's name; UsageError for an unknown one. */
export declare function dialectRevision(name: string): number;
export interface UserOptions {
    readonly password?: string;
    /** MD4 of the password in UTF-16LE: 32 hex digits or 16 bytes. */
    readonly ntHash?: string | Uint8Array;
    /** The user's SID, where it must be another one than follows from the name. */
    readonly sid?: string;
    /** Groups that the user is in, by SID or name, for descriptors that speak of them. */
    readonly groups?: readonly string[];
}
export interface ServerOptions {
    readonly shares?: Readonly<Record<string, ShareOptions | Backend>>;
    /** By account name; or a store of one's own. */
    readonly users?: Readonly<Record<string, UserOptions>> | AccountStore;
    /**
     * Accounts that are in BUILTIN\Administrators: they may take files over, give them to others, read and set audit
     * rules, and read and write everything that they open for backup. Rights on shares bind them all the same.
     */
    readonly administrators?: readonly string[];
    /** Oldest and newest dialect to speak; 2.0.2 to 3.1.1 when absent. */
    readonly dialects?: {
        readonly min?: DialectName;
        readonly max?: DialectName;
    };
    /** Whether unsigned sessions are refused; `required` when absent. */
    readonly signing?: 'enabled' | 'required';
    /** Whether encryption is offered or demanded; `enabled` when absent. */
    readonly encryption?: 'off' | 'enabled' | 'required';
    /** Unknown users become guests. Shares still decide what guests may do. */
    readonly guest?: boolean;
    /** Sessions without a user are let in: they see no share unless it serves guests. */
    readonly anonymous?: boolean;
    /** The server's own name, at most 15 characters; SOMBRERO when absent. */
    readonly name?: string;
    readonly domain?: string;
    /** The machine's SID, `S-1-5-21-…`; it follows from the name when absent. Accounts are numbered below it. */
    readonly machineSid?: string;
    /** Names of Unix users and groups, for owners that are no accounts; `unixNames()` of `sombrero/fs` has those of this machine. */
    readonly unixNames?: UnixNames;
    /** SMB1 only matters when `dialects` lets it in. */
    readonly smb1?: {
        /** `share`: a password per share instead of a logon. */
        readonly security?: 'user' | 'share';
        /** Accepts NTLMv1 and LM responses, as old devices and curl send them. */
        readonly ntlmv1?: boolean;
        /** Offers SPNEGO; `false` makes every client use the plain challenge and response. */
        readonly extendedSecurity?: boolean;
    };
    /** RFC 1002 session service: `strict` refuses sessions to other called names than ours. */
    readonly netbios?: {
        readonly strict?: boolean;
    };
    /**
     * Milliseconds until a write shows in a file's write time, as old Windows does: later ones through the same handle show
     * when it is closed. 0, as Windows does since version 10: each write shows at once.
     */
    readonly writeTimeDelayMs?: number;
    readonly limits?: Partial<Limits>;
    /** Where persistent opens of shares that are `continuouslyAvailable` are kept: `stateDirectory()` of `sombrero/fs`. */
    readonly stateStore?: StateStore;
    /** State shared with other servers of the same shares; in memory when absent. */
    readonly coordinator?: Coordinator;
    /** For tests: serves the private control codes of Samba's test suite. */
    readonly torture?: boolean;
    /** For tests: the time. */
    readonly clock?: Clock;
    /** For tests: where random bytes come from. */
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
/** Where a server listens. */
export interface Address {
    readonly host: string;
    readonly port: number;
}
/** A file server. It serves from `listen` until `close`; shares and users may change meanwhile. */
export declare class SmbServer {
    #private;
    readonly shares: ShareTable;
    constructor(options?: ServerOptions);
    /** The users that the server keeps itself; UsageError when `users` was given as a store of one's own. */
    get users(): MemoryAccounts;
    /**
     * Listens on TCP; `port` 0 lets the system choose. `netbios`: with the session service of RFC 1002 in front, as on
     * port 139. May be called several times.
     */
    listen(port?: number, host?: string, options?: {
        readonly netbios?: boolean;
    }): Promise<Address>;
    /**
     * Takes up persistent opens that a former run has left in the state store; their shares have to be there by now.
     * `listen` does it by itself.
     */
    ready(): Promise<void>;
    /** Serves a connection that came by other means than `listen`. With a state store, `ready` comes first. */
    accept(transport: Transport, framing?: Framing): void;
    /** Where the first `listen` listens; undefined before. */
    address(): Address | undefined;
    /** Sessions of all connections, for status pages. */
    get sessions(): readonly {
        readonly id: bigint;
        readonly account: string;
        readonly workstation: string;
    }[];
    /** Number of connections, and of those that nobody has logged on over. */
    get connections(): {
        readonly all: number;
        readonly unauthenticated: number;
    };
    /** What the server holds now, counted: for status pages, and to see that nothing was left behind. */
    status(): Promise<ServerStatus>;
    /** What the server holds now, one by one: who is logged on, what is open, locked and cached. */
    details(): Promise<ServerDetails>;
    /**
     * Stops listening, ends all connections and returns when everything that was open has been closed. With `drainMs`,
     * requests that are under way are answered first; those that take longer are cut off.
     */
    close({ drainMs }?: {
        readonly drainMs?: number;
    }): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
}
/** Makes a server; it serves nothing before `listen`. */
export declare function createServer(options?: ServerOptions): SmbServer;
// server/state/share.d.ts
import type { Identity } from '#auth/mechanism.js';
import { type Backend, type NodeInfo } from '#fs/backend.js';
import type { Streams } from '#fs/capabilities.js';
import { type ResolvedPath } from '#fs/case-fold.js';
/** What somebody may do on a share. */
export type Right = 'none' | 'read' | 'write';
export interface ShareOptions {
    readonly backend: Backend;
    readonly comment?: string;
    /** Nobody writes, whatever else is said. */
    readonly readOnly?: boolean;
    /**
     * Who may do what: by account name (any case) with `'*'` for every other logged-on user, or as a function. Guests
     * and anonymous sessions get what `guests` says. Without `users` every logged-on user may write.
     */
    readonly users?: Readonly<Record<string, Right>> | ((identity: Identity) => Right);
    /** What guests and anonymous sessions may do; `none` when absent. */
    readonly guests?: Right;
    /** Only encrypted requests are served (SMB 3 and up). */
    readonly encryption?: 'required';
    /** Password of the share under share-level security (SMB1). Absent: no password is asked for. */
    readonly password?: string;
    /** Directories show only what the user can read. */
    readonly hideUnreadable?: boolean;
    /** Directories show only the files that the user can write, and directories. */
    readonly hideUnwritable?: boolean;
    /**
     * Of ACLs that are set, only those that ask for inheritance count as inherited automatically, as on Windows. False
     * believes whoever says so.
     */
    readonly canonicalAcls?: boolean;
    /**
     * Opens that clients want persistent outlast the server: after a crash it takes them up again, with all that they hold,
     * for their owners to come back to. Needs `ServerOptions.stateStore`, and a back end that outlasts the server, too.
     * Writing through such opens waits until the medium has the data.
     */
    readonly continuouslyAvailable?: boolean;
    /** Left out of share lists. */
    readonly hidden?: boolean;
    /** `false`: files have no named streams for clients, whatever the back end has. */
    readonly streams?: boolean;
    /** Names are matched exactly: another case is another name, and there are no 8.3 names. */
    readonly caseSensitive?: boolean;
    /** Names that begin with a dot have the attribute HIDDEN. */
    readonly hideDotFiles?: boolean;
    /** So have names that one of these patterns matches; `*` and `?` as in file names. */
    readonly hideFiles?: readonly string[];
    /** Read-only files may be deleted. */
    readonly deleteReadOnly?: boolean;
}
/** A share as it is now. Replacing it by `ShareTable.set` makes every tree connected to it look again. */
export declare class Share {
    #private;
    readonly name: string;
    readonly options: ShareOptions;
    constructor(name: string, options: ShareOptions);
    get backend(): Backend;
    /** The named streams of its files, where they are served; of a former state of it, too. */
    streamsOf(backend?: Backend): Streams<unknown> | undefined;
    /** Finds what components name, as names are compared on this share. */
    resolve(backend: Backend, components: readonly string[], exactIsMissing?: boolean): Promise<ResolvedPath>;
    /** Whether a name hides what has it; one that begins with a dot may be hidden by the back end, too. */
    hides(name: string): boolean;
    /** A node as clients of the share see it: hidden if its name is one of those that are. */
    shown(name: string, info: NodeInfo): NodeInfo;
    /** False when a function decides, which may answer otherwise each time. */
    get isConstant(): boolean;
    /** What an identity may do here now. */
    rightOf(identity: Identity): Right;
}
/** Whether a share could be called so. */
export declare function isShareName(name: string): boolean;
/** The shares of a server; may be changed while it runs. Names are compared without case. */
export declare class ShareTable {
    #private;
    /** `persists`: the server has where to keep persistent opens. */
    constructor(persists?: boolean);
    /** Adds a share or replaces it. Opens whose share lost its rights get the right status on their next use. */
    set(name: string, options: ShareOptions | Backend): Share;
    get(name: string): Share | undefined;
    /** Takes a share away; what is open on it gets NETWORK_NAME_DELETED on its next use. */
    delete(name: string): boolean;
    list(): Share[];
}
// server/status.d.ts
import type { Coordinator } from '#coord/coordinator.js';
import type { Protocol } from './protocol.js';
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
export declare function statusOf(connections: number, unauthenticatedConnections: number, protocols: Iterable<Protocol>, registered: number, coordinator: Coordinator): Promise<ServerStatus>;
