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

/** A dialect by its usual name. */
export type DialectName = 'NT1' | '2.0.2' | '2.1' | '3.0' | '3.0.2' | '3.1.1';

/** NT LM 0.12, as a number below all SMB2 dialects. */
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
  readonly dialects?: { readonly min?: DialectName; readonly max?: DialectName };
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
  readonly netbios?: { readonly strict?: boolean };
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
