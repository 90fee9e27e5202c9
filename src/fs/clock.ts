import { filetimeFromMs } from '#wire/dtyp/filetime.js';

/** Now, as FILETIME. */
export type Clock = () => bigint;

export const systemClock: Clock = () => filetimeFromMs(Date.now());
