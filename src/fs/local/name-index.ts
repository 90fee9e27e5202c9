import { type BigIntStats, readdir, statSync } from 'node:fs';
import { filetimeFromNs } from '#wire/dtyp/filetime.js';
import { upcase } from '#wire/fscc/upcase.js';
import type { Clock } from '../clock.js';
import { statusErrorOf } from '../errno.js';
import { nativePath, toWire } from './name-map.js';

interface Index {
  /** Folded name to the name, or to those that differ in case only. */
  readonly names: ReadonlyMap<string, string | readonly string[]>;
  readonly ino: bigint;
  readonly dev: bigint;
  readonly mtimeNs: bigint;
}

/** Time stamps of directories move in ticks; a change within this of another may not show (100 ns). */
const TICK = 500_000n;
const MOST_NAMES = 200_000;
const MOST_DIRECTORIES = 64;

/**
 * Names of directories by their folded form, for looking up names in the wrong case or that do not exist, which Windows
 * does all day (desktop.ini). Good for as long as the directory's time of change stays.
 */
export class NameIndex {
  readonly #clock: Clock;
  readonly #indices = new Map<string, Index>();
  #names = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `at`: something that leads to the directory and stays valid until the answer; `key`: what to remember it by. */
  async find(at: string, key: string, name: string): Promise<string | undefined> {
    const native = nativePath(at);
    const stats = statSync(native, { bigint: true });
    if (!stats.isDirectory()) return undefined;
    const known = this.#indices.get(key);
    const index = known !== undefined && isFresh(known, stats) ? known : await this.#read(native, key, stats);
    const found = index.names.get(upcase(name));
    return typeof found === 'object' ? (found.find((spelling) => spelling === name) ?? found[0]) : found;
  }

  async #read(native: string | Buffer, key: string, stats: BigIntStats): Promise<Index> {
    const quietSince = this.#clock() - filetimeFromNs(stats.mtimeNs);
    const names = new Map<string, string | readonly string[]>();
    for (const entry of await readNames(native)) {
      const name = toWire(entry);
      const folded = upcase(name);
      const before = names.get(folded);
      names.set(folded, before === undefined ? name : [before, name].flat());
    }
    const index = { names, ino: stats.ino, dev: stats.dev, mtimeNs: stats.mtimeNs };
    this.#forget(key);
    if (quietSince > TICK && names.size <= MOST_NAMES / 2) this.#keep(key, index);
    return index;
  }

  #keep(key: string, index: Index): void {
    this.#indices.set(key, index);
    this.#names += index.names.size;
    for (const oldest of this.#indices.keys()) {
      if (this.#indices.size <= MOST_DIRECTORIES && this.#names <= MOST_NAMES) break;
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    const index = this.#indices.get(key);
    if (index === undefined) return;
    this.#indices.delete(key);
    this.#names -= index.names.size;
  }
}

function isFresh(index: Index, stats: BigIntStats): boolean {
  return index.mtimeNs === stats.mtimeNs && index.ino === stats.ino && index.dev === stats.dev;
}

function readNames(native: string | Buffer): Promise<string[]> {
  return new Promise((resolve, reject) => {
    readdir(native, { encoding: 'latin1' }, (error, names) => (error ? reject(statusErrorOf(error)) : resolve(names)));
  });
}
