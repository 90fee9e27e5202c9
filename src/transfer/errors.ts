import { ConnectionLost, errnoCode, SmbError } from '#client/index.js';
import { LINKED } from '#trees/dots.js';

/** Why something was not transferred, by a stable name. */
export type TransferErrorCode =
  /** The file was written to while it was read. */
  | 'TRANSFER_CHANGED'
  /** The name cannot be, here or there. */
  | 'TRANSFER_BAD_NAME'
  /** Two names that are the same name at the target. */
  | 'TRANSFER_COLLISION'
  /** A directory that contains itself. */
  | 'TRANSFER_CYCLE'
  /** What was read back is not what was written. */
  | 'TRANSFER_DIFFERS'
  /** A directory where a file is to be, or the other way. */
  | 'TRANSFER_KIND';

/** One file or directory that was not transferred; others may have been. */
export class TransferError extends SmbError {
  override readonly code: TransferErrorCode;

  constructor(code: TransferErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
    this.code = code;
  }
}

/** The connection was lost and has come back, and what the server says to the same request may be our own doing. */
export function isUnknown(error: unknown): boolean {
  return error instanceof ConnectionLost && error.code === 'SMB_OUTCOME_UNKNOWN';
}

/** A server that follows links on its own has shown one as what it leads to. */
export function linkedDirectory(): TransferError {
  return new TransferError('TRANSFER_KIND', LINKED);
}

/** What would happen to each of the files that are left, too: the connection is lost, the disk is full. */
export function isFatal(error: unknown): boolean {
  if (error instanceof ConnectionLost) return !isUnknown(error);
  const code = errnoCode(error) ?? (error as NodeJS.ErrnoException | undefined)?.code;
  return code === 'ENOSPC' || code === 'EDQUOT' || code === 'ENOTCONN';
}
