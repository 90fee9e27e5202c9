import type { AccountStore } from '#auth/account-store.js';
import type { Coordinator } from '#coord/coordinator.js';
import type { Clock, Random } from '#engine/transport.js';
import type { Backend } from '#fs/backend.js';
import type { StateStore } from '#fs/state-store.js';
import type { UnixNames } from '#fs/unix-names.js';
import { UsageError } from '#wire/erref/errors.js';
import { Dialect } from '#wire/smb2/dialect.js';
import type { Limits } from './limits.js';
import type { ShareOptions } from './state/share.js';

/** A dialect as people call it. */
export type DialectName = 'NT1' | '2.0.2' | '2.1' | '3.0' | '3.0.2' | '3.1.1';

/** NT LM 0.12 as a number below all SMB2 dialects. */
export const NT1 = 0x0100;

const revisions: Readonly<Record<DialectName, number>> = {
  NT1,
  '2.0.2': Dialect.Smb202,
  '2.1': Dialect.Smb210,
  '3.0': Dialect.Smb300,
  '3.0.2': Dialect.Smb302,
  '3.1.1': Dialect.Smb311,
};

/** The revision number of a dialect's name; UsageError for an unknown one. */
export function dialectRevision(name: string): number {
  const revision = (revisions as Record<string, number>)[name];
  if (revision === undefined) {
    throw new UsageError(`"${name}" is no dialect; known are ${Object.keys(revisions).join(', ')}`);
  }
  return revision;
}

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
  readonly dialects?: { readonly min?: DialectName; readonly max?: DialectName };
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
  readonly netbios?: { readonly strict?: boolean };
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
