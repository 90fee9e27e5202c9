import type { Extent, Extents } from '#fs/capabilities.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileAttributes } from '#wire/fscc/attributes.js';
import { CompletionFilter } from '#wire/fscc/notify.js';
import type { ServerCore } from '../core.js';
import { type DiskOpen, requireAccess, writable } from '../state/open.js';
import { requireUnlocked } from './lock.js';
import { modify } from './modified.js';
import { keepData } from './persistent.js';

/** Zeros written at a time if the medium cannot punch holes itself. */
const ZEROS = 65_536;

/** Marks the file as sparse, or clears the mark ([MS-FSA] 2.1.5.10.37 FSCTL_SET_SPARSE). */
export async function setSparse(core: ServerCore, open: DiskOpen, sparse: boolean): Promise<void> {
  requireAccess(open, FileAccess.WriteData | FileAccess.WriteAttributes | FileAccess.AppendData);
  open.tree.require('write');
  requireFile(open);
  const backend = writable(open);
  requireExtents(open);
  // Back ends keep the mark per file, not per stream.
  if (open.claim.stream !== '') return;
  await modify(core, open, CompletionFilter.Attributes, () => backend.setInfo(open.node, { sparse }));
}

/** Zeroes a range; the size does not change ([MS-FSA] 2.1.5.10.39 FSCTL_SET_ZERO_DATA). */
export async function zeroData(
  core: ServerCore,
  open: DiskOpen,
  range: { readonly from: number; readonly beyond: number },
  signal: AbortSignal,
): Promise<void> {
  const { from, beyond } = range;
  requireAccess(open, FileAccess.WriteData);
  open.tree.require('write');
  requireFile(open);
  if (from < 0 || beyond < from) throw new StatusError(NtStatus.InvalidParameter);
  await clear(core, open, { offset: from, length: beyond - from }, signal);
  await keepData(open);
}

/** Hints that ranges are unused ([MS-FSA] 2.1.5.10.6 FSCTL_FILE_LEVEL_TRIM); returns the number of ranges processed. */
export async function trim(
  core: ServerCore,
  open: DiskOpen,
  ranges: readonly Extent[],
  signal: AbortSignal,
): Promise<number> {
  requireAccess(open, FileAccess.WriteData);
  open.tree.require('write');
  requireFile(open);
  requireExtents(open);
  let done = 0;
  for (const { offset, length } of ranges) {
    if (offset < 0 || length < 0 || offset + length > Number.MAX_SAFE_INTEGER) {
      throw new StatusError(NtStatus.InvalidParameter);
    }
    await clear(core, open, { offset, length }, signal);
    done++;
  }
  return done;
}

async function clear(core: ServerCore, open: DiskOpen, range: Extent, signal: AbortSignal): Promise<void> {
  if (signal.aborted) throw new StatusError(NtStatus.Cancelled);
  const { offset, length } = range;
  const { size } = await open.backend.stat(open.handle);
  const within = { offset, length: Math.min(length, size - offset) };
  if (within.length <= 0) return;
  const backend = writable(open);
  await requireUnlocked(core, open, offset, within.length, true);
  await modify(core, open, CompletionFilter.LastWrite, () =>
    backend.extents ? backend.extents.zero(open.handle, within) : writeZeros(open, within, signal),
  );
}

async function writeZeros(open: DiskOpen, { offset, length }: Extent, signal: AbortSignal): Promise<void> {
  const backend = writable(open);
  const zeros = new Uint8Array(Math.min(length, ZEROS));
  for (let done = 0; done < length; done += zeros.length) {
    if (signal.aborted) throw new StatusError(NtStatus.Cancelled);
    await backend.write(open.handle, zeros.subarray(0, length - done), offset + done);
  }
}

/**
 * Allocated parts of a range, at most `limit` of them ([MS-FSA] 2.1.5.10.22 FSCTL_QUERY_ALLOCATED_RANGES). A file that
 * is not sparse is allocated completely.
 */
export async function allocatedRanges(open: DiskOpen, range: Extent, limit: number): Promise<readonly Extent[]> {
  requireAccess(open, FileAccess.ReadData);
  open.tree.require('read');
  requireFile(open);
  const { offset, length } = range;
  if (offset < 0 || length < 0 || offset + length > Number.MAX_SAFE_INTEGER) {
    throw new StatusError(NtStatus.InvalidParameter);
  }
  const { size, attributes } = await open.backend.stat(open.handle);
  const within = { offset, length: Math.min(length, size - offset) };
  if (within.length <= 0) return [];
  const { extents } = open.backend;
  const sparse = open.claim.stream === '' && (attributes & FileAttributes.SparseFile) !== 0;
  if (!sparse || !extents) return [within];
  return extents.allocated(open.handle, within, limit);
}

function requireFile(open: DiskOpen): void {
  if (open.isDirectory) throw new StatusError(NtStatus.InvalidParameter);
}

function requireExtents(open: DiskOpen): Extents<unknown> {
  const { extents } = open.backend;
  if (!extents) throw new StatusError(NtStatus.InvalidDeviceRequest);
  return extents;
}
