import { errnoCode, hintFor, SmbError, StatusError, UsageError } from '#client/index.js';
import { printable } from '#viewer/index.js';
import { Exit } from './exit.js';

/** A failure with all that is to be said about it. */
export class Failure extends Error {
  readonly status: number;

  constructor(message: string, options: ErrorOptions & { status?: number } = {}) {
    super(message, options);
    this.status = options.status ?? Exit.Failed;
  }
}

/** What to print for an error, in one line, and the exit status that it means; no line where all is said. */
export function explainError(error: unknown, place?: string): { line: string | undefined; status: number } {
  if (error instanceof Failure) return { line: oneLine(error.message), status: error.status };
  const where = place === undefined ? '' : `${place}: `;
  if (error instanceof UsageError) return { line: oneLine(error.message), status: Exit.Usage };
  if (isAbort(error)) return { line: 'interrupted', status: Exit.Interrupted };
  if (error instanceof SmbError) return { line: oneLine(`${where}${smbMessage(error)}`), status: Exit.Failed };
  const message = error instanceof Error ? error.message : String(error);
  return { line: oneLine(`${where}${message}`), status: Exit.Failed };
}

/** A failure as `--json` tells it. */
export interface FailureJson {
  readonly path?: string;
  readonly code: string;
  readonly status?: string;
  readonly message: string;
}

export function failureJson(error: unknown, path?: string): FailureJson {
  const message = explainError(error).line ?? String(error);
  const cause = error instanceof Failure ? (error.cause ?? error) : error;
  const code = isAbort(cause) ? 'ABORT_ERR' : (errnoCode(cause) ?? (cause as { code?: unknown } | undefined)?.code);
  return {
    ...(path === undefined ? {} : { path }),
    code: typeof code === 'string' ? code : 'UNKNOWN',
    ...(cause instanceof StatusError ? { status: cause.statusName } : {}),
    message,
  };
}

/** Where the library has no better hint. */
const HINTS: Readonly<Record<string, string>> = {
  ENOENT: 'there is nothing by that name',
  EEXIST: 'something by that name is there already',
  EACCES: 'this account may not do that',
  EISDIR: 'it is a directory: get, put, cp and rm take it with -r',
  ENOTDIR: 'it is no directory',
  ENOTEMPTY: 'the directory is not empty',
  EROFS: 'the share is read only',
  ENOSPC: 'no space is left',
  EINVAL: 'the server does not take such a name',
};

function smbMessage(error: SmbError): string {
  // A message that ends in brackets has a reason of its own, which is better than any general one.
  const general = error.message.endsWith(')') ? undefined : HINTS[errnoCode(error) ?? ''];
  const hint = hintFor(error) ?? general;
  const added = hint === undefined || error.message.includes(hint) ? '' : ` (${hint})`;
  return `${error.message}${added}`;
}

/** Whether somebody pressed Ctrl-C. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** Whether the command line is wrong, which is so for all that it names. */
export function isUsage(error: unknown): boolean {
  return error instanceof UsageError || (error instanceof Failure && error.status === Exit.Usage);
}

export function isNotFound(error: unknown): boolean {
  return error instanceof StatusError && ['ENOENT', 'ENOTDIR'].includes(errnoCode(error) ?? '');
}

function oneLine(text: string): string {
  return printable(text.replace(/\s*\n\s*/g, ' '));
}
