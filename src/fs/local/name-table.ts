import { randomBytes } from 'node:crypto';
import { upcase } from '#wire/fscc/upcase.js';

/** The names of a directory, for case-insensitive lookup. */
export interface NameTable {
  /** Its share of the index's limit, in names. */
  readonly weight: number;
  add(name: string): void;
  remove(name: string): void;
  /** The stored spelling; undefined if there is none; `'look'` if there may be one and the directory must be read. */
  find(name: string): string | undefined | typeof LOOK;
}

export const LOOK: unique symbol = Symbol('look');

/** Case-folded names with their spellings. */
export class SpelledNames implements NameTable {
  /** Maps a folded name to the name, or to those that differ only in case. */
  readonly #names = new Map<string, string | readonly string[]>();

  get weight(): number {
    return this.#names.size;
  }

  add(name: string): void {
    const folded = upcase(name);
    const before = this.#names.get(folded);
    this.#names.set(folded, before === undefined ? name : [before, name].flat());
  }

  remove(name: string): void {
    const folded = upcase(name);
    const rest = [this.#names.get(folded) ?? []].flat().filter((spelling) => spelling !== name);
    if (rest.length === 0) this.#names.delete(folded);
    else this.#names.set(folded, rest.length === 1 ? (rest[0] as string) : rest);
  }

  find(name: string): string | undefined {
    const found = this.#names.get(upcase(name));
    return typeof found === 'object' ? (found.find((spelling) => spelling === name) ?? found[0]) : found;
  }
}

/** This many hashes count as one name: a hash takes a few bytes, a name with its spelling some 100. */
const WEIGHT = 16;

/**
 * Only hashes of folded names, for large directories: 8 bytes each. They prove that a name does not exist, which is
 * what matters before something is created; to prove that it exists, the directory must be read.
 */
export class HashedNames implements NameTable {
  readonly #seed: number;
  #slots = new Uint32Array(1 << 18);
  #used = 0;

  constructor(seed: number = SEED) {
    this.#seed = seed;
  }

  get weight(): number {
    return Math.ceil(this.#used / WEIGHT);
  }

  add(name: string): void {
    if (this.#used * 2 >= this.#slots.length) this.#grow();
    this.#insert(hashOf(name, this.#seed));
  }

  /** The hash stays, as other names may share it. */
  remove(): void {}

  find(name: string): undefined | typeof LOOK {
    const hash = hashOf(name, this.#seed);
    const mask = this.#slots.length - 1;
    for (let at = hash & mask; this.#slots[at] !== 0; at = (at + 1) & mask) {
      if (this.#slots[at] === hash) return LOOK;
    }
    return undefined;
  }

  #insert(hash: number): void {
    const mask = this.#slots.length - 1;
    let at = hash & mask;
    while (this.#slots[at] !== 0) {
      if (this.#slots[at] === hash) return;
      at = (at + 1) & mask;
    }
    this.#slots[at] = hash;
    this.#used++;
  }

  #grow(): void {
    const before = this.#slots;
    this.#slots = new Uint32Array(before.length * 2);
    this.#used = 0;
    for (const hash of before) if (hash !== 0) this.#insert(hash);
  }
}

/** A random seed, so that nobody can choose names that collide. */
const SEED = randomBytes(4).readUInt32LE();

/** FNV-1a with a final mix; never 0, which means "free". */
function hashOf(name: string, seed: number): number {
  const folded = upcase(name);
  let hash = seed;
  for (let i = 0; i < folded.length; i++) hash = Math.imul(hash ^ folded.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0 || 1;
}
