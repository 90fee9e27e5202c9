import * as trees from '#trees/walk.js';
import { TransferError, type TransferErrorCode } from './errors.js';
import type { TreeControl, TreeEntry } from './tree.js';

/** What a walk needs of a tree. */
export interface Walkable<E extends TreeEntry = TreeEntry> {
  show(path: string): string;
  list(path: string, control: TreeControl): AsyncIterable<E>;
  stat(path: string, options: TreeControl & { readonly follow?: boolean }): Promise<E | undefined>;
}

/** A directory on the way of a walk. */
export type WalkDirectory<E extends TreeEntry = TreeEntry> = trees.WalkDirectory<E>;
/** Something that is in a directory. */
export type WalkEntry<E extends TreeEntry = TreeEntry> = trees.WalkEntry<E>;
/** What a walk comes by. 'left': all of a directory's own entries have been told; those below may still come. */
export type WalkStep<E extends TreeEntry = TreeEntry> = trees.WalkStep<E>;
/** How to walk. */
export type WalkOptions<E extends TreeEntry = TreeEntry> = Omit<trees.WalkOptions<E>, 'fault'>;

const CODES: Readonly<Record<trees.WalkFault, TransferErrorCode>> = {
  missing: 'TRANSFER_KIND',
  name: 'TRANSFER_BAD_NAME',
  endless: 'TRANSFER_CYCLE',
};

/** What a walk of a transfer comes by that cannot be. */
export function walkFault(
  tree: Pick<Walkable, 'show'>,
): (fault: trees.WalkFault, path: string, why: string) => TransferError {
  return (fault, path, why) =>
    new TransferError(CODES[fault], fault === 'missing' ? `${tree.show(path)} is not there` : why);
}

/**
 * Everything below a directory. A directory's entries come before those of the directories in it; the next directories
 * are asked for meanwhile. A directory that contains itself is told as an error and not entered again.
 */
export function walk<E extends TreeEntry>(
  tree: Walkable<E>,
  top: string = '',
  options: WalkOptions<E> = {},
): AsyncGenerator<WalkStep<E>, void, undefined> {
  return trees.walk(tree, top, { ...options, fault: walkFault(tree) });
}
