import type { Path } from '../backend.js';
import type { Clock } from '../clock.js';
import type { Containment, Found } from './containment.js';
import type { LocalHandle } from './handle.js';
import { NameIndex } from './name-index.js';
import { type ByteString, toMedium, toWire } from './name-map.js';
import type { Places } from './places.js';

/** Makes changes to names below the root, and keeps the index of each affected directory up to date. */
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

  /** Creates something at a path by calling `make`. */
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

  /** The name in a directory, open at `at`, that differs from this one only in case. */
  find(at: ByteString, directory: Path, name: string): Promise<string | undefined> {
    return this.#index.find(at, directory, name);
  }

  #changing<T>(key: Path, names: { added?: string; removed?: string }, operation: () => T): T {
    if (!this.#index.knows(key)) return operation();
    // The parent of any name in the directory is the directory itself.
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
