import type { Wire } from '../io/layout.js';
import { NtStatus, statusName } from './nt-status.js';

/** Base class of all errors of this package. `code` is stable; messages are for humans and may change. */
export class SmbError extends Error {
  readonly code: string;
  /** Explanation or advice, if there is any; the message ends with it. */
  readonly hint: string | undefined;

  constructor(code: string, message: string, options: ErrorOptions & { hint?: string } = {}) {
    super(options.hint === undefined ? message : `${message} (${options.hint})`, options);
    this.hint = options.hint;
    this.name = new.target.name;
    this.code = code;
  }
}

/** Context of a status. */
export interface StatusDetails {
  readonly command?: string | undefined;
  readonly path?: string | undefined;
  readonly dest?: string | undefined;
  readonly hint?: string | undefined;
  readonly data?: Wire | undefined;
}

/** A refusal, by a peer or by us: an NT status with the command and path concerned. */
export class StatusError extends SmbError {
  /** 32-bit NT status ([MS-ERREF] 2.3). */
  readonly status: number;
  readonly command: string | undefined;
  /** With slashes as separators, whatever the wire form. */
  readonly path: string | undefined;
  /** The second path, for operations on two. */
  readonly dest: string | undefined;
  /** Error data from the peer, such as the target of a link or the new location of a share. */
  readonly data: Wire | undefined;
  constructor(status: number, where: StatusDetails = {}) {
    const name = statusName(status);
    const [path, dest] = [slashed(where.path), slashed(where.dest)];
    const paths = [path, dest].filter((each) => each !== undefined).map(printable);
    const about = [where.command, paths.join(' -> ')].filter((part) => part).join(' ');
    super(name, `${about ? `${about}: ` : ''}${name}`, where.hint === undefined ? {} : { hint: where.hint });
    this.status = status;
    this.command = where.command;
    this.path = path;
    this.dest = dest;
    this.data = where.data;
  }

  /** The status by its name, `STATUS_ACCESS_DENIED`. */
  get statusName(): string {
    return statusName(this.status);
  }
}

/** Converts to slashes; `\\\\server\\share` stays as it is. */
function slashed(path: string | undefined): string | undefined {
  return path?.startsWith('\\\\') ? path : path?.replaceAll('\\', '/');
}

/** On one line, without terminal control characters. */
function printable(path: string): string {
  return (path || '/').replace(/\p{Cc}/gu, (found) => `\\x${found.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** The caller made a mistake: invalid option, closed handle, bad URL. */
export class UsageError extends SmbError {
  constructor(message: string, { code = 'SMB_USAGE', ...options }: ErrorOptions & { code?: string } = {}) {
    super(code, message, options);
  }
}

/** The connection was lost or could not be made: socket error, time-out, protocol violation. */
export class ConnectionLost extends SmbError {
  /** Whether a retry may help. */
  readonly retryable: boolean;

  constructor(message: string, options: ErrorOptions & { retryable?: boolean; code?: string; hint?: string } = {}) {
    super(options.code ?? 'SMB_CONNECTION_LOST', message, options);
    this.retryable = options.retryable ?? true;
  }
}

/** The status to send to a peer for an error; unexpected ones become an internal error. */
export function statusOf(error: unknown): number {
  if (error instanceof StatusError) return error.status;
  if (error instanceof SmbError && error.code === 'SMB_MALFORMED') return NtStatus.InvalidParameter;
  return NtStatus.InternalError;
}
