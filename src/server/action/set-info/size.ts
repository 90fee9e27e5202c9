import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { CompletionFilter } from '#wire/fscc/notify.js';
import type { ServerCore } from '../../core.js';
import { LARGEST_FILE } from '../../limits.js';
import { type DiskOpen, requireAccess, writable } from '../../state/open.js';
import { dataChanged } from '../caching.js';
import { publishModified } from '../modified.js';

/** [MS-FSA] 2.1.5.15.4 FileEndOfFileInformation. */
export async function setEndOfFile(core: ServerCore, open: DiskOpen, size: number): Promise<void> {
  requireSizable(open, size);
  core.notifier.expect(open.backend, open.claim.path, 'modified');
  await writable(open).truncate(open.handle, size);
  await dataChanged(core, open);
  await core.times.changed(open);
  publishModified(core, open, CompletionFilter.Size, true);
}

/** [MS-FSA] 2.1.5.15.1 FileAllocationInformation: truncates below the file size, reserves space above it. */
export async function setAllocation(core: ServerCore, open: DiskOpen, allocation: number): Promise<void> {
  requireSizable(open, allocation);
  const { size } = await open.backend.stat(open.handle);
  if (allocation < size) await setEndOfFile(core, open, allocation);
  else {
    await dataChanged(core, open);
    await core.times.changed(open);
  }
  await reserve(core, open, allocation);
}

/**
 * Reserves space if the medium supports that; the handle reports it in any case ([MS-FSA] 2.1.5.1.1, AllocationSize).
 */
export async function reserve(core: ServerCore, open: DiskOpen, allocation: number): Promise<void> {
  open.allocation = allocation;
  const { backend, claim } = open;
  if (backend.extents?.preallocate === undefined) return;
  core.notifier.expect(backend, claim.path, 'modified');
  await backend.extents.preallocate(open.handle, allocation);
  core.notifier.done(backend, claim.path);
}

/** [MS-FSA] 2.1.5.15.14 FileValidDataLengthInformation: requires a privilege that no client has here. */
export function setValidDataLength(open: DiskOpen): never {
  requireSizable(open, 0);
  throw new StatusError(NtStatus.PrivilegeNotHeld);
}

function requireSizable(open: DiskOpen, size: number): void {
  requireAccess(open, FileAccess.WriteData);
  open.tree.require('write');
  if (open.isDirectory || size < 0 || size > LARGEST_FILE) throw new StatusError(NtStatus.InvalidParameter);
}
