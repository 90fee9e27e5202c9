import { StatusError, UsageError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileAttributes } from '#wire/fscc/attributes.js';
import { errnoCode, isNotFound } from '../errors.js';
import { leadsAway } from '../node-stat.js';
import { normal, toWire } from '../paths.js';
import type { Control, Dots, FileProtocol } from '../protocol.js';
import { lstat } from './facts.js';
import { entries } from './read-directory.js';

/** How far `rm` goes. */
export interface RemoveOptions {
  /** A directory goes with all that is in it. */
  readonly recursive?: boolean | undefined;
  /** It need not be there. */
  readonly force?: boolean | undefined;
}

export async function rm(
  protocol: FileProtocol,
  path: string,
  options: RemoveOptions,
  control: Control,
): Promise<void> {
  try {
    await remove(protocol, normal(path), options.recursive === true, control);
  } catch (error) {
    if (!options.force || !isNotFound(error)) throw error;
  }
}

async function remove(protocol: FileProtocol, path: string, recursive: boolean, control: Control): Promise<void> {
  if (path === '') throw new UsageError("the share's root cannot be removed");
  try {
    await protocol.remove(toWire(path), false, control);
  } catch (error) {
    if (!recursive || !(await isDirectory(protocol, path, error, control))) throw error;
    await removeDirectory(protocol, path, control);
  }
}

/** Removes a directory; only if it turns out not to be empty, what is in it is looked at. */
async function removeDirectory(
  protocol: FileProtocol,
  path: string,
  control: Control,
  around?: Dots | undefined,
): Promise<void> {
  try {
    return await protocol.remove(toWire(path), true, control);
  } catch (error) {
    const code = errnoCode(error);
    // Servers that follow links list them as what they lead to.
    if (code === 'ENOTDIR') return protocol.remove(toWire(path), false, control);
    if (code !== 'ENOTEMPTY') throw error;
  }
  for await (const batch of entries(protocol, path, {}, control)) {
    // It is a link, which such a server does not let go as long as something is where it leads: that is not ours.
    if (leadsAway(around, batch[0]?.dots)) throw elsewhere(path);
    for (const entry of batch) {
      const directory = (entry.attributes & FileAttributes.Directory) !== 0;
      if (directory) await ifThere(removeDirectory(protocol, entry.path, control, entry.dots));
      else await ifThere(protocol.remove(toWire(entry.path), false, control));
    }
  }
  await ifThere(protocol.remove(toWire(path), true, control));
}

function elsewhere(path: string): StatusError {
  const hint = 'it is a link to a directory that is somewhere else, and not empty';
  return new StatusError(NtStatus.DirectoryNotEmpty, { command: 'SET_INFO', path, hint });
}

// Somebody else, or our own request whose answer was lost, was faster.
async function ifThere(removing: Promise<void>): Promise<void> {
  try {
    await removing;
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

// Not every server says what was wrong about removing it as a file.
async function isDirectory(protocol: FileProtocol, path: string, error: unknown, control: Control): Promise<boolean> {
  const code = errnoCode(error);
  if (code !== 'EACCES' && code !== 'EPERM') return code === 'EISDIR';
  const { attributes } = await lstat(protocol, path, control);
  return (attributes & FileAttributes.Directory) !== 0;
}
