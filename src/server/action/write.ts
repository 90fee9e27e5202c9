import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { CompletionFilter } from '#wire/fscc/notify.js';
import type { ServerCore } from '../core.js';
import { LARGEST_FILE } from '../limits.js';
import { type DiskOpen, requireAccess, writable } from '../state/open.js';
import { dataChanged } from './caching.js';
import { requireUnlocked } from './lock.js';
import { publishModified } from './modified.js';

/** Offset that means the current end of the file ([MS-SMB2] 3.3.5.13). */
const END_OF_FILE = -1;

/** Writes all of `data`; with `through`, it is on stable storage when this returns. */
export async function write(
  core: ServerCore,
  open: DiskOpen,
  data: Uint8Array,
  offset: number,
  through: boolean,
  process?: number,
): Promise<void> {
  requireAccess(open, FileAccess.WriteData | FileAccess.AppendData);
  open.tree.require('write');
  if (open.isDirectory) throw new StatusError(NtStatus.InvalidDeviceRequest);
  const backend = writable(open);
  const at = offset === END_OF_FILE ? (await backend.stat(open.handle)).size : offset;
  if (at < 0) throw new StatusError(NtStatus.InvalidParameter);
  if (data.length === 0) return;
  if (at > LARGEST_FILE - data.length) throw new StatusError(NtStatus.InvalidParameter);
  const appends = requireAppending(open, at);
  if (appends instanceof Promise) await appends;
  const allowed = requireUnlocked(core, open, at, data.length, true, process);
  if (allowed instanceof Promise) await allowed;
  core.notifier.expect(backend, open.claim.path, 'modified');
  const held = core.times.before(open);
  if (held instanceof Promise) await held;
  try {
    await backend.write(open.handle, data, at);
  } finally {
    // A failed write may have changed something, too.
    const told = dataChanged(core, open);
    if (told instanceof Promise) await told;
  }
  const noted = core.times.after(open);
  if (noted instanceof Promise) await noted;
  if (through) await backend.flush(open.handle);
  publishModified(core, open, CompletionFilter.Size | CompletionFilter.LastWrite);
}

/** AccessDenied if an append-only open would overwrite existing data ([MS-SMB2] 3.3.5.13). */
export function requireAppending(open: DiskOpen, at: number): void | Promise<void> {
  if ((open.grantedAccess & FileAccess.WriteData) === 0) return requireBehind(open, at);
}

async function requireBehind({ backend, handle }: DiskOpen, at: number): Promise<void> {
  if (at < (await backend.stat(handle)).size) throw new StatusError(NtStatus.AccessDenied);
}

/** Returns when all written data is on stable storage ([MS-SMB2] 3.3.5.11). */
export async function flush(core: ServerCore, open: DiskOpen): Promise<void> {
  requireAccess(open, FileAccess.WriteData | FileAccess.AppendData);
  await core.times.flush(open);
  await writable(open).flush(open.handle);
}
