import type { Wire } from '../io/layout.js';
import { NtStatus, statusName } from './nt-status.js';

/** Base of all errors of this package. `code` is stable; messages are for people. */
export class SmbError extends Error {
  readonly code: string;
  /** What it means or what may help, where that is known; the message ends in it. */
  readonly hint: string | undefined;

  constructor(code: string, message: string, options: ErrorOptions & { hint?: string } = {}) {
    super(options.hint === undefined ? message : `${message} (${options.hint})`, options);
    this.hint = options.hint;
    this.name = new.target.name;
    this.code = code;
  }
}

/** What a status was about. */
export interface StatusDetails {
  readonly command?: string | undefined;
  readonly path?: string | undefined;
  readonly dest?: string | undefined;
  readonly hint?: string | undefined;
  readonly data?: Wire | undefined;
}

/** A peer refused, or we refuse: an NT status with the command and path it was about. */
export class StatusError extends SmbError {
  /** 32-bit NT status ([MS-ERREF] 2.3). */
  readonly status: number;
  readonly command: string | undefined;
  /** With slashes between the names, whichever way it travelled. */
  readonly path: string | undefined;
  /** The other path, where it was about two. */
  readonly dest: string | undefined;
  /** What the peer sent along: where a link leads, where a share went. */
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

/** As people write paths; `\\\\server\\share` stays. */
function slashed(path: string | undefined): string | undefined {
  return path?.startsWith('\\\\') ? path : path?.replaceAll('\\', '/');
}

/** On one line, and without what a terminal would obey. */
function printable(path: string): string {
  return (path || '/').replace(/\p{Cc}/gu, (found) => `\\x${found.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** The caller asked for something that makes no sense: wrong option, closed handle, bad URL. */
export class UsageError extends SmbError {
  constructor(message: string, { code = 'SMB_USAGE', ...options }: ErrorOptions & { code?: string } = {}) {
    super(code, message, options);
  }
}

/** The connection is gone or did not come about: socket error, time-out, violation of the protocol. */
export class ConnectionLost extends SmbError {
  /** Whether trying again may help. */
  readonly retryable: boolean;

  constructor(message: string, options: ErrorOptions & { retryable?: boolean; code?: string; hint?: string } = {}) {
    super(options.code ?? 'SMB_CONNECTION_LOST', message, options);
    this.retryable = options.retryable ?? true;
  }
}

/** The status that an error means to a peer; anything we did not expect is an internal error. */
export function statusOf(error: unknown): number {
  if (error instanceof StatusError) return error.status;
  if (error instanceof SmbError && error.code === 'SMB_MALFORMED') return NtStatus.InvalidParameter;
  return NtStatus.InternalError;
}
