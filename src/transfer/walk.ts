import * as trees from '#trees/walk.js';
import { TransferError, type TransferErrorCode } from './errors.js';
import type { TreeControl, TreeEntry } from './tree.js';

/** What a walk needs from a tree. */
export interface Walkable<E extends TreeEntry = TreeEntry> {
  show(path: string): string;
  list(path: string, control: TreeControl): AsyncIterable<E>;
  stat(path: string, options: TreeControl & { readonly follow?: boolean }): Promise<E | undefined>;
}

/** A directory met by a walk. */
export type WalkDirectory<E extends TreeEntry = TreeEntry> = trees.WalkDirectory<E>;
/** An entry of a directory. */
export type WalkEntry<E extends TreeEntry = TreeEntry> = trees.WalkEntry<E>;
/**
 * A step of a walk. 'left': all entries of a directory itself have been reported; those further down may still come.
 */
export type WalkStep<E extends TreeEntry = TreeEntry> = trees.WalkStep<E>;
/** Options of a walk. */
export type WalkOptions<E extends TreeEntry = TreeEntry> = Omit<trees.WalkOptions<E>, 'fault'>;

const CODES: Readonly<Record<trees.WalkFault, TransferErrorCode>> = {
  missing: 'TRANSFER_KIND',
  name: 'TRANSFER_BAD_NAME',
  endless: 'TRANSFER_CYCLE',
};

/** Turns a fault found by a walk into an error. */
export function walkFault(
  tree: Pick<Walkable, 'show'>,
): (fault: trees.WalkFault, path: string, why: string) => TransferError {
  return (fault, path, why) =>
    new TransferError(CODES[fault], fault === 'missing' ? `${tree.show(path)} is not there` : why);
}

/**
 * Walks everything below a directory. The entries of a directory come before those of its subdirectories, which are
 * listed ahead meanwhile. A directory that contains itself is reported as an error and not entered again.
 */
export function walk<E extends TreeEntry>(
  tree: Walkable<E>,
  top: string = '',
  options: WalkOptions<E> = {},
): AsyncGenerator<WalkStep<E>, void, undefined> {
  return trees.walk(tree, top, { ...options, fault: walkFault(tree) });
}
