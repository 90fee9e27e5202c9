import { realpathSync, statSync } from 'node:fs';
import { UsageError } from '#wire/erref/errors.js';
import { errnoOf } from '../errno.js';
import { type Containment, PRIVATE_DIRECTORY } from './containment.js';
import type { ByteString } from './name-map.js';
import { type Libc, libc } from './native/libc.js';
import type { LocalDirectoryOptions } from './options.js';
import { ProcContainment } from './proc-containment.js';
import { RealpathContainment, realPath } from './realpath-containment.js';
import { type SnapshotPlace, snapshotPlace } from './snapshots.js';

/** The means of accessing a directory. */
export interface Reach {
  readonly containment: Containment;
  readonly libc: Libc | undefined;
  /** Where snapshots are. */
  readonly former: SnapshotPlace | undefined;
}

/** Chooses how paths below a root are kept inside, and finds native calls and snapshots. */
export function reachOf(root: string, { containment, native, snapshots }: LocalDirectoryOptions): Reach {
  const at = realRoot(root);
  const former = snapshotPlace(at, snapshots);
  const hidden = new Set([PRIVATE_DIRECTORY, ...(former?.hidden ?? [])]);
  // The native calls are given descriptors as paths in /proc.
  if (containment === 'realpath' || !hasProc()) {
    return { containment: new RealpathContainment(at, hidden), libc: undefined, former };
  }
  const calls = native === false ? undefined : libc();
  return { containment: new ProcContainment(at, hidden, calls), libc: calls, former };
}

function realRoot(root: string): ByteString {
  try {
    return realPath(Buffer.from(realpathSync(root)).toString('latin1'));
  } catch (error) {
    throw new UsageError(`the directory ${root} cannot be shared (${errnoOf(error)})`, { cause: error });
  }
}

let proc: boolean | undefined;

/** Whether the system can tell where open nodes are. */
function hasProc(): boolean {
  proc ??= process.platform === 'linux' && statSync('/proc/self/fd', { throwIfNoEntry: false }) !== undefined;
  return proc;
}
