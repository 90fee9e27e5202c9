import { errnoCode, hintFor, SmbError, StatusError, UsageError } from '#client/index.js';
import { printable } from '#viewer/index.js';
import { Exit } from './exit.js';

/** A failure whose message is complete. */
export class Failure extends Error {
  readonly status: number;

  constructor(message: string, options: ErrorOptions & { status?: number } = {}) {
    super(message, options);
    this.status = options.status ?? Exit.Failed;
  }
}

/** The line to print for an error, and the exit status. */
export function explainError(error: unknown, place?: string): { line: string; status: number } {
  const { text, status, general } = explained(error, place);
  return { line: oneLine(place === undefined || general ? text : `${place}: ${text}`), status };
}

/** Why something at a place failed, in one line that does not name the place. */
export function reasonOf(error: unknown, place?: string): string {
  return oneLine(explained(error, place).text);
}

/** `general`: the error is not about one place, or names it already. */
function explained(error: unknown, place?: string): { text: string; status: number; general: boolean } {
  if (error instanceof Failure) return { text: error.message, status: error.status, general: true };
  if (error instanceof UsageError) return { text: error.message, status: Exit.Usage, general: true };
  if (isAbort(error)) return { text: 'interrupted', status: Exit.Interrupted, general: true };
  const text =
    error instanceof SmbError
      ? smbMessage(error)
      : (systemMessage(error, place) ?? (error instanceof Error ? error.message : String(error)));
  return { text, status: Exit.Failed, general: false };
}

/** An error of the local system in readable form: `/srv/a: no such file or directory (ENOENT)`. */
function systemMessage(error: unknown, place: string | undefined): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, path, dest, message } = error as NodeJS.ErrnoException & { dest?: string };
  const found = /^([A-Z][A-Z0-9]+): (.*?), [a-z]+(?: |$)/.exec(message);
  if (found === null || found[1] !== code) return undefined;
  const names = [path, dest].filter((name) => name !== undefined && name !== '' && name !== place);
  return `${names.length > 0 ? `${names.join(' -> ')}: ` : ''}${found[2]} (${code})`;
}

/** A failure in the output of `--json`. */
export interface FailureJson {
  readonly path?: string;
  readonly code: string;
  readonly status?: string;
  readonly message: string;
}

export function failureJson(error: unknown, path?: string): FailureJson {
  const cause = error instanceof Failure ? (error.cause ?? error) : error;
  const code = isAbort(cause) ? 'ABORT_ERR' : (errnoCode(cause) ?? (cause as { code?: unknown } | undefined)?.code);
  return {
    ...(path === undefined ? {} : { path }),
    code: typeof code === 'string' ? code : 'UNKNOWN',
    ...(cause instanceof StatusError ? { status: cause.statusName } : {}),
    message: reasonOf(error, path),
  };
}

/** Used if the library has no better hint. */
const HINTS: Readonly<Record<string, string>> = {
  ENOENT: 'there is nothing by that name',
  EEXIST: 'something by that name is there already',
  EACCES: 'this account may not do that',
  EISDIR: 'it is a directory: get, put, cp and rm take it with -r',
  ENOTDIR: 'it is not a directory',
  ENOTEMPTY: 'the directory is not empty',
  EROFS: 'the share is read only',
  ENOSPC: 'no space is left',
  EINVAL: 'the server does not take such a name',
};

const NO_GLOB = "'*' and '?' match names only in the last part of an existing path; no name contains them";

function smbMessage(error: SmbError): string {
  // The library's messages name its options; translate them into flags.
  return inFull(error)
    .replace(/dialects:? \{ min: 'NT1' \}/, '--dialects NT1')
    .replace('it is read-only, or in use', "it is read-only, which 'rm -f' does not mind, or in use")
    .replace('signing is required here,', "signing is required here unless '--signing enabled' is said,");
}

function inFull(error: SmbError): string {
  if (isGlob(error)) return `${error.message.replace(/ \([^()]*\)$/, '')} (${NO_GLOB})`;
  // A message that ends in parentheses already gives a reason, which is better than a general one.
  const general = error.message.endsWith(')') ? undefined : HINTS[errnoCode(error) ?? ''];
  const hint = hintFor(error) ?? general;
  const added = hint === undefined || error.message.includes(hint) ? '' : ` (${hint})`;
  return `${error.message}${added}`;
}

function isGlob(error: SmbError): boolean {
  if (!(error instanceof StatusError)) return false;
  return error.statusName === 'STATUS_OBJECT_NAME_INVALID' && /[*?]/.test(error.path ?? '');
}

/** For example `1 of 3 failed; the others are done`. */
export function failuresOf(failed: number, all: number): string {
  return `${failed} of ${all} failed${failed < all ? '; the others are done' : ''}`;
}

/** Whether somebody pressed Ctrl-C. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** Whether the command line is wrong, which affects everything on it. */
export function isUsage(error: unknown): boolean {
  return error instanceof UsageError || (error instanceof Failure && error.status === Exit.Usage);
}

export function isNotFound(error: unknown): boolean {
  return error instanceof StatusError && ['ENOENT', 'ENOTDIR'].includes(errnoCode(error) ?? '');
}

function oneLine(text: string): string {
  return printable(text.replace(/\s*\n\s*/g, ' '));
}
