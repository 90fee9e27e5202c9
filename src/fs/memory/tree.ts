import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { Path } from '../backend.js';
import { Entry, type MemoryNode } from './node.js';

export const LONGEST_NAME = 255;
/** Symlinks on the way to a node; Linux has the same limit. */
const MOST_LINKS = 40;

/** The place of a name, which need not be taken. */
export interface Place {
  readonly parent: MemoryNode;
  readonly name: string;
}

/** Names and what they lead to. */
export class Tree {
  readonly root: Entry;

  constructor(root: MemoryNode) {
    this.root = new Entry(root, '');
    root.entries.add(this.root);
  }

  /** The directory of the last component. For '' the root and ''. */
  placeOf(path: Path): Place {
    const components = path === '' ? [] : path.split('/');
    const name = components.pop() ?? '';
    const parent = this.#walk(this.root.node, components, { links: 0 }, path);
    if (path !== '') demandName(name, path);
    return { parent, name };
  }

  /** What a path names, be it a symlink. */
  find(path: Path): Entry {
    if (path === '') return this.root;
    const { parent, name } = this.placeOf(path);
    const entry = parent.children.get(name);
    if (entry === undefined) throw new StatusError(NtStatus.ObjectNameNotFound, { path });
    return entry;
  }

  /** The node behind a name; undefined where a symlink leads out, round or nowhere. */
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
    // Above the root is outside.
    if (name === '..') return directory.parent;
    const entry = directory.children.get(name);
    return entry && this.behind(entry, state);
  }
}

export function demandName(name: string, path: Path): void {
  const bad = name === '' || name === '.' || name === '..' || name.length > LONGEST_NAME || /[\0\\]/.test(name);
  if (bad) throw new StatusError(NtStatus.ObjectNameInvalid, { path });
}
