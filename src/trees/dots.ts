/**
 * File IDs of a directory and its parent. The parent differs from what the path suggests if the server followed a link.
 */
export interface Dots {
  readonly self: bigint;
  readonly parent: bigint;
}

/**
 * Whether a directory is not where its path suggests: a server that follows links itself lists their targets. `around`
 * comes from the listing of the parent directory, `inside` from the directory's own.
 */
export function leadsAway(around: Dots | undefined, inside: Dots | undefined): boolean {
  return around !== undefined && inside !== undefined && around.self !== inside.parent;
}

/** Describes such a directory in the error when it is to be removed. */
export const LINKED = 'a link to a directory that is somewhere else, and not empty';
