import { isWritable } from '#fs/backend.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { isError, NtStatus } from '#wire/erref/nt-status.js';
import { CompletionFilter } from '#wire/fscc/notify.js';
import type { ServerCore } from '../core.js';
import { type DiskOpen, isSameData, requireAccess } from '../state/open.js';
import { requireUnlocked } from './lock.js';
import { modify } from './modified.js';
import { keepData } from './persistent.js';
import { read } from './read.js';
import { requireAppending, write } from './write.js';

/**
 * ServerSideCopyMaxNumberofChunks, ServerSideCopyMaxChunkSize and ServerSideCopyMaxDataSize, with Windows' defaults.
 */
export const CopyLimits = { chunks: 256, chunkBytes: 1_048_576, totalBytes: 16_777_216 } as const;

export interface CopyChunk {
  readonly sourceOffset: number;
  readonly targetOffset: number;
  readonly length: number;
}

/** Progress of a copy; on error, the failed chunk is the one after those written. */
export interface CopyOutcome {
  readonly status: number;
  readonly chunksWritten: number;
  readonly totalBytesWritten: number;
}

/** Whether chunks are within the limits ([MS-SMB2] 3.3.5.15.6). */
export function withinLimits(chunks: readonly CopyChunk[]): boolean {
  if (chunks.length > CopyLimits.chunks) return false;
  let total = 0;
  for (const { sourceOffset, targetOffset, length } of chunks) {
    if (length === 0 || length > CopyLimits.chunkBytes || sourceOffset < 0 || targetOffset < 0) return false;
    total += length;
  }
  return total <= CopyLimits.totalBytes;
}

/**
 * AccessDenied unless the handles allow the copy; `reads`: the control code requires read access to the target, too.
 */
export function requireCopyAccess(source: DiskOpen, target: DiskOpen, reads: boolean): void {
  if (source.isDirectory || target.isDirectory) throw new StatusError(NtStatus.InvalidDeviceRequest);
  requireAccess(target, FileAccess.WriteData | FileAccess.AppendData);
  if (reads) requireAccess(target, FileAccess.ReadData);
  requireAccess(source, FileAccess.ReadData | FileAccess.Execute);
}

/** Copies ranges of one open file to another, in order, until one fails ([MS-SMB2] 3.3.5.15.6). */
export async function copyChunks(
  core: ServerCore,
  source: DiskOpen,
  target: DiskOpen,
  chunks: readonly CopyChunk[],
  signal: AbortSignal,
): Promise<CopyOutcome> {
  let chunksWritten = 0;
  let totalBytesWritten = 0;
  try {
    for (const chunk of chunks) {
      if (signal.aborted) throw new StatusError(NtStatus.Cancelled);
      await copyChunk(core, source, target, chunk);
      chunksWritten++;
      totalBytesWritten += chunk.length;
    }
    return { status: NtStatus.Success, chunksWritten, totalBytesWritten };
  } catch (error) {
    if (!(error instanceof StatusError) || !isError(error.status)) throw error;
    return { status: error.status, chunksWritten, totalBytesWritten };
  } finally {
    if (chunksWritten > 0) await keepData(target);
  }
}

async function copyChunk(core: ServerCore, source: DiskOpen, target: DiskOpen, chunk: CopyChunk): Promise<void> {
  source.tree.require('read');
  target.tree.require('write');
  // Windows returns this where the specification has END_OF_FILE.
  const { size } = await source.backend.stat(source.handle);
  if (chunk.sourceOffset + chunk.length > size) throw new StatusError(NtStatus.InvalidViewSize);
  if (chunk.targetOffset + chunk.length > Number.MAX_SAFE_INTEGER) throw new StatusError(NtStatus.InvalidParameter);
  if (canCopyWithin(source, target, chunk)) return copyWithin(core, source, target, chunk);
  // Each chunk is read completely before it is written, as ranges of one file may overlap.
  const buffer = core.buffers.take(chunk.length);
  try {
    for (let done = 0; done < chunk.length; ) {
      const count = await read(core, source, buffer.subarray(done), chunk.sourceOffset + done);
      if (count === 0) throw new StatusError(NtStatus.InvalidViewSize);
      done += count;
    }
    await write(core, target, buffer, chunk.targetOffset, false);
  } finally {
    core.buffers.give(buffer);
  }
}

function canCopyWithin(source: DiskOpen, target: DiskOpen, chunk: CopyChunk): boolean {
  if (source.backend !== target.backend || !isWritable(source.backend) || !source.backend.copies) return false;
  if (!isSameData(source, target)) return true;
  return Math.abs(chunk.sourceOffset - chunk.targetOffset) >= chunk.length;
}

/** Delegates the copy to the medium. */
async function copyWithin(core: ServerCore, source: DiskOpen, target: DiskOpen, chunk: CopyChunk): Promise<void> {
  const { backend } = source;
  if (!isWritable(backend) || !backend.copies) throw new StatusError(NtStatus.MediaWriteProtected);
  const { copies } = backend;
  await requireAppending(target, chunk.targetOffset);
  await requireUnlocked(core, source, chunk.sourceOffset, chunk.length, false);
  await requireUnlocked(core, target, chunk.targetOffset, chunk.length, true);
  await modify(core, target, CompletionFilter.Size | CompletionFilter.LastWrite, async () => {
    for (let done = 0; done < chunk.length; ) {
      const [from, to] = [chunk.sourceOffset + done, chunk.targetOffset + done];
      const count = await copies.copy(source.handle, from, target.handle, to, chunk.length - done);
      if (count === 0) throw new StatusError(NtStatus.InvalidViewSize);
      done += count;
    }
  });
}
