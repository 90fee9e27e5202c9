import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { SymbolicLinkError, SymlinkFlags } from '#wire/smb2/error-data/symbolic-link.js';

/** As Linux has it. */
export const MAX_LINKS = 40;

/**
 * Runs a request on a path in wire form, and again on where symbolic links lead: a server tells where a link is and
 * leaves it to the client to follow it ([MS-SMB2] 2.2.2.2.1). Links that lead out of the share are not followed.
 */
export async function followed<T>(path: string, work: (path: string) => Promise<T>): Promise<T> {
  let at = path;
  for (let links = 0; ; links++) {
    try {
      return await work(at);
    } catch (error) {
      const next = links < MAX_LINKS ? leadsTo(at, error) : undefined;
      if (next === undefined) throw error;
      at = next;
    }
  }
}

function leadsTo(path: string, error: unknown): string | undefined {
  if (!(error instanceof StatusError) || error.status !== NtStatus.StoppedOnSymlink) return undefined;
  const link = error.data;
  if (!(link instanceof SymbolicLinkError) || (link.flags & SymlinkFlags.Relative) === 0) return undefined;
  const unparsed = link.unparsedPathLength / 2;
  if (unparsed > path.length) return undefined;
  const behind = path.slice(path.length - unparsed);
  const fromRoot = link.substituteName.startsWith('\\');
  const here = fromRoot
    ? []
    : path
        .slice(0, path.length - unparsed)
        .split('\\')
        .slice(0, -1);
  return resolved([...here, ...link.substituteName.split(/[\\/]/), ...behind.split('\\')]);
}

function resolved(names: readonly string[]): string | undefined {
  const path: string[] = [];
  for (const name of names) {
    if (name === '' || name === '.') continue;
    if (name !== '..') path.push(name);
    else if (path.pop() === undefined) return undefined;
  }
  return path.join('\\');
}
