import type { Random } from '#engine/transport.js';
import { type Guid, readGuid } from '#wire/dtyp/guid.js';

interface Key {
  readonly guid: Guid;
  users: number;
}

/**
 * One lease key for each file that this client has open ([MS-SMB2] 3.2.4.3.8), so that its opens do not break each
 * other's leases.
 */
export class LeaseKeys {
  readonly #keys = new Map<string, Key>();
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** The key for a file's opens; return it with `drop`. */
  take(file: string): Guid {
    const name = file.toLowerCase();
    const key = this.#keys.get(name) ?? { guid: readGuid(this.#random(16)), users: 0 };
    key.users++;
    this.#keys.set(name, key);
    return key.guid;
  }

  drop(file: string, guid: Guid): void {
    const name = file.toLowerCase();
    const key = this.#keys.get(name);
    if (key?.guid === guid && --key.users <= 0) this.#keys.delete(name);
  }

  /** The name now belongs to another file than the one the key was made for: later opens get a new key. */
  forget(file: string): void {
    this.#keys.delete(file.toLowerCase());
  }
}
