import { upcase } from '#wire/fscc/upcase.js';
import type { CachingRequest } from '../caching.js';
import type { Tenacity } from '../durables.js';
import type { HeldLock, LockOutcome } from '../locks.js';
import type { Claim, ClaimRequest } from '../opens.js';
import type { Holder } from './holder.js';
import { type LockNode, LockTable } from './lock-table.js';

export interface LockWaiter {
  readonly locks: readonly HeldLock[];
  readonly settle: (outcome: LockOutcome) => void;
}

/** What the opens of one stream, or of the file itself, share. */
export class StreamState {
  /** Byte-range locks that are held. */
  readonly locks: LockTable = new LockTable();
  /** Who waits for his, oldest first, and how many locks that would be. */
  readonly waiting: Set<LockWaiter> = new Set();
  asked = 0;
  /** Who caches something, or has to acknowledge that it does not any more. */
  readonly holders: Set<Holder> = new Set();
  /** Who waits for others to close what they keep open just in case; each looks again when called. */
  readonly yielding: Set<() => void> = new Set();
  /** Persistent opens whose clients are gone: until they are back or at their end, nobody else opens the stream. */
  awaited = 0;
}

/** An open of this process's coordinator. */
export class MemoryClaim implements Claim {
  readonly volume: string;
  readonly file: bigint;
  /** Both of them: what the file is found by. */
  readonly key: string;
  path: string;
  stream: string;
  /** The stream's name without regard to case. */
  streamKey: string;
  readonly access: number;
  readonly share: number;
  deleteOnClose: boolean;
  /** It has been let in, and has not ended. */
  entered = false;
  /** The name goes with this open. */
  posixDelete = false;
  readonly owner: string;
  parentKey: string | undefined;
  readonly caching: CachingRequest | undefined;
  holder: Holder | undefined;
  /** Byte-range locks that it holds. */
  locks: Set<LockNode> | undefined;
  /** Its client is gone, and may come back. */
  disconnected: Tenacity | undefined;
  state: StreamState = new StreamState();

  constructor(request: ClaimRequest) {
    this.volume = request.volume;
    this.file = request.file;
    this.key = `${request.volume}:${request.file}`;
    this.path = request.path;
    this.stream = request.stream;
    this.streamKey = upcase(request.stream);
    this.access = request.access;
    this.share = request.share;
    this.deleteOnClose = request.deleteOnClose;
    this.owner = request.owner ?? '';
    this.parentKey = request.parentKey;
    this.caching = request.caching;
  }

  /** The client is back, or the open at its end: nobody is kept away for it any more. */
  comeBack(): void {
    if (this.disconnected === 'persistent') this.state.awaited--;
    this.disconnected = undefined;
  }
}

/** Whether an open is let in and has not ended. */
export function isEntered(claim: Claim): boolean {
  return (claim as MemoryClaim).entered;
}

/** What a claim shares with the others of its stream. */
export function stateOf(claim: Claim): StreamState {
  return (claim as MemoryClaim).state;
}
