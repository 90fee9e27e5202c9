import { UsageError } from '#wire/erref/errors.js';
import { LeaseState } from '#wire/smb2/create-context/lease.js';

/** What may be kept here: 'r' reading, 'w' writing, 'h' the handle itself, so that closing can wait. */
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

/** The reverse. */
export function cachingState(text: string): number {
  let state = 0;
  for (const letter of text) {
    const bit = BITS[letter];
    if (bit === undefined) throw new UsageError(`no caching '${text}': there are r, rh, rw, rwh`);
    state |= bit;
  }
  return state;
}

/** The server takes back what a file may cache. */
export interface CachingBreak {
  readonly from: CachingText;
  /** What is left. */
  readonly to: CachingText;
  /** Whether somebody waits until `acknowledge` is called. */
  readonly mustAcknowledge: boolean;
  /** Call it once what was cached is written, or forgotten. Doing it twice, or without need, does nothing. */
  acknowledge(): Promise<void>;
}
