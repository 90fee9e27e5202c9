import { filetimeFromMs } from '#wire/dtyp/filetime.js';

/** The current time as a FILETIME. */
export type Clock = () => bigint;

export const systemClock: Clock = () => filetimeFromMs(Date.now());
