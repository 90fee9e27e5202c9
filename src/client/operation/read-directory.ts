import type { DirectoryEntry } from '../node-stat.js';
import { normal } from '../paths.js';
import type { Control, FileProtocol } from '../protocol.js';
import { listDirectory, listNames } from './list-directory.js';
import { type ShareNode, walkShare } from './walk-share.js';

/** What to list. */
export interface ListOptions {
  /** What the server sends: names that match, with `*` and `?`; all when absent. */
  readonly pattern?: string | undefined;
  /** Also what is in the directories below; symbolic links are not followed. */
  readonly recursive?: boolean | undefined;
}

/** The entries of a directory, and of those below if `recursive`, as many at a time as the server sends. */
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

/** The names in a directory, as many at a time as the server sends. */
export function names(
  protocol: FileProtocol,
  path: string,
  { pattern = '*' }: ListOptions,
  control: Control,
): AsyncGenerator<string[], void, undefined> {
  return listNames(protocol, normal(path), pattern, control);
}

/** Whether what is below belongs to the directory: it does not behind a link, a mount point, a link of DFS. */
export function leadsOn({ found }: ShareNode): boolean {
  return found?.isReparsePoint() !== true;
}
