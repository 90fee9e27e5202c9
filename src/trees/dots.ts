/** Numbers of a directory and of the one around it, which is another than it seems where the server followed a link. */
export interface Dots {
  readonly self: bigint;
  readonly parent: bigint;
}

/**
 * Whether a directory turns out to be another one than its path says: a server that follows links on its own lists what
 * they lead to. `around` and `inside` are from the listings of the directory around it and of itself.
 */
export function leadsAway(around: Dots | undefined, inside: Dots | undefined): boolean {
  return around !== undefined && inside !== undefined && around.self !== inside.parent;
}

/** What such a directory is to who wants to remove it. */
export const LINKED = 'a link to a directory that is somewhere else, and not empty';
