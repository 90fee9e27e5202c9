import { leadsAway } from '#trees/dots.js';
import { StatusError } from '#wire/erref/errors.js';
import type { DirectoryEntry } from '../node-stat.js';
import { normal, toWire } from '../paths.js';
import type { Control, Dots, FileProtocol } from '../protocol.js';
import { listDirectory } from './list-directory.js';

/**
 * Whether a directory is a symbolic link that the server follows itself and presents as its target, as Samba does.
 * False if it is empty, because only entries reveal it.
 */
export async function isFollowedLink(protocol: FileProtocol, path: string, control: Control): Promise<boolean> {
  const plain = normal(path);
  if (plain === '') return false;
  const first = await firstOf(protocol, plain, control);
  if (!first) return false;
  const { name, dots } = first;
  return (await placesTell(protocol, toWire(plain), name, control)) ?? (await dotsTell(protocol, plain, dots, control));
}

/**
 * Such a link reports its own path, but entries in it report their path below the link's target. Undefined if the
 * server reports no paths, or only the last component.
 */
async function placesTell(
  protocol: FileProtocol,
  path: string,
  name: string,
  control: Control,
): Promise<boolean | undefined> {
  const [own, inner] = await Promise.all([
    placeOf(protocol, path, control),
    placeOf(protocol, `${path}\\${name}`, control),
  ]);
  const end = `\\${name}`.toUpperCase();
  if (own === undefined || !inner?.endsWith(end)) return undefined;
  const around = inner.slice(0, -end.length);
  return around === '' ? undefined : around !== own;
}

/** The reported path without its leading backslash, in upper case; undefined if it cannot be read. */
async function placeOf(protocol: FileProtocol, path: string, control: Control): Promise<string | undefined> {
  try {
    const { place } = await protocol.stat(path, control);
    return place?.replace(/^\\/, '').toUpperCase();
  } catch (error) {
    if (error instanceof StatusError) return undefined;
    throw error;
  }
}

/** Compares the file ID of the parent directory with that of the directory's `..` entry. */
async function dotsTell(
  protocol: FileProtocol,
  path: string,
  inside: Dots | undefined,
  control: Control,
): Promise<boolean> {
  if (inside === undefined) return false;
  const around = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  return leadsAway((await firstOf(protocol, around, control))?.dots, inside);
}

/** The first entry of a directory. */
async function firstOf(
  protocol: FileProtocol,
  directory: string,
  control: Control,
): Promise<DirectoryEntry | undefined> {
  for await (const [entry] of listDirectory(protocol, directory, '*', control)) return entry;
  return undefined;
}
