import type { NodeInfo } from '#fs/backend.js';
import { isWritable } from '#fs/backend.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileAttributes } from '#wire/fscc/attributes.js';
import { CompletionFilter } from '#wire/fscc/notify.js';
import type { ServerCore } from '../core.js';
import { type DiskOpen, isSameData, requireAccess } from '../state/open.js';
import { modify } from './modified.js';
import { keepData } from './persistent.js';

export interface Duplication {
  readonly sourceOffset: number;
  readonly targetOffset: number;
  readonly length: number;
}

/** InvalidDeviceRequest if the medium cannot clone blocks. */
export function requireCloning(target: DiskOpen): void {
  if (!isWritable(target.backend) || !target.backend.copies?.clone) {
    throw new StatusError(NtStatus.InvalidDeviceRequest);
  }
}

/**
 * Clones a range of one file into another ([MS-FSA] 2.1.5.10.4 FSCTL_DUPLICATE_EXTENTS_TO_FILE). Byte-range locks are
 * ignored, and file sizes do not change.
 */
export async function duplicateExtents(
  core: ServerCore,
  source: DiskOpen,
  target: DiskOpen,
  asked: Duplication,
): Promise<void> {
  const { backend } = target;
  if (!isWritable(backend) || !backend.copies?.clone) throw new StatusError(NtStatus.InvalidDeviceRequest);
  // Windows returns this where the specification has INVALID_PARAMETER.
  if (source.backend !== backend) throw new StatusError(NtStatus.InvalidHandle);
  if (source.isDirectory || target.isDirectory) throw new StatusError(NtStatus.NotSupported);
  requireAccess(target, FileAccess.WriteData);
  requireAccess(source, FileAccess.ReadData);
  source.tree.require('read');
  target.tree.require('write');
  const infos = [await backend.stat(source.handle), await backend.stat(target.handle)] as const;
  const length = lengthWithin(asked, ...infos);
  if (length === 0) return;
  await requireUnits(target, { ...asked, length }, infos[0].size);
  requireApart(source, target, { ...asked, length });
  if (isSparse(infos[0]) && !isSparse(infos[1])) throw new StatusError(NtStatus.NotSupported);
  const { copies } = backend;
  const { sourceOffset, targetOffset } = asked;
  await modify(core, target, CompletionFilter.LastWrite, () =>
    copies.clone?.(source.handle, sourceOffset, target.handle, targetOffset, length),
  );
  await keepData(target);
}

/** The length to clone: a range beyond the source's end is refused, beyond the target's end it is cut off. */
function lengthWithin({ sourceOffset, targetOffset, length }: Duplication, from: NodeInfo, to: NodeInfo): number {
  const ends = [sourceOffset + length, targetOffset + length];
  if (Math.min(sourceOffset, targetOffset, length) < 0 || Math.max(...ends) > Number.MAX_SAFE_INTEGER) {
    throw new StatusError(NtStatus.InvalidParameter);
  }
  if (sourceOffset + length > from.size) throw new StatusError(NtStatus.NotSupported);
  if (targetOffset > to.size) throw new StatusError(NtStatus.InvalidParameter);
  return Math.min(length, to.size - targetOffset);
}

async function requireUnits(target: DiskOpen, range: Duplication, sourceSize: number): Promise<void> {
  const unit = (await target.backend.space?.())?.unit ?? 1;
  const whole = range.length % unit === 0 || range.sourceOffset + range.length === sourceSize;
  if (range.sourceOffset % unit !== 0 || range.targetOffset % unit !== 0 || !whole) {
    throw new StatusError(NtStatus.InvalidParameter);
  }
}

function requireApart(source: DiskOpen, target: DiskOpen, range: Duplication): void {
  if (!isSameData(source, target)) return;
  if (Math.abs(range.sourceOffset - range.targetOffset) < range.length) throw new StatusError(NtStatus.NotSupported);
}

function isSparse(info: NodeInfo): boolean {
  return (info.attributes & FileAttributes.SparseFile) !== 0;
}
