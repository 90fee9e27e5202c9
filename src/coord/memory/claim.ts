import { upcase } from '#wire/fscc/upcase.js';
import type { HeldLock, LockOutcome } from '../locks.js';
import type { Claim, ClaimRequest } from '../opens.js';

export interface LockWaiter {
  readonly locks: readonly HeldLock[];
  readonly settle: (outcome: LockOutcome) => void;
}

/** What the opens of one stream, or of the file itself, share. */
export class StreamState {
  /** Byte-range locks, oldest first, and who waits for his, likewise. */
  held: HeldLock[] = [];
  waiting: LockWaiter[] = [];
}

/** An open of this process's coordinator. */
export class MemoryClaim implements Claim {
  readonly volume: string;
  readonly file: bigint;
  path: string;
  stream: string;
  /** The stream's name without regard to case. */
  streamKey: string;
  readonly access: number;
  readonly share: number;
  readonly deleteOnClose: boolean;
  readonly owner: string;
  state: StreamState = new StreamState();

  constructor(request: ClaimRequest) {
    this.volume = request.volume;
    this.file = request.file;
    this.path = request.path;
    this.stream = request.stream;
    this.streamKey = upcase(request.stream);
    this.access = request.access;
    this.share = request.share;
    this.deleteOnClose = request.deleteOnClose;
    this.owner = request.owner ?? '';
  }
}

/** What a claim shares with the others of its stream. */
export function stateOf(claim: Claim): StreamState {
  return (claim as MemoryClaim).state;
}
