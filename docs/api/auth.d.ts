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
/** What a server knows of a user. */
export interface Account {
    readonly name: string;
    /** MD4 of the password: as good as the password itself. */
    readonly ntHash: Uint8Array;
    /** Only for LM responses, which are off by default. */
    readonly lmHash?: Uint8Array | undefined;
    readonly sid?: string | undefined;
    /** Groups that the user is in, by SID or by name: `S-1-5-21-…`, `BUILTIN\Backup Operators`, `Unix Group\staff`. */
    readonly groups?: readonly string[] | undefined;
    readonly disabled?: boolean | undefined;
}
/** What may be told of an account to others. */
export type AccountEntry = Pick<Account, 'name' | 'sid' | 'disabled'>;
/** Where accounts are looked up. Names do not differ by case. */
export interface AccountStore {
    find(account: string): Eventually<Account | undefined>;
    /** All of them, without their secrets. Without it the server has nobody to list for others. */
    list?(): Eventually<readonly AccountEntry[]>;
}
/** An account without its secrets. */
export declare function entryOf({ name, sid, disabled }: Account): AccountEntry;
/** A secret as people give it: the password, or its NT hash as bytes or 32 hex digits. */
export type Credential = ({
    readonly password: string;
} | {
    readonly ntHash: Uint8Array | string;
}) & {
    readonly sid?: string;
    readonly groups?: readonly string[];
    readonly disabled?: boolean;
};
/** An account of a name and a credential. */
export declare function accountOf(name: string, credential: Credential): Account;
/** 16 bytes of a hash given as bytes or hex digits. */
export declare function hashBytes(hash: Uint8Array | string): Uint8Array;
/** Accounts in memory, which may change while they are in use. */
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
 * Accounts in a text file, looked at again whenever it has changed. NT hashes are as good as passwords: the file is
 * written for its owner alone.
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
/** Whom a server lets in. */
export interface LogonPolicy {
    /** NTLMv1, LM and NTLM2 session responses count. They can be broken; for old devices only. */
    readonly ntlmv1: boolean;
    /** Those who give no name at all. */
    readonly anonymous: boolean;
    /** Unknown users become guests. A known user's wrong password is still wrong. */
    readonly guest: boolean;
}
export interface Logon {
    readonly identity: Identity;
    /** Undefined for guests and anonymous. */
    readonly proof: Proof | undefined;
}
/** Decides about an attempt. The identity's key is the KeyExchangeKey. */
export declare function logOn(attempt: Attempt, store: AccountStore, policy: LogonPolicy): Eventually<Logon>;
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
// auth/ntlm-client.d.ts
import { type ChallengeFacts } from './challenge-facts.js';
import type { ClientMechanism, Now, Random } from './mechanism.js';
import { NtlmSigner } from './ntlm-signer.js';
/** Whose logon it is. An empty account is anonymous. */
export interface ClientCredentials {
    readonly account: string;
    readonly domain: string;
    /** The password, or instead of it its NT hash. */
    readonly password: string | {
        readonly ntHash: Uint8Array | string;
    };
}
export interface NtlmClientOptions extends ClientCredentials {
    /** Our name. */
    readonly workstation: string;
    /** The service's name, `cifs/HOST`. */
    readonly targetName: string;
    /** Answer with NTLMv1, for servers that know nothing else. */
    readonly ntlmv1: boolean;
    readonly random: Random;
    readonly now: Now;
}
/** The NT hash of a password or of what stands for it. */
export declare function secretHash(password: ClientCredentials['password']): Uint8Array;
/** The client's side of NTLM ([MS-NLMP] 3.1.5). */
export declare class NtlmClient implements ClientMechanism {
    #private;
    readonly anonymous: boolean;
    sessionKey: Uint8Array;
    done: boolean;
    server: ChallengeFacts | undefined;
    /** Signs SPNEGO's mechListMIC once the credentials were sent; undefined where that can't be. */
    signer: NtlmSigner | undefined;
    constructor(options: NtlmClientOptions);
    step(token: Uint8Array | undefined): Uint8Array;
}
// auth/ntlm-hashes.d.ts
/** Upper case as NTLM means it: unit by unit, so that the length stays. */
export declare function upcase(text: string): string;
/** NTOWFv1 ([MS-NLMP] 3.3.1): what accounts are kept as. As good as the password: keep it as secret. */
export declare function ntHash(password: string): Uint8Array;
/** LMOWFv1 ([MS-NLMP] 3.3.1); undefined for passwords that LM cannot express. */
export declare function lmHash(password: string): Uint8Array | undefined;
/** NTOWFv2 = LMOWFv2 ([MS-NLMP] 3.3.2). */
export declare function ntowfv2(hash: Uint8Array, account: string, domain: string): Uint8Array;
/** DESL ([MS-NLMP] 6): the 24-byte response of LM and NTLMv1. */
export declare function desl(hash: Uint8Array, challenge: Uint8Array): Uint8Array;
/** The challenge of an NTLM2 session response: both sides' in one. */
export declare function ntlm2Challenge(challenge: Uint8Array, clientChallenge: Uint8Array): Uint8Array;
// auth/ntlm-server.d.ts
import type { AccountStore } from './account-store.js';
import { type LogonPolicy } from './logon.js';
import { type Eventually, type Now, type Random, type ServerMechanism, type StepResult } from './mechanism.js';
import { NtlmSigner } from './ntlm-signer.js';
/** What a server calls itself. */
export interface ServerNames {
    /** At most 15 characters. */
    readonly netbiosName: string;
    /** The domain, or the computer's own name when it is in none. */
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
/** The server's side of NTLM ([MS-NLMP] 3.2.5). */
export declare class NtlmServer implements ServerMechanism {
    #private;
    /** Signs SPNEGO's mechListMIC after the logon; undefined if there is no key, or no extended session security. */
    signer: NtlmSigner | undefined;
    constructor(options: NtlmServerOptions);
    step(token: Uint8Array): Eventually<StepResult>;
}
// auth/spnego-client.d.ts
import type { ChallengeFacts } from './challenge-facts.js';
import type { ClientMechanism } from './mechanism.js';
import { type NtlmClientOptions } from './ntlm-client.js';
/** The client's side of SPNEGO, offering NTLM. */
export declare class SpnegoClient implements ClientMechanism {
    #private;
    done: boolean;
    constructor(options: NtlmClientOptions);
    get sessionKey(): Uint8Array;
    get anonymous(): boolean;
    get server(): ChallengeFacts | undefined;
    /** The first time, the server's hint from its NEGOTIATE response may be given. */
    step(token: Uint8Array | undefined): Uint8Array;
}
// auth/spnego-server.d.ts
import { type Eventually, type ServerMechanism, type StepResult } from './mechanism.js';
import { type NtlmServerOptions } from './ntlm-server.js';
import type { NtlmSigner } from './ntlm-signer.js';
/** The token for NEGOTIATE responses: NegTokenInit2 naming what we can do ([MS-SPNG] 3.2.5.2). */
export declare function serverHint(): Uint8Array;
/** The server's side of SPNEGO over NTLM; a client that speaks bare NTLM is answered in kind. */
export declare class SpnegoServer implements ServerMechanism {
    #private;
    constructor(options: NtlmServerOptions);
    /** Protects messages after the logon; undefined for those who have no key. */
    get signer(): NtlmSigner | undefined;
    step(token: Uint8Array): Eventually<StepResult>;
}
