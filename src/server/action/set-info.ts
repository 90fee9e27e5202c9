import type { Patience } from '#coord/patience.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileAllocationInformation } from '#wire/fscc/file-info/allocation.js';
import { FileBasicInformation } from '#wire/fscc/file-info/basic.js';
import { FileInfoClass, fileInfoClasses } from '#wire/fscc/file-info/classes.js';
import { FileDispositionInformation } from '#wire/fscc/file-info/disposition.js';
import { FileDispositionInformationEx } from '#wire/fscc/file-info/disposition-ex.js';
import { FileEndOfFileInformation } from '#wire/fscc/file-info/end-of-file.js';
import { FileLinkInformation } from '#wire/fscc/file-info/link.js';
import { FileModeInformation } from '#wire/fscc/file-info/mode.js';
import { FilePositionInformation } from '#wire/fscc/file-info/position.js';
import { FileRenameInformation } from '#wire/fscc/file-info/rename.js';
import { FileRenameInformationEx } from '#wire/fscc/file-info/rename-ex.js';
import { FileValidDataLengthInformation } from '#wire/fscc/file-info/valid-data-length.js';
import { Decoder } from '#wire/io/decoder.js';
import type { Wire } from '#wire/io/layout.js';
import { CreateOptions } from '#wire/smb2/command/create.js';
import type { ServerCore } from '../core.js';
import type { DiskOpen } from '../state/open.js';
import { setEas } from './eas.js';
import { MODE_OPTIONS } from './facts.js';
import { keepData } from './persistent.js';
import { setBasic } from './set-info/basic.js';
import { setDisposition, setDispositionEx } from './set-info/disposition.js';
import { setLink } from './set-info/link.js';
import { replacingOf, setRename } from './set-info/rename.js';
import { setAllocation, setEndOfFile, setValidDataLength } from './set-info/size.js';

const decoder = new Decoder();

/** Decodes and applies a file information class ([MS-SMB2] 3.3.5.21.1, [MS-FSA] 2.1.5.15). */
export async function setFileInfo(
  core: ServerCore,
  open: DiskOpen,
  infoClass: number,
  bytes: Uint8Array,
  patience?: Patience,
): Promise<void> {
  const row = fileInfoClasses[infoClass];
  if (!row) throw new StatusError(NtStatus.InvalidInfoClass);
  if (infoClass === FileInfoClass.FullEa) return setEas(core, open, bytes);
  if (bytes.length < row.size) throw new StatusError(NtStatus.InfoLengthMismatch);
  const info = row.make();
  info.layout(decoder.reset(bytes));
  await applyFileInfo(core, open, infoClass, info, patience);
}

/** Classes that, besides renames, change what the records of persistent opens contain. */
const RECORDED: readonly number[] = [FileInfoClass.Basic, FileInfoClass.Disposition, FileInfoClass.DispositionEx];

/** Applies an information structure; with patience, waits for others to give up handle caching. */
export async function applyFileInfo(
  core: ServerCore,
  open: DiskOpen,
  infoClass: number,
  info: Wire,
  patience?: Patience,
): Promise<void> {
  await apply(core, open, infoClass, info, patience);
  if (core.persistents.size > 0 && RECORDED.includes(infoClass)) await core.persistents.saveAll(open.claim);
}

async function apply(
  core: ServerCore,
  open: DiskOpen,
  infoClass: number,
  info: Wire,
  patience: Patience | undefined,
): Promise<void> {
  if (info instanceof FileBasicInformation) return setBasic(core, open, info);
  if (info instanceof FileRenameInformation)
    return setRename(core, open, info, { replace: info.replaceIfExists, patience });
  if (info instanceof FileRenameInformationEx)
    return setRename(core, open, info, { ...replacingOf(info.flags), patience });
  if (info instanceof FileLinkInformation)
    return setLink(core, open, info, { replace: info.replaceIfExists, patience });
  if (info instanceof FileDispositionInformation) return setDisposition(core, open, info.deletePending, { patience });
  if (info instanceof FileDispositionInformationEx) return setDispositionEx(core, open, info.flags, patience);
  if (info instanceof FileEndOfFileInformation) {
    await setEndOfFile(core, open, info.endOfFile);
    return keepData(open);
  }
  if (info instanceof FileAllocationInformation) return setAllocation(core, open, info.allocationSize);
  if (info instanceof FileValidDataLengthInformation) return setValidDataLength(open);
  if (info instanceof FilePositionInformation) return setPosition(open, info.currentByteOffset);
  if (info instanceof FileModeInformation) return setMode(open, info.mode);
  throw new StatusError(NtStatus.NotSupported, { hint: `information class ${infoClass}` });
}

// [MS-FSA] 2.1.5.15.9
function setPosition(open: DiskOpen, position: number): void {
  if (position < 0) throw new StatusError(NtStatus.InvalidParameter);
  open.position = position;
}

// [MS-FSA] 2.1.5.15.8
function setMode(open: DiskOpen, mode: number): void {
  const both = CreateOptions.SynchronousIoAlert | CreateOptions.SynchronousIoNonalert;
  if ((mode & ~MODE_OPTIONS) !== 0 || (mode & both) === both) throw new StatusError(NtStatus.InvalidParameter);
  open.mode = mode;
}
