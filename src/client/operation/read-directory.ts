import { DirectoryEntry } from '../node-stat.js';
import { normal, toWire } from '../paths.js';
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

async function* oneDirectory(
  protocol: FileProtocol,
  directory: string,
  pattern: string,
  control: Control,
): AsyncGenerator<DirectoryEntry, void, undefined> {
  for await (const batch of protocol.list(toWire(directory), pattern, control)) {
    for (const node of batch) yield new DirectoryEntry(node, directory);
  }
}
