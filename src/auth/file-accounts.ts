import { randomBytes } from 'node:crypto';
import { open, readFile, rename, stat, unlink } from 'node:fs/promises';
import { UsageError } from '#wire/erref/errors.js';
import {
  type Account,
  type AccountEntry,
  type AccountStore,
  accountOf,
  type Credential,
  entryOf,
  hashBytes,
} from './account-store.js';
import { upcase } from './ntlm-hashes.js';

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** `NAME:NTHASH`, optionally `:disabled`; or a line of smbpasswd, `NAME:UID:LMHASH:NTHASH:[FLAGS]:…`. */
function accountFrom(line: string): Account | undefined {
  if (line.trim() === '' || line.startsWith('#')) return undefined;
  const parts = line.split(':').map((part) => part.trim());
  const name = parts[0] as string;
  const foreign = parts.length >= 5;
  const hash = parts[foreign ? 3 : 1] ?? '';
  // In smbpasswd, X or NO PASSWORD marks users who may not log on with a password.
  if (name === '' || !/^[0-9a-f]{32}$/i.test(hash)) return undefined;
  const disabled = foreign ? /^\[[^\]]*D/.test(parts[4] as string) : parts[2] === 'disabled';
  return { name, ntHash: hashBytes(hash), disabled };
}

/**
 * Accounts in a text file, reread whenever it has changed. NT hashes are password-equivalent, so the file is written
 * with access for its owner only.
 */
export class FileAccounts implements AccountStore {
  readonly #path: string;
  #accounts = new Map<string, Account>();
  #seen = '';
  #writing: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  async find(account: string): Promise<Account | undefined> {
    await this.#read();
    return this.#accounts.get(upcase(account));
  }

  async list(): Promise<AccountEntry[]> {
    await this.#read();
    return Array.from(this.#accounts.values(), entryOf);
  }

  async names(): Promise<string[]> {
    await this.#read();
    return Array.from(this.#accounts.values(), (account) => account.name);
  }

  /** Adds an account or gives it a new secret. */
  set(name: string, credential: Credential): Promise<void> {
    if (name === '' || /[:\r\n]/.test(name) || name.startsWith('#')) {
      return Promise.reject(new UsageError('an account name is not empty and holds no colon or line break'));
    }
    return this.#change((accounts) => accounts.set(upcase(name), accountOf(name, credential)));
  }

  remove(name: string): Promise<void> {
    return this.#change((accounts) => accounts.delete(upcase(name)));
  }

  async #read(): Promise<void> {
    let seen: string;
    try {
      const { mtimeNs, size, ino } = await stat(this.#path, { bigint: true });
      seen = `${mtimeNs} ${size} ${ino}`;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      this.#accounts = new Map();
      this.#seen = '';
      return;
    }
    if (seen === this.#seen) return;
    const text = await readFile(this.#path, 'utf8');
    const accounts = text.split(/\r?\n/).map(accountFrom);
    this.#accounts = new Map(accounts.flatMap((account) => (account ? [[upcase(account.name), account]] : [])));
    this.#seen = seen;
  }

  // One change at a time, each seeing what the previous one wrote.
  #change(edit: (accounts: Map<string, Account>) => unknown): Promise<void> {
    const change = this.#writing.then(async () => {
      await this.#read();
      edit(this.#accounts);
      await this.#write();
    });
    // The caller of this change gets its error; the next change must still run.
    this.#writing = change.catch(() => undefined);
    return change;
  }

  async #write(): Promise<void> {
    const lines = Array.from(this.#accounts.values(), ({ name, ntHash, disabled }) => {
      return `${name}:${hex(ntHash)}${disabled ? ':disabled' : ''}\n`;
    });
    const beside = `${this.#path}.${randomBytes(6).toString('hex')}`;
    try {
      const file = await open(beside, 'wx', 0o600);
      try {
        await file.writeFile(lines.join(''));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(beside, this.#path);
    } catch (error) {
      await unlink(beside).catch(() => undefined);
      throw error;
    } finally {
      this.#seen = '';
    }
  }
}

/** Accounts in the file `path`; see `FileAccounts`. */
export function fileAccounts(path: string): FileAccounts {
  return new FileAccounts(path);
}
