import { hostileName } from '#trees/names.js';
import { DirectoryEntry } from '../node-stat.js';
import { hostile, toWire } from '../paths.js';
import type { Control, FileProtocol } from '../protocol.js';

/**
 * Where lists come in. A name that leads elsewhere is never handed out, whoever is asking; that there was one is an error,
 * as it is to Samba's and Linux' clients, but only behind all the others: some servers show what is on their disks
 * as it is, and one odd file there is not to hide the rest.
 */
export async function* listDirectory(
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
