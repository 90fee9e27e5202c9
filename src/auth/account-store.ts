import { UsageError } from '#wire/erref/errors.js';
import type { Eventually } from './mechanism.js';
import { lmHash, ntHash, upcase } from './ntlm-hashes.js';

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
export function entryOf({ name, sid, disabled }: Account): AccountEntry {
  return { name, sid, disabled };
}

/** A secret as configured: the password, or its NT hash as bytes or 32 hex digits. */
export type Credential = ({ readonly password: string } | { readonly ntHash: Uint8Array | string }) & {
  readonly sid?: string;
  readonly groups?: readonly string[];
  readonly disabled?: boolean;
};

/** Makes an account from a name and a credential. */
export function accountOf(name: string, credential: Credential): Account {
  const { sid, groups, disabled } = credential;
  if ('password' in credential) {
    const { password } = credential;
    return { name, ntHash: ntHash(password), lmHash: lmHash(password), sid, groups, disabled };
  }
  return { name, ntHash: hashBytes(credential.ntHash), sid, groups, disabled };
}

/** The 16 bytes of a hash given as bytes or hex digits. */
export function hashBytes(hash: Uint8Array | string): Uint8Array {
  if (typeof hash !== 'string') {
    if (hash.length !== 16) throw new UsageError('an NT hash has 16 bytes');
    return hash.slice();
  }
  if (!/^[0-9a-f]{32}$/i.test(hash)) throw new UsageError('an NT hash has 32 hex digits');
  return Uint8Array.from({ length: 16 }, (_, i) => Number.parseInt(hash.slice(i * 2, i * 2 + 2), 16));
}

/** Accounts in memory, which may be changed while in use. */
export class MemoryAccounts implements AccountStore {
  readonly #accounts = new Map<string, Account>();

  find(account: string): Account | undefined {
    return this.#accounts.get(upcase(account));
  }
  set(name: string, credential: Credential): void {
    if (name === '') throw new UsageError('an account has a name');
    this.#accounts.set(upcase(name), accountOf(name, credential));
  }
  remove(name: string): boolean {
    return this.#accounts.delete(upcase(name));
  }
  list(): AccountEntry[] {
    return Array.from(this.#accounts.values(), entryOf);
  }
  get names(): string[] {
    return Array.from(this.#accounts.values(), (account) => account.name);
  }
}

/** `memoryAccounts({ ann: { password: '…' }, bob: { ntHash: '…' } })`. */
export function memoryAccounts(users: Readonly<Record<string, Credential>> = {}): MemoryAccounts {
  const store = new MemoryAccounts();
  for (const [name, credential] of Object.entries(users)) store.set(name, credential);
  return store;
}
