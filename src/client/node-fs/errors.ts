import { getSystemErrorMap } from 'node:util';
import { StatusError, UsageError } from '#wire/erref/errors.js';
import { errnoCode } from '../errors.js';

/** What an operation was about, as Node tells it. */
export interface Syscall {
  readonly syscall: string;
  readonly path?: string | undefined;
  readonly dest?: string | undefined;
  /** What may end it. */
  readonly signal?: AbortSignal | undefined;
}

const system = Array.from(getSystemErrorMap(), ([errno, [code, text]]) => [code, [errno, text]] as const);
const numbers: ReadonlyMap<string, readonly [number, string]> = new Map([
  ...system,
  ['ERR_FS_EISDIR', [new Map(system).get('EISDIR')?.[0] ?? 0, 'path is a directory']],
]);

/**
 * An error as `node:fs` has them: `ENOENT: no such file or directory, open '/a'`. What the server said is its `cause`,
 * the NT status among it.
 */
export class FsError extends Error {
  readonly code: string;
  readonly errno: number;
  readonly syscall: string;
  readonly path?: string;
  readonly dest?: string;
  /** Name of the NT status, where a server refused. */
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

function abortError(signal: AbortSignal): Error {
  const error = new Error('The operation was aborted', { cause: signal.reason });
  return Object.assign(error, { name: 'AbortError', code: 'ABORT_ERR' });
}

/** The error as Node's; what is no error of a file system stays what it is. */
export function fsError(error: unknown, about: Syscall): unknown {
  if (about.signal?.aborted && error === about.signal.reason) return abortError(about.signal);
  const code = errnoCode(error) ?? (error instanceof UsageError ? 'EINVAL' : undefined);
  return code === undefined ? error : new FsError(code, about, error);
}

/** Runs an operation; its errors are Node's. */
export async function syscall<T>(about: Syscall, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw fsError(error, about);
  }
}

/** As `syscall`, of what comes bit by bit. */
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
