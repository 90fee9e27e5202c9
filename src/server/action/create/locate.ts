import type { Backend, OpenAccess, Opened } from '#fs/backend.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { Share } from '../../state/share.js';

/** What stands at a name: an open node, or nothing but the directory where it would be. */
export type Located =
  | { readonly path: string; readonly opened: Opened<unknown> }
  | { readonly name: string; readonly parent: string; readonly opened: undefined };

const NOTHING: OpenAccess = { read: false, write: false };

/**
 * Finds and opens what components name: as they are spelled if that exists, else in another case or by an 8.3 name.
 * Undefined when what was found has gone meanwhile. The last component may be missing, an earlier one is
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

/** What a missing name means: below something that is no directory it is a wrong path ([MS-FSA] 2.1.5.1). */
export async function notFound(backend: Backend, parent: string): Promise<StatusError> {
  if (parent === '') return new StatusError(NtStatus.ObjectNameNotFound);
  const { handle, info } = await backend.open(parent, NOTHING);
  await backend.close(handle);
  const isDirectory = info.kind === 'directory';
  return new StatusError(isDirectory ? NtStatus.ObjectNameNotFound : NtStatus.ObjectPathNotFound);
}

/** Opens what stands at a path; undefined if nothing does. */
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
