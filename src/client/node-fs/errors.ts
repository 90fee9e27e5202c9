import { getSystemErrorMap } from 'node:util';
import { StatusError, UsageError } from '#wire/erref/errors.js';
import { errnoCode } from '../errors.js';

/** The operation that failed, as in Node's errors. */
export interface Syscall {
  readonly syscall: string;
  readonly path?: string | undefined;
  readonly dest?: string | undefined;
  /** The signal that may abort it. */
  readonly signal?: AbortSignal | undefined;
}

const system = Array.from(getSystemErrorMap(), ([errno, [code, text]]) => [code, [errno, text]] as const);
const numbers: ReadonlyMap<string, readonly [number, string]> = new Map(system);

/**
 * An error in the style of `node:fs`: `ENOENT: no such file or directory, open '/a'`. The server's error, including the
 * NT status, is its `cause`.
 */
export class FsError extends Error {
  readonly code: string;
  readonly errno: number;
  readonly syscall: string;
  readonly path?: string;
  readonly dest?: string;
  /** Name of the NT status, if the server returned one. */
  readonly status?: string;

  constructor(code: string, { syscall, path, dest }: Syscall, cause?: unknown) {
    const [errno, text] = numbers.get(code) ?? [0, 'unknown error'];
    const about = path === undefined ? '' : ` '${path}'${dest === undefined ? '' : ` -> '${dest}'`}`;
    super(`${code}: ${text}, ${syscall}${about}`, cause === undefined ? {} : { cause });
    this.code = code;
    this.errno = errno;
    this.syscall = syscall;
    if (path !== undefined) this.path = path;
    if (dest !== undefined) this.dest = dest;
    if (cause instanceof StatusError) this.status = cause.statusName;
  }
}

/** Errors that Node itself detects when copying and removing, with the errno they correspond to. */
const FOUND = {
  ERR_FS_EISDIR: ['Path is a directory', 'EISDIR'],
  ERR_FS_CP_EINVAL: ['Invalid src or dest', 'EINVAL'],
  ERR_FS_CP_EEXIST: ['Target already exists', 'EEXIST'],
  ERR_FS_CP_DIR_TO_NON_DIR: ['Cannot overwrite non-directory with directory', 'EISDIR'],
  ERR_FS_CP_NON_DIR_TO_DIR: ['Cannot overwrite directory with non-directory', 'ENOTDIR'],
} as const;

/** Like the SystemError that `fs.cp` and `fs.rm` throw. */
export class FsSystemError extends Error {
  override readonly name = 'SystemError';
  readonly code: keyof typeof FOUND;
  readonly errno: number;
  readonly syscall: string;
  readonly path: string;
  readonly info: Readonly<Record<'message' | 'path' | 'syscall' | 'code', string>> & { readonly errno: number };

  constructor(code: keyof typeof FOUND, syscall: string, path: string, message: string, cause?: unknown) {
    const [what, name] = FOUND[code];
    super(`${what}: ${syscall} returned ${name} (${message}) ${path}`, cause === undefined ? {} : { cause });
    this.code = code;
    this.errno = Math.abs(numbers.get(name)?.[0] ?? 0);
    this.syscall = syscall;
    this.path = path;
    this.info = { message, path, syscall, errno: this.errno, code: name };
  }
}

/** Node's error for a closed handle. */
export function handleClosed(syscall: string): Error {
  return Object.assign(new Error('file closed'), { code: 'EBADF', syscall });
}

/** Node's error for an aborted operation. */
export function abortError(signal: AbortSignal): Error {
  const error = new Error('The operation was aborted', { cause: signal.reason });
  return Object.assign(error, { name: 'AbortError', code: 'ABORT_ERR' });
}

/** Converts an error to Node's; errors that are not about the file system stay as they are. */
export function fsError(error: unknown, about: Syscall): unknown {
  if (error instanceof FsError || error instanceof FsSystemError) return error;
  if (about.signal?.aborted && error === about.signal.reason) return abortError(about.signal);
  const code = errnoCode(error) ?? (error instanceof UsageError ? 'EINVAL' : undefined);
  return code === undefined ? error : new FsError(code, about, error);
}

/** Runs an operation; errors are converted to Node's. */
export async function syscall<T>(about: Syscall, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw fsError(error, about);
  }
}

/** Like `syscall`, for a generator. */
export async function* syscallEach<T>(
  about: Syscall,
  items: AsyncGenerator<T, void, undefined>,
): AsyncGenerator<T, void, undefined> {
  try {
    yield* items;
  } catch (error) {
    throw fsError(error, about);
  }
}
