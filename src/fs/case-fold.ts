import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { isGeneratedShortName, shortNameOf } from '#wire/fscc/short-name.js';
import { upcase } from '#wire/fscc/upcase.js';
import type { Path, ReadableBackend } from './backend.js';

export interface ResolvedPath {
  /** The part that exists, in the back end's spelling. */
  readonly path: Path;
  /** The components that do not exist, as requested. */
  readonly missing: readonly string[];
}

const NOTHING = { read: false, write: false };

/** As `resolvePath`, but case-sensitive and without 8.3 names. */
export async function resolveExactPath<H>(
  backend: ReadableBackend<H>,
  components: readonly string[],
): Promise<ResolvedPath> {
  for (let length = components.length; length > 0; length--) {
    const path = components.slice(0, length).join('/');
    if (await exists(backend, path)) return { path, missing: components.slice(length) };
  }
  return { path: '', missing: components };
}

/**
 * Resolves components case-insensitively; an exact match wins. Tries the whole path as it is first, since clients
 * mostly use the stored spelling. `exactIsMissing`: the caller has tried that already.
 */
export async function resolvePath<H>(
  backend: ReadableBackend<H>,
  components: readonly string[],
  exactIsMissing = false,
): Promise<ResolvedPath> {
  const whole = components.join('/');
  if (!exactIsMissing && (await exists(backend, whole))) return { path: whole, missing: [] };
  let path = '';
  for (const [i, name] of components.entries()) {
    const exact = path === '' ? name : `${path}/${name}`;
    const isLast = i === components.length - 1;
    if (!isLast && (await exists(backend, exact))) {
      path = exact;
      continue;
    }
    const found = await findName(backend, path, name);
    if (found === undefined) return { path, missing: components.slice(i) };
    path = path === '' ? found : `${path}/${found}`;
  }
  return { path, missing: [] };
}

/** The stored spelling of a name in a directory; undefined if the name or the directory does not exist. */
export async function findName<H>(
  backend: ReadableBackend<H>,
  directory: Path,
  name: string,
): Promise<string | undefined> {
  const found = backend.findName
    ? await backend.findName(directory, name)
    : await searchBy(backend, directory, name, upcase, upcase(name));
  return found ?? (isGeneratedShortName(name) ? await findShortName(backend, directory, name) : undefined);
}

/** The name that a generated 8.3 name stands for ([MS-FSCC] 2.1.5.2.1). */
function findShortName<H>(backend: ReadableBackend<H>, directory: Path, name: string): Promise<string | undefined> {
  return searchBy(backend, directory, name, shortNameOf, name.toUpperCase());
}

async function searchBy<H>(
  backend: ReadableBackend<H>,
  directory: Path,
  name: string,
  keyOf: (stored: string) => string,
  wanted: string,
): Promise<string | undefined> {
  let handle: H;
  try {
    handle = (await backend.open(directory, NOTHING)).handle;
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
  try {
    return await search(backend, handle, name, keyOf, wanted);
  } catch (error) {
    if (error instanceof StatusError && error.status === NtStatus.NotADirectory) return undefined;
    throw error;
  } finally {
    await backend.close(handle);
  }
}

async function search<H>(
  backend: ReadableBackend<H>,
  handle: H,
  name: string,
  keyOf: (stored: string) => string,
  wanted: string,
): Promise<string | undefined> {
  let found: string | undefined;
  for await (const batch of backend.list(handle)) {
    for (const entry of batch) {
      if (entry.name === name) return name;
      if (found === undefined && keyOf(entry.name) === wanted) found = entry.name;
    }
  }
  return found;
}

async function exists<H>(backend: ReadableBackend<H>, path: Path): Promise<boolean> {
  let handle: H;
  try {
    handle = (await backend.open(path, NOTHING)).handle;
  } catch (error) {
    if (isAbsence(error)) return false;
    // It exists, but we have no access: the caller's own open will report that.
    if (error instanceof StatusError && error.status === NtStatus.AccessDenied) return true;
    throw error;
  }
  await backend.close(handle);
  return true;
}

function isAbsence(error: unknown): boolean {
  if (!(error instanceof StatusError)) return false;
  const { ObjectNameNotFound, ObjectPathNotFound, NotADirectory } = NtStatus;
  return [ObjectNameNotFound, ObjectPathNotFound, NotADirectory].includes(error.status as typeof ObjectNameNotFound);
}
