import { UsageError } from '#wire/erref/errors.js';
import { LeaseState } from '#wire/smb2/create-context/lease.js';

/** What the client may cache: 'r' reads, 'w' writes, 'h' the handle itself (the close may be delayed). */
export type CachingText = '' | 'r' | 'rh' | 'rw' | 'rwh';

const BITS: Readonly<Record<string, number>> = {
  r: LeaseState.ReadCaching,
  w: LeaseState.WriteCaching,
  h: LeaseState.HandleCaching,
};

/** LeaseState bits as letters. */
export function cachingText(state: number): CachingText {
  return Object.entries(BITS)
    .map(([letter, bit]) => ((state & bit) === 0 ? '' : letter))
    .join('') as CachingText;
}

/** The reverse of `cachingText`. */
export function cachingState(text: string): number {
  let state = 0;
  for (const letter of text) {
    const bit = BITS[letter];
    if (bit === undefined) throw new UsageError(`no caching '${text}': there are r, rh, rw, rwh`);
    state |= bit;
  }
  return state;
}

/** The server reduces what the client may cache for a file. */
export interface CachingBreak {
  readonly from: CachingText;
  /** What may still be cached. */
  readonly to: CachingText;
  /** True if the server waits for `acknowledge`. */
  readonly mustAcknowledge: boolean;
  /**
   * Call it once cached data is written back or discarded. Calling it twice, or when it is not required, does nothing.
   */
  acknowledge(): Promise<void>;
}
