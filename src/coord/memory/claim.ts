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

/** State shared by all opens of one stream, or of the file itself. */
export class StreamState {
  /** Byte-range locks held. */
  readonly locks: LockTable = new LockTable();
  /** Waiting lock requests, oldest first, and the number of locks they ask for. */
  readonly waiting: Set<LockWaiter> = new Set();
  asked = 0;
  /** Holders that cache something or have a break to acknowledge. */
  readonly holders: Set<Holder> = new Set();
  /** Those waiting for others to give up handle caching; each is called to look again. */
  readonly yielding: Set<() => void> = new Set();
  /** Persistent opens with disconnected clients: until they reconnect or end, nobody else can open the stream. */
  awaited = 0;
}

/** An open known to this process's coordinator. */
export class MemoryClaim implements Claim {
  readonly volume: string;
  readonly file: bigint;
  /** Volume and file number combined, to look up the file. */
  readonly key: string;
  path: string;
  stream: string;
  /** The stream's name, case-folded. */
  streamKey: string;
  readonly access: number;
  readonly share: number;
  deleteOnClose: boolean;
  /** The open has been admitted and has not ended. */
  entered = false;
  /** The name is removed when this open is closed, even if others have the file open. */
  posixDelete = false;
  readonly owner: string;
  parentKey: string | undefined;
  readonly caching: CachingRequest | undefined;
  holder: Holder | undefined;
  /** Byte-range locks held by this open. */
  locks: Set<LockNode> | undefined;
  /** Set while its client is disconnected and may come back. */
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

  /** The client reconnected, or the open ended: it no longer keeps others out. */
  comeBack(): void {
    if (this.disconnected === 'persistent') this.state.awaited--;
    this.disconnected = undefined;
  }
}

/** Whether an open has been admitted and has not ended. */
export function isEntered(claim: Claim): boolean {
  return (claim as MemoryClaim).entered;
}

/** State that a claim shares with the other opens of its stream. */
export function stateOf(claim: Claim): StreamState {
  return (claim as MemoryClaim).state;
}
