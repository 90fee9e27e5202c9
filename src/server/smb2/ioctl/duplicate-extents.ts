import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { DuplicateExtentsData, DuplicateExtentsDataEx } from '#wire/fscc/fsctl/duplicate-extents.js';
import { Fsctl } from '#wire/fscc/fsctl/fsctl.js';
import type { FileId } from '#wire/io/file-id.js';
import type { IoctlRequest } from '#wire/smb2/command/ioctl.js';
import { duplicateExtents as duplicate, requireCloning } from '../../action/duplicate-extents.js';
import type { DiskOpen } from '../../state/open.js';
import { fileIdOf, type Smb2Context } from '../context.js';
import { DONE, type FsctlAnswer, inputOf } from './fsctl.js';

/** FSCTL_DUPLICATE_EXTENTS_TO_FILE and its _EX form, which is always atomic here ([MS-FSCC] 2.3.7 and 2.3.9). */
export async function duplicateExtents(
  target: DiskOpen,
  request: IoctlRequest,
  context: Smb2Context,
): Promise<FsctlAnswer> {
  requireCloning(target);
  const isEx = request.ctlCode === Fsctl.DuplicateExtentsToFileEx;
  const data = inputOf(request, isEx ? new DuplicateExtentsDataEx() : new DuplicateExtentsData());
  const { sourceFileOffset: sourceOffset, targetFileOffset: targetOffset, byteCount: length } = data;
  const source = sourceOf(target, data.sourceFileId);
  await source.work.hold(duplicate(context.core, source, target, { sourceOffset, targetOffset, length }));
  return DONE;
}

// The source may be any open of the session, whatever its tree connect.
function sourceOf(target: DiskOpen, fileId: FileId): DiskOpen {
  const open = target.tree.session.opens.get(fileId.v0);
  if (open?.kind !== 'disk' || !fileIdOf(open).equals(fileId)) throw new StatusError(NtStatus.InvalidHandle);
  return open;
}
