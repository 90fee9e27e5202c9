// auth/index.d.ts
export { type Account, type AccountEntry, type AccountStore, type Credential, MemoryAccounts, memoryAccounts, } from './account-store.js';
export { FileAccounts, fileAccounts } from './file-accounts.js';
export type { LogonPolicy } from './logon.js';
export type { ClientMechanism, Eventually, Identity, Now, Random, ServerMechanism, StepResult, } from './mechanism.js';
export { type ClientCredentials, NtlmClient, type NtlmClientOptions } from './ntlm-client.js';
export { ntHash } from './ntlm-hashes.js';
export { NtlmServer, type NtlmServerOptions, type ServerNames } from './ntlm-server.js';
export { SpnegoClient } from './spnego-client.js';
export { SpnegoServer, serverHint } from './spnego-server.js';
// auth/account-store.d.ts
import type { Eventually } from './mechanism.js';
/** What a server knows about a user. */
export interface Account {
    readonly name: string;
    /** MD4 of the password; password-equivalent, so keep it secret. */
    readonly ntHash: Uint8Array;
    /** Only for LM responses, which are off by default. */
    readonly lmHash?: Uint8Array | undefined;
    readonly sid?: string | undefined;
    /** The user's groups, by SID or by name: `S-1-5-21-…`, `BUILTIN\Backup Operators`, `Unix Group\staff`. */
    readonly groups?: readonly string[] | undefined;
    readonly disabled?: boolean | undefined;
}
/** The public part of an account. */
export type AccountEntry = Pick<Account, 'name' | 'sid' | 'disabled'>;
/** Where accounts are looked up. Names are case-insensitive. */
export interface AccountStore {
    find(account: string): Eventually<Account | undefined>;
    /** All accounts, without their secrets. If absent, the server lists no accounts to clients. */
    list?(): Eventually<readonly AccountEntry[]>;
}
/** An account without its secrets. */
export declare function entryOf({ name, sid, disabled }: Account): AccountEntry;
/** A secret as configured: the password, or its NT hash as bytes or 32 hex digits. */
export type Credential = ({
    readonly password: string;
} | {
    readonly ntHash: Uint8Array | string;
}) & {
    readonly sid?: string;
    readonly groups?: readonly string[];
    readonly disabled?: boolean;
};
/** Makes an account from a name and a credential. */
export declare function accountOf(name: string, credential: Credential): Account;
/** The 16 bytes of a hash given as bytes or hex digits. */
export declare function hashBytes(hash: Uint8Array | string): Uint8Array;
/** Accounts in memory, which may be changed while in use. */
export declare class MemoryAccounts implements AccountStore {
    #private;
    find(account: string): Account | undefined;
    set(name: string, credential: Credential): void;
    remove(name: string): boolean;
    list(): AccountEntry[];
    get names(): string[];
}
/** `memoryAccounts({ ann: { password: '…' }, bob: { ntHash: '…' } })`. */
export declare function memoryAccounts(users?: Readonly<Record<string, Credential>>): MemoryAccounts;
// auth/file-accounts.d.ts
import { type Account, type AccountEntry, type AccountStore, type Credential } from './account-store.js';
/**
 * Accounts in a text file, reread whenever it has changed. NT hashes are password-equivalent, so the file is written
 * with access for its owner only.
 */
