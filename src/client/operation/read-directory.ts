import { hostileName } from '#trees/names.js';
import { DirectoryEntry } from '../node-stat.js';
import { hostile, normal, toWire } from '../paths.js';
import type { Control, FileProtocol } from '../protocol.js';

/** What to list. */
export interface ListOptions {
  /** What the server sends: names that match, with `*` and `?`; all when absent. */
  readonly pattern?: string | undefined;
  /** Also what is in the directories below; symbolic links are not followed. */
  readonly recursive?: boolean | undefined;
}

/** The entries of a directory, and of those below if `recursive`, as the server sends them. */
export async function* entries(
  protocol: FileProtocol,
  path: string,
  options: ListOptions,
  control: Control,
): AsyncGenerator<DirectoryEntry, void, undefined> {
  const waiting = [normal(path)];
  for (let directory = waiting.pop(); directory !== undefined; directory = waiting.pop()) {
    const below: string[] = [];
    for await (const entry of oneDirectory(protocol, directory, options.pattern ?? '*', control)) {
      if (options.recursive && entry.isDirectory() && !entry.isReparsePoint()) below.push(entry.path);
      yield entry;
    }
    waiting.push(...below.reverse());
  }
}

/**
 * Where lists come in. A name that leads elsewhere is never handed out, whoever is asking; that there was one is an error,
 * as it is to Samba's and Linux' clients, but only behind all the others: some servers show what is on their disks
 * as it is, and one odd file there is not to hide the rest.
 */
async function* oneDirectory(
  protocol: FileProtocol,
  directory: string,
  pattern: string,
  control: Control,
): AsyncGenerator<DirectoryEntry, void, undefined> {
  let odd: string | undefined;
  for await (const batch of protocol.list(toWire(directory), pattern, control)) {
    for (const node of batch) {
      if (hostileName(node.name) === undefined) yield new DirectoryEntry(node, directory);
      else odd ??= node.name;
    }
  }
  if (odd !== undefined) throw hostile(odd, { command: 'QUERY_DIRECTORY', path: directory });
}
