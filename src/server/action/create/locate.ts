import type { Backend, OpenAccess, Opened } from '#fs/backend.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { Share } from '../../state/share.js';

/** What was found at a name: an open node, or only the directory that would hold it. */
export type Located =
  | { readonly path: string; readonly opened: Opened<unknown> }
  | { readonly name: string; readonly parent: string; readonly opened: undefined };

const NOTHING: OpenAccess = { read: false, write: false };

/**
 * Resolves path components and opens the node: by exact spelling if possible, otherwise ignoring case or by 8.3 name.
 * Undefined if the node vanished in between. Only the last component may be missing; for an earlier one,
 * ObjectPathNotFound.
 */
export async function locate(
  share: Share,
  backend: Backend,
  components: readonly string[],
  access: OpenAccess,
): Promise<Located | undefined> {
  const exact = components.join('/');
  const opened = await openThere(backend, exact, access);
  if (opened) return { path: exact, opened };
  const { path, missing } = await share.resolve(backend, components, true);
  const [name] = missing;
  if (name === undefined) {
    const folded = await openThere(backend, path, access);
    return folded && { path, opened: folded };
  }
  if (missing.length > 1) throw new StatusError(NtStatus.ObjectPathNotFound);
  return { name, parent: path, opened: undefined };
}

/**
 * The error for a missing name: below something that is not a directory, the path itself is wrong ([MS-FSA] 2.1.5.1).
 */
export async function notFound(backend: Backend, parent: string): Promise<StatusError> {
  if (parent === '') return new StatusError(NtStatus.ObjectNameNotFound);
  const { handle, info } = await backend.open(parent, NOTHING);
  await backend.close(handle);
  const isDirectory = info.kind === 'directory';
  return new StatusError(isDirectory ? NtStatus.ObjectNameNotFound : NtStatus.ObjectPathNotFound);
}

/** Opens a path; undefined if nothing is there. */
async function openThere(backend: Backend, path: string, access: OpenAccess): Promise<Opened<unknown> | undefined> {
  try {
    return await backend.open(path, access);
  } catch (error) {
    if (isMissing(error)) return undefined;
    if (isStatus(error, NtStatus.FileIsADirectory)) return backend.open(path, NOTHING);
    throw error;
  }
}

export function isStatus(error: unknown, status: number): boolean {
  return error instanceof StatusError && error.status === status;
}

export function isMissing(error: unknown): boolean {
  return isStatus(error, NtStatus.ObjectNameNotFound) || isStatus(error, NtStatus.ObjectPathNotFound);
}
