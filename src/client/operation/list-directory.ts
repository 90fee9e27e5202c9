import { hostileName } from '#trees/names.js';
import { DirectoryEntry } from '../node-stat.js';
import { hostile, toWire } from '../paths.js';
import type { Control, FileProtocol } from '../protocol.js';

/** The entries of a directory, in the server's batches. */
export async function* listDirectory(
  protocol: FileProtocol,
  directory: string,
  pattern: string,
  control: Control,
): AsyncGenerator<DirectoryEntry[], void, undefined> {
  const batches = protocol.list(toWire(directory), pattern, control);
  for await (const nodes of harmless(batches, directory, ({ name }) => name)) {
    yield nodes.map((node) => new DirectoryEntry(node, directory));
  }
}

/** The names in a directory, in the server's batches. */
export function listNames(
  protocol: FileProtocol,
  directory: string,
  pattern: string,
  control: Control,
): AsyncGenerator<string[], void, undefined> {
  return harmless(protocol.names(toWire(directory), pattern, control), directory, (name) => name);
}

/**
 * Checks all listings. A name that would lead elsewhere is never passed on, to any caller. It is an error, as in the
 * clients of Samba and Linux, but only after all other entries: some servers report the names on their disk as they
 * are, and one odd file must not hide the rest.
 */
async function* harmless<T>(
  batches: AsyncGenerator<T[], void, undefined>,
  directory: string,
  nameOf: (item: T) => string,
): AsyncGenerator<T[], void, undefined> {
  let odd: string | undefined;
  for await (const batch of batches) {
    const good = batch.filter((item) => hostileName(nameOf(item)) === undefined);
    if (good.length < batch.length) odd ??= batch.map(nameOf).find((name) => hostileName(name) !== undefined);
    if (good.length > 0) yield good;
  }
  if (odd !== undefined) throw hostile(odd, { command: 'QUERY_DIRECTORY', path: directory });
}
