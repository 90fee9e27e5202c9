import { lstatSync, mkdirSync } from 'node:fs';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { errnoOf } from '../errno.js';
import { type Containment, PRIVATE_DIRECTORY } from './containment.js';
import { type ByteString, nativePath } from './name-map.js';

/** Returns our private directory, which need not exist, held until `release`. Throws if it is not a directory. */
export type PrivatePlace = () => { readonly directory: ByteString; release(): void };

/** `option`: another directory, or false for none. */
export function privatePlace(containment: Containment, option: string | false | undefined): PrivatePlace | undefined {
  if (option === false) return undefined;
  if (option !== undefined) {
    const directory = Buffer.from(option).toString('latin1');
    return () => ({ directory, release: () => {} });
  }
  return () => {
    // The private directory must be a real one: a planted symlink would lead outside.
    const at = containment.parent('');
    const directory = `${at.at}/${PRIVATE_DIRECTORY}`;
    const stats = lstatSync(nativePath(directory), { throwIfNoEntry: false });
    if (stats === undefined || stats.isDirectory()) return { directory, release: at.release };
    at.release();
    throw new StatusError(NtStatus.AccessDenied, { path: PRIVATE_DIRECTORY });
  };
}

/** Creates a directory with access for this user only, unless it exists. */
export function makeDirectory(directory: ByteString): void {
  try {
    mkdirSync(nativePath(directory), 0o700);
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
}