export declare class FileAccounts implements AccountStore {
    #private;
    constructor(path: string);
    find(account: string): Promise<Account | undefined>;
    list(): Promise<AccountEntry[]>;
    names(): Promise<string[]>;
    /** Adds an account or gives it a new secret. */
    set(name: string, credential: Credential): Promise<void>;
    remove(name: string): Promise<void>;
}
/** Accounts in the file `path`; see `FileAccounts`. */
export declare function fileAccounts(path: string): FileAccounts;
// auth/logon.d.ts
import type { AccountStore } from './account-store.js';
import { type Eventually, type Identity } from './mechanism.js';
import { type Attempt, type Proof } from './responses.js';
/** Which logons a server accepts. */
export interface LogonPolicy {
    /** Accept NTLMv1, LM and NTLM2 session responses. They can be cracked, so use them for old devices only. */
    readonly ntlmv1: boolean;
    /** Accept logons without a user name. */
    readonly anonymous: boolean;
    /** Unknown users become guests. A known user's wrong password is still wrong. */
    readonly guest: boolean;
}
export interface Logon {
    readonly identity: Identity;
    /** Undefined for guests and anonymous users. */
    readonly proof: Proof | undefined;
}
/** Accepts or rejects an attempt. The identity's key is the KeyExchangeKey. */
export declare function logOn(attempt: Attempt, store: AccountStore, policy: LogonPolicy): Eventually<Logon>;
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
// auth/ntlm-client.d.ts
import { type ChallengeFacts } from './challenge-facts.js';
import type { ClientMechanism, Now, Random } from './mechanism.js';
import { NtlmSigner } from './ntlm-signer.js';
/** Who logs on. An empty account name means anonymous. */
export interface ClientCredentials {
    readonly account: string;
    readonly domain: string;
    /** The password, or its NT hash instead. */
    readonly password: string | {
        readonly ntHash: Uint8Array | string;
    };
}
export interface NtlmClientOptions extends ClientCredentials {
    /** The name of this machine. */
    readonly workstation: string;
    /** The service's name, `cifs/HOST`. */
    readonly targetName: string;
    /** Answer with NTLMv1, for servers that support nothing else. */
    readonly ntlmv1: boolean;
    readonly random: Random;
    readonly now: Now;
}
/** The NT hash of a password, or the one given instead. */
export declare function secretHash(password: ClientCredentials['password']): Uint8Array;
/** The client side of NTLM ([MS-NLMP] 3.1.5). */
export declare class NtlmClient implements ClientMechanism {
    #private;
    readonly anonymous: boolean;
    sessionKey: Uint8Array;
    done: boolean;
    server: ChallengeFacts | undefined;
    /** Signs SPNEGO's mechListMIC once the credentials have been sent; undefined if there is no key for that. */
    signer: NtlmSigner | undefined;
    constructor(options: NtlmClientOptions);
    step(token: Uint8Array | undefined): Uint8Array;
}
// auth/ntlm-hashes.d.ts
/** Upper case as NTLM does it: per UTF-16 unit, so that the length stays the same. */
export declare function upcase(text: string): string;
/** NTOWFv1 ([MS-NLMP] 3.3.1), the form in which accounts are stored. Password-equivalent: keep it secret. */
export declare function ntHash(password: string): Uint8Array;
/** LMOWFv1 ([MS-NLMP] 3.3.1); undefined for passwords that LM cannot express. */
export declare function lmHash(password: string): Uint8Array | undefined;
/** NTOWFv2 = LMOWFv2 ([MS-NLMP] 3.3.2). */
export declare function ntowfv2(hash: Uint8Array, account: string, domain: string): Uint8Array;
/** DESL ([MS-NLMP] 6): the 24-byte response of LM and NTLMv1. */
export declare function desl(hash: Uint8Array, challenge: Uint8Array): Uint8Array;
/** The challenge of an NTLM2 session response, which combines both sides' challenges. */
export declare function ntlm2Challenge(challenge: Uint8Array, clientChallenge: Uint8Array): Uint8Array;
// auth/ntlm-server.d.ts
import type { AccountStore } from './account-store.js';
import { type LogonPolicy } from './logon.js';
import { type Eventually, type Now, type Random, type ServerMechanism, type StepResult } from './mechanism.js';
import { NtlmSigner } from './ntlm-signer.js';
/** The names of a server. */
export interface ServerNames {
    /** At most 15 characters. */
    readonly netbiosName: string;
    /** The domain, or the computer's own name if it is in none. */
    readonly netbiosDomain: string;
    readonly dnsName: string;
    readonly dnsDomain: string;
}
export interface NtlmServerOptions {
    readonly names: ServerNames;
    readonly store: AccountStore;
    readonly policy: LogonPolicy;
    readonly random: Random;
    readonly now: Now;
}
/** The server side of NTLM ([MS-NLMP] 3.2.5). */
export declare class NtlmServer implements ServerMechanism {
    #private;
    /** Signs SPNEGO's mechListMIC after the logon; undefined without a key or extended session security. */
    signer: NtlmSigner | undefined;
    constructor(options: NtlmServerOptions);
    step(token: Uint8Array): Eventually<StepResult>;
}
// auth/spnego-client.d.ts
import type { ChallengeFacts } from './challenge-facts.js';
import type { ClientMechanism } from './mechanism.js';
import { type NtlmClientOptions } from './ntlm-client.js';
/** The client side of SPNEGO, offering NTLM. */
export declare class SpnegoClient implements ClientMechanism {
    #private;
    done: boolean;
    constructor(options: NtlmClientOptions);
    get sessionKey(): Uint8Array;
    get anonymous(): boolean;
    get server(): ChallengeFacts | undefined;
    /** The first token may be the server's hint from its NEGOTIATE response. */
    step(token: Uint8Array | undefined): Uint8Array;
}
// auth/spnego-server.d.ts
import { type Eventually, type ServerMechanism, type StepResult } from './mechanism.js';
import { type NtlmServerOptions } from './ntlm-server.js';
import type { NtlmSigner } from './ntlm-signer.js';
/** The token for NEGOTIATE responses: NegTokenInit2 listing our mechanisms ([MS-SPNG] 3.2.5.2). */
export declare function serverHint(): Uint8Array;
/** The server side of SPNEGO over NTLM; a client that sends bare NTLM gets bare NTLM back. */
export declare class SpnegoServer implements ServerMechanism {
    #private;
    constructor(options: NtlmServerOptions);
    /** Protects messages after the logon; undefined if there is no key. */
    get signer(): NtlmSigner | undefined;
    step(token: Uint8Array): Eventually<StepResult>;
}
