import { lstatSync, mkdirSync } from 'node:fs';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { errnoOf } from '../errno.js';
import { type Containment, PRIVATE_DIRECTORY } from './containment.js';
import { type ByteString, nativePath } from './name-map.js';

/** Gives the directory that is ours, which need not be there, and gives it free again. Fails if it is none. */
export type PrivatePlace = () => { readonly directory: ByteString; release(): void };

/** `option`: another place, or false for none. */
export function privatePlace(containment: Containment, option: string | false | undefined): PrivatePlace | undefined {
  if (option === false) return undefined;
  if (option !== undefined) {
    const directory = Buffer.from(option).toString('latin1');
    return () => ({ directory, release: () => {} });
  }
  return () => {
    // The private directory must be one: a symlink planted there would lead the file out.
    const at = containment.parent('');
    const directory = `${at.at}/${PRIVATE_DIRECTORY}`;
    const stats = lstatSync(nativePath(directory), { throwIfNoEntry: false });
    if (stats === undefined || stats.isDirectory()) return { directory, release: at.release };
    at.release();
    throw new StatusError(NtStatus.AccessDenied, { path: PRIVATE_DIRECTORY });
  };
}

/** Makes a directory that only we can look into, unless it is there. */
export function makeDirectory(directory: ByteString): void {
  try {
    mkdirSync(nativePath(directory), 0o700);
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
}
