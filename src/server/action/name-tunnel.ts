import type { Clock } from '#engine/transport.js';
import { isGeneratedShortName, shortNameOf } from '#wire/fscc/short-name.js';
import { baseName, parentPath } from '../volume.js';

/** Time and number of names as on Windows. */
const REMEMBERED_MS = 15_000;
const MOST = 256;

interface Gone {
  readonly name: string;
  readonly until: number;
}

/**
 * Remembers long names of recently removed files ([MS-FSA] 2.1.1.10 TunnelCacheList): programs that only know 8.3 names
 * replace a file by deleting and recreating it, and the new file then gets the long name again.
 */
export class NameTunnel {
  readonly #clock: Clock;
  readonly #gone = new Map<string, Gone>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A name has been removed. */
  remember(volume: string, path: string): void {
    const name = baseName(path);
    const short = shortNameOf(name);
    if (short === '') return;
    const key = keyOf(volume, parentPath(path), short);
    this.#gone.delete(key);
    this.#gone.set(key, { name, until: this.#clock.now() + REMEMBERED_MS });
    const [oldest] = this.#gone.keys();
    if (this.#gone.size > MOST && oldest !== undefined) this.#gone.delete(oldest);
  }

  /** The name to use for a new file. */
  nameFor(volume: string, parent: string, name: string): string {
    if (this.#gone.size === 0 || !isGeneratedShortName(name)) return name;
    const key = keyOf(volume, parent, name.toUpperCase());
    const gone = this.#gone.get(key);
    this.#gone.delete(key);
    return gone !== undefined && gone.until > this.#clock.now() ? gone.name : name;
  }
}

function keyOf(volume: string, parent: string, short: string): string {
  return `${volume}:${parent}/${short}`;
}
