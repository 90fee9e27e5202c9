import type { Smb1ServerRequest } from '#engine/smb1/server-request.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { Smb1Command } from '#wire/smb1/smb1-command.js';
import type { DisplacedPiece, TransactionAssembler } from '#wire/smb1/transaction-assembler.js';
import type { Smb1Answer, Smb1Context } from './context.js';

/** Limit on incomplete transactions per connection. */
const MOST_PENDING = 8;

/** The command code used to answer a secondary request; undefined for other commands. */
export function answersAs(command: number): number | undefined {
  switch (command) {
    case Smb1Command.TransactionSecondary:
      return Smb1Command.Transaction;
    case Smb1Command.Transaction2Secondary:
      return Smb1Command.Transaction2;
    case Smb1Command.NtTransactSecondary:
      return Smb1Command.NtTransact;
    default:
      return undefined;
  }
}

/** A transaction that is still incomplete. */
export interface PendingTransaction {
  readonly assembler: TransactionAssembler;
  /** Runs the transaction once complete, in the context of its last piece. */
  readonly run: (context: Smb1Context) => Promise<Smb1Answer | undefined>;
}

/** Incomplete transactions of a connection ([MS-CIFS] 3.3.1.6), by PID, MID, UID and TID. */
export class PendingTransactions {
  readonly #pending = new Map<string, PendingTransaction>();

  /** InsufficientResources if there are too many. A new transaction replaces an older one with the same ids. */
  begin(request: Smb1ServerRequest, pending: PendingTransaction): void {
    const key = keyOf(request, request.command);
    if (this.#pending.size >= MOST_PENDING && !this.#pending.has(key)) {
      throw new StatusError(NtStatus.InsufficientResources);
    }
    this.#pending.set(key, pending);
  }

  /** Adds a secondary request; returns the transaction once it is complete. */
  add(request: Smb1ServerRequest, piece: DisplacedPiece): PendingTransaction | undefined {
    const key = keyOf(request, answersAs(request.command) ?? 0);
    const pending = this.#pending.get(key);
    if (!pending) throw new StatusError(NtStatus.InvalidSmb);
    try {
      pending.assembler.add(piece);
    } catch (error) {
      this.#pending.delete(key);
      throw error;
    }
    if (!pending.assembler.complete) return undefined;
    this.#pending.delete(key);
    return pending;
  }
}

function keyOf({ header, ids }: Smb1ServerRequest, command: number): string {
  return `${command}:${header.pid}:${header.mid}:${ids.uid}:${ids.tid}`;
}
