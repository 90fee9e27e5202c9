import { ConnectionLost, errnoCode, SmbError } from '#client/index.js';
import { LINKED } from '#trees/dots.js';

/** Why something was not transferred, as a stable code. */
export type TransferErrorCode =
  /** The file was modified while it was read. */
  | 'TRANSFER_CHANGED'
  /** The name is not possible here or there. */
  | 'TRANSFER_BAD_NAME'
  /** Two names are the same name at the target. */
  | 'TRANSFER_COLLISION'
  /** A directory that contains itself. */
  | 'TRANSFER_CYCLE'
  /** The data read back is not what was written. */
  | 'TRANSFER_DIFFERS'
  /** A directory where a file is expected, or the other way round. */
  | 'TRANSFER_KIND';

/** A failure of one file or directory; others may have been transferred. */
export class TransferError extends SmbError {
  override readonly code: TransferErrorCode;

  constructor(code: TransferErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
    this.code = code;
  }
}

/** The connection was lost and re-established: the server's reply may be due to our own first attempt. */
export function isUnknown(error: unknown): boolean {
  return error instanceof ConnectionLost && error.code === 'SMB_OUTCOME_UNKNOWN';
}

/** A server that follows links by itself has presented one as the directory it points to. */
export function linkedDirectory(): TransferError {
  return new TransferError('TRANSFER_KIND', LINKED);
}

/** Whether all remaining files would fail as well: the connection is lost, or the disk is full. */
export function isFatal(error: unknown): boolean {
  if (error instanceof ConnectionLost) return !isUnknown(error);
  const code = errnoCode(error) ?? (error as NodeJS.ErrnoException | undefined)?.code;
  return code === 'ENOSPC' || code === 'EDQUOT' || code === 'ENOTCONN';
}
