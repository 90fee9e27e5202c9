import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { CreateOptions } from '#wire/smb2/command/create.js';
import { Enumeration } from '../action/enumeration.js';
import { byPath } from './by-path.js';
import type { Smb1Context } from './context.js';
import { isWanted, splitPattern } from './search-filter.js';

/** Limit on the names matched by a command with wildcards; more need another command. */
const MOST = 100_000;

/** The paths that match a pattern; NoSuchFile if there are none. */
export async function matchingPaths(context: Smb1Context, path: string, searchAttributes: number): Promise<string[]> {
  const { directory, pattern } = splitPattern(context, path);
  const access = FileAccess.ReadData;
  const names = await byPath(context, directory, { access, options: CreateOptions.DirectoryFile }, async (open) => {
    const found: string[] = [];
    const enumeration = new Enumeration(context.core, open, pattern);
    try {
      for (;;) {
        const entry = await enumeration.next();
        if (entry === undefined) return found;
        if (entry.name === '.' || entry.name === '..' || !isWanted(entry, searchAttributes)) continue;
        if (found.length === MOST) throw new StatusError(NtStatus.InsufficientResources);
        found.push(entry.name);
      }
    } finally {
      await enumeration.close();
    }
  });
  if (names.length === 0) throw new StatusError(NtStatus.NoSuchFile);
  return names.map((name) => (directory === '' ? name : `${directory}\\${name}`));
}
