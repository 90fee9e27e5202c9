import type { DirectoryEntry } from '../node-stat.js';
import { normal } from '../paths.js';
import type { Control, FileProtocol } from '../protocol.js';
import { listDirectory, listNames } from './list-directory.js';
import { type ShareNode, walkShare } from './walk-share.js';

/** What to list. */
export interface ListOptions {
  /** Names to list, with `*` and `?`, matched by the server; all by default. */
  readonly pattern?: string | undefined;
  /** Includes subdirectories; symbolic links are not followed. */
  readonly recursive?: boolean | undefined;
}

/** The entries of a directory, and with `recursive` of those below, in the server's batches. */
export async function* entries(
  protocol: FileProtocol,
  path: string,
  { pattern, recursive }: ListOptions,
  control: Control,
): AsyncGenerator<DirectoryEntry[], void, undefined> {
  const top = normal(path);
  if (!recursive) return yield* listDirectory(protocol, top, pattern ?? '*', control);
  const enters = (_path: string, node: ShareNode): boolean => leadsOn(node);
  for await (const step of walkShare(protocol, top, { pattern, enters }, control)) {
    if (step.kind === 'entry' && step.entry.found) yield [step.entry.found];
  }
}

/** The names in a directory, in the server's batches. */
export function names(
  protocol: FileProtocol,
  path: string,
  { pattern = '*' }: ListOptions,
  control: Control,
): AsyncGenerator<string[], void, undefined> {
  return listNames(protocol, normal(path), pattern, control);
}

/** Whether to descend into an entry: not through a symbolic link, mount point or DFS link. */
export function leadsOn({ found }: ShareNode): boolean {
  return found?.isReparsePoint() !== true;
}
