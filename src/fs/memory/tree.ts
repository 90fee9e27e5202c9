import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { Path } from '../backend.js';
import { Entry, type MemoryNode } from './node.js';

export const LONGEST_NAME = 255;
/** Most symlinks followed in one path; Linux has the same limit. */
const MOST_LINKS = 40;

/** A name in a directory, whether it exists or not. */
export interface Place {
  readonly parent: MemoryNode;
  readonly name: string;
}

/** Resolves paths to names and nodes. */
export class Tree {
  readonly root: Entry;

  constructor(root: MemoryNode) {
    this.root = new Entry(root, '');
    root.entries.add(this.root);
  }

  /** The directory and name of the last component; for '' the root and ''. */
  placeOf(path: Path): Place {
    const components = path === '' ? [] : path.split('/');
    const name = components.pop() ?? '';
    const parent = this.#walk(this.root.node, components, { links: 0 }, path);
    if (path !== '') demandName(name, path);
    return { parent, name };
  }

  /** The entry at a path, without following a final symlink. */
  find(path: Path): Entry {
    if (path === '') return this.root;
    const { parent, name } = this.placeOf(path);
    const entry = parent.children.get(name);
    if (entry === undefined) throw new StatusError(NtStatus.ObjectNameNotFound, { path });
    return entry;
  }

  /** The node behind a name; undefined if a symlink leads outside, in circles or nowhere. */
  behind(entry: Entry, state: { links: number } = { links: 0 }): MemoryNode | undefined {
    if (entry.node.kind !== 'symlink') return entry.node;
    if (entry.parent === undefined || ++state.links > MOST_LINKS) return undefined;
    const { target } = entry.node;
    if (target === '' || target.startsWith('/')) return undefined;
    const components = target.split('/');
    let at: MemoryNode | undefined = entry.parent;
    for (const name of components) {
      if (at?.kind !== 'directory') return undefined;
      at = this.#step(at, name, state);
    }
    return at;
  }

  #walk(from: MemoryNode, components: readonly string[], state: { links: number }, path: Path): MemoryNode {
    let at = from;
    for (const name of components) {
      demandName(name, path);
      const next = this.#step(at, name, state);
      if (next?.kind !== 'directory') throw new StatusError(NtStatus.ObjectPathNotFound, { path });
      at = next;
    }
    return at;
  }

  #step(directory: MemoryNode, name: string, state: { links: number }): MemoryNode | undefined {
    if (name === '' || name === '.') return directory;
    // The root's parent is undefined, which counts as outside.
    if (name === '..') return directory.parent;
    const entry = directory.children.get(name);
    return entry && this.behind(entry, state);
  }
}

export function demandName(name: string, path: Path): void {
  const bad = name === '' || name === '.' || name === '..' || name.length > LONGEST_NAME || /[\0\\]/.test(name);
  if (bad) throw new StatusError(NtStatus.ObjectNameInvalid, { path });
}
