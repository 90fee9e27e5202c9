import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { ServerCore } from '../core.js';
import { type DiskOpen, requireAccess } from '../state/open.js';
import { requireUnlocked } from './lock.js';

/** Reads into `into` from `offset` and returns the number of bytes; 0 at or beyond the end ([MS-SMB2] 3.3.5.12). */
export function read(
  core: ServerCore,
  open: DiskOpen,
  into: Uint8Array,
  offset: number,
  process?: number,
): number | Promise<number> {
  requireAccess(open, FileAccess.ReadData | FileAccess.Execute);
  open.tree.require('read');
  if (open.isDirectory) throw new StatusError(NtStatus.InvalidDeviceRequest);
  if (offset < 0) throw new StatusError(NtStatus.InvalidParameter);
  if (into.length === 0) return 0;
  // [MS-FSA] 2.1.5.3: the last byte has a place, too. No file reaches as far as the medium could not count.
  if (offset === Number.POSITIVE_INFINITY) throw new StatusError(NtStatus.InvalidParameter);
  if (offset > Number.MAX_SAFE_INTEGER - into.length) return 0;
  const allowed = requireUnlocked(core, open, offset, into.length, false, process);
  if (allowed instanceof Promise) return allowed.then(() => open.backend.read(open.handle, into, offset));
  return open.backend.read(open.handle, into, offset);
}
