import { hostileName } from '#trees/names.js';
import { DirectoryEntry } from '../node-stat.js';
import { hostile, toWire } from '../paths.js';
import type { Control, FileProtocol } from '../protocol.js';

/** The entries of a directory, as many at a time as the server sends. */
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

/** The names in a directory, as many at a time as the server sends. */
export function listNames(
  protocol: FileProtocol,
  directory: string,
  pattern: string,
  control: Control,
): AsyncGenerator<string[], void, undefined> {
  return harmless(protocol.names(toWire(directory), pattern, control), directory, (name) => name);
}

/**
 * Where lists come in. A name that leads elsewhere is never handed out, whoever is asking; that there was one is an error,
 * as it is to Samba's and Linux' clients, but only behind all the others: some servers show what is on their disks
 * as it is, and one odd file there is not to hide the rest.
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
