import type { Path } from '../backend.js';
import type { Clock } from '../clock.js';
import type { Containment, Found } from './containment.js';
import type { LocalHandle } from './handle.js';
import { NameIndex } from './name-index.js';
import { type ByteString, toMedium, toWire } from './name-map.js';
import type { Places } from './places.js';

/** What is done to names below the root: the index of each directory that one has hears of it. */
export class Naming {
  readonly #containment: Containment;
  readonly #places: Places;
  readonly #index: NameIndex;

  constructor(containment: Containment, places: Places, clock: Clock) {
    this.#containment = containment;
    this.#places = places;
    this.#index = new NameIndex(clock);
  }

  make(path: Path, kind: 'file' | 'directory', mode: number): Found {
    return this.adding(path, () => this.#places.make(toMedium(path), kind, mode));
  }

  /** Makes something at a path by `make`. */
  adding<T>(path: Path, make: () => T): T {
    return this.#changing(parentOf(path), { added: baseOf(path) }, make);
  }

  rename(handle: LocalHandle, to: Path, replace: boolean): void {
    const from = wirePath(handle.path);
    const [removed, added] = [baseOf(from), baseOf(to)];
    const move = (): void => this.#places.rename(handle, toMedium(to), replace);
    if (parentOf(from) === parentOf(to)) this.#changing(parentOf(to), { removed, added }, move);
    else this.#changing(parentOf(from), { removed }, () => this.#changing(parentOf(to), { added }, move));
  }

  remove(handle: LocalHandle): void {
    const path = wirePath(handle.path);
    this.#changing(parentOf(path), { removed: baseOf(path) }, () => this.#places.remove(handle));
  }

  link(node: LocalHandle, to: Path, replace: boolean): void {
    this.adding(to, () => this.#places.link(node, toMedium(to), replace));
  }

  /** The name of a directory, which is open at `at`, that is this one but for its case. */
  find(at: ByteString, directory: Path, name: string): Promise<string | undefined> {
    return this.#index.find(at, directory, name);
  }

  #changing<T>(key: Path, names: { added?: string; removed?: string }, operation: () => T): T {
    if (!this.#index.knows(key)) return operation();
    // The parent of anything in there.
    const parent = this.#containment.parent(key === '' ? 'x' : `${toMedium(key)}/x`);
    try {
      return this.#index.change({ at: parent.at, key, ...names }, operation);
    } finally {
      parent.release();
    }
  }
}

function parentOf(path: Path): Path {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function baseOf(path: Path): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function wirePath(path: ByteString): Path {
  return path.split('/').map(toWire).join('/');
}
