import type { InfoChange } from '#fs/backend.js';
import { resolvePath } from '#fs/case-fold.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileAttributes, SETTABLE_ATTRIBUTES } from '#wire/fscc/attributes.js';
import { FileAllocationInformation } from '#wire/fscc/file-info/allocation.js';
import { FileBasicInformation } from '#wire/fscc/file-info/basic.js';
import { FileInfoClass, fileInfoClasses } from '#wire/fscc/file-info/classes.js';
import { FileDispositionInformation } from '#wire/fscc/file-info/disposition.js';
import { DispositionFlags, FileDispositionInformationEx } from '#wire/fscc/file-info/disposition-ex.js';
import { FileEndOfFileInformation } from '#wire/fscc/file-info/end-of-file.js';
import { FileModeInformation } from '#wire/fscc/file-info/mode.js';
import { FilePositionInformation } from '#wire/fscc/file-info/position.js';
import { FileRenameInformation } from '#wire/fscc/file-info/rename.js';
import { pathComponents } from '#wire/fscc/file-name.js';
import { CompletionFilter, FileAction } from '#wire/fscc/notify.js';
import { Decoder } from '#wire/io/decoder.js';
import type { Wire } from '#wire/io/layout.js';
import { decideAccess, requireAdding } from '../access/decide.js';
import type { ServerCore } from '../core.js';
import { type DiskOpen, requireAccess, writable } from '../state/open.js';
import { parentPath } from '../volume.js';
import { dataChanged } from './caching.js';
import { setEas } from './eas.js';

const decoder = new Decoder();

/** Times that mean "leave it": 0, and the two that freeze and thaw automatic changes, of which we make none. */
const isGiven = (time: bigint): boolean => time !== 0n && time < 0xffff_ffff_ffff_fffen;

/** Reads the structure of a class and does what it says ([MS-SMB2] 3.3.5.21.1, [MS-FSA] 2.1.5.15). */
export async function setFileInfo(
  core: ServerCore,
  open: DiskOpen,
  infoClass: number,
  bytes: Uint8Array,
): Promise<void> {
  const row = fileInfoClasses[infoClass];
  if (!row) throw new StatusError(NtStatus.InvalidInfoClass);
  if (infoClass === FileInfoClass.FullEa) return setEas(core, open, bytes);
  if (bytes.length < row.size) throw new StatusError(NtStatus.InfoLengthMismatch);
  const info = row.make();
  info.layout(decoder.reset(bytes));
  await applyFileInfo(core, open, infoClass, info);
}

/** Does what an information structure says. */
export async function applyFileInfo(core: ServerCore, open: DiskOpen, infoClass: number, info: Wire): Promise<void> {
  if (info instanceof FileBasicInformation) return setBasic(core, open, info);
  if (info instanceof FileRenameInformation) return rename(core, open, info.fileName, info.replaceIfExists);
  if (info instanceof FileDispositionInformation) return setDisposition(core, open, info.deletePending);
  if (info instanceof FileDispositionInformationEx) return setDispositionEx(core, open, info.flags);
  if (info instanceof FileEndOfFileInformation) return setEndOfFile(core, open, info.endOfFile);
  if (info instanceof FileAllocationInformation) return setAllocation(core, open, info.allocationSize);
  if (info instanceof FilePositionInformation) {
    open.position = info.currentByteOffset;
    return;
  }
  if (info instanceof FileModeInformation) return;
  throw new StatusError(NtStatus.NotSupported, { hint: `information class ${infoClass}` });
}

async function setBasic(core: ServerCore, open: DiskOpen, info: FileBasicInformation): Promise<void> {
  requireAccess(open, FileAccess.WriteAttributes);
  open.tree.require('write');
  const { fileAttributes } = info;
  const forOthers = open.isDirectory ? FileAttributes.Temporary : FileAttributes.Directory;
  if ((fileAttributes & forOthers) !== 0) throw new StatusError(NtStatus.InvalidParameter);
  const change: InfoChange = {
    ...(fileAttributes !== 0 && { attributes: fileAttributes & SETTABLE_ATTRIBUTES }),
    ...(isGiven(info.creationTime) && { creationTime: info.creationTime }),
    ...(isGiven(info.lastAccessTime) && { lastAccessTime: info.lastAccessTime }),
    ...(isGiven(info.lastWriteTime) && { lastWriteTime: info.lastWriteTime }),
    ...(isGiven(info.changeTime) && { changeTime: info.changeTime }),
  };
  if (Object.keys(change).length === 0) return;
  core.notifier.expect(open.backend, open.claim.path, 'modified');
  await writable(open).setInfo(open.handle, change);
  const times = CompletionFilter.LastWrite | CompletionFilter.LastAccess | CompletionFilter.Creation;
  const filter = (change.attributes === undefined ? 0 : CompletionFilter.Attributes) | times;
  core.notifier.publish(open.backend, open.claim.path, FileAction.Modified, filter);
}

/** Marks the file for deletion at its last close, or takes that back ([MS-FSA] 2.1.5.15.3). */
export async function setDisposition(core: ServerCore, open: DiskOpen, pending: boolean): Promise<void> {
  requireAccess(open, FileAccess.Delete);
  open.tree.require('write');
  if (pending) {
    if (open.claim.path === '') throw new StatusError(NtStatus.CannotDelete);
    const info = await open.backend.stat(open.handle);
    if ((info.attributes & FileAttributes.Readonly) !== 0) throw new StatusError(NtStatus.CannotDelete);
    if (open.isDirectory) await requireEmpty(open);
  }
  await core.coordinator.opens.setDeletePending(open.claim, pending);
}

async function setDispositionEx(core: ServerCore, open: DiskOpen, flags: number): Promise<void> {
  const supported = DispositionFlags.Delete | DispositionFlags.ForceImageSectionCheck;
  if ((flags & ~supported) !== 0) throw new StatusError(NtStatus.NotSupported);
  await setDisposition(core, open, (flags & DispositionFlags.Delete) !== 0);
}

async function requireEmpty(open: DiskOpen): Promise<void> {
  const entries = open.backend.list(open.handle);
  for await (const batch of entries) {
    if (batch.length > 0) throw new StatusError(NtStatus.DirectoryNotEmpty);
  }
}

async function setEndOfFile(core: ServerCore, open: DiskOpen, size: number): Promise<void> {
  requireAccess(open, FileAccess.WriteData);
  open.tree.require('write');
  if (open.isDirectory || size < 0) throw new StatusError(NtStatus.InvalidParameter);
  core.notifier.expect(open.backend, open.claim.path, 'modified');
  await writable(open).truncate(open.handle, size);
  await dataChanged(core, open);
  core.notifier.publish(open.backend, open.claim.path, FileAction.Modified, CompletionFilter.Size);
}

// Space is not set aside; but an allocation below the size cuts the file ([MS-FSA] 2.1.5.15.1).
async function setAllocation(core: ServerCore, open: DiskOpen, allocation: number): Promise<void> {
  requireAccess(open, FileAccess.WriteData);
  open.tree.require('write');
  if (open.isDirectory || allocation < 0) throw new StatusError(NtStatus.InvalidParameter);
  const { size } = await open.backend.stat(open.handle);
  if (allocation < size) await setEndOfFile(core, open, allocation);
}

/** Gives an open file a new place on the share ([MS-FSA] 2.1.5.15.12). */
export async function rename(core: ServerCore, open: DiskOpen, name: string, replace: boolean): Promise<void> {
  requireAccess(open, FileAccess.Delete);
  open.tree.require('write');
  const { opens } = core.coordinator;
  const { claim } = open;
  if (claim.path === '') throw new StatusError(NtStatus.InvalidParameter);
  if (await opens.isDeletePending(claim)) throw new StatusError(NtStatus.DeletePending);
  const { volume } = claim;
  if (open.isDirectory && (await opens.hasOpensBelow(volume, claim.path))) {
    throw new StatusError(NtStatus.AccessDenied);
  }
  const from = claim.path;
  const { to, taken } = await target(open, name);
  if (to === from) return;
  await requireAdding(core, open.tree, open.backend, parentPath(to), open.isDirectory);
  if (taken) await makeWay(core, open, to, replace);
  core.notifier.expect(open.backend, from, 'removed');
  core.notifier.expect(open.backend, to, 'added');
  await writable(open).rename(open.node, to, replace && taken);
  await opens.moved(claim, to);
  if (open.isDirectory) await core.coordinator.changes.moved(volume, from, to);
  publishMove(core, open, from, to);
}

/** Where a rename leads, in the back end's spelling; a change of case only is a new place, not a taken one. */
async function target(open: DiskOpen, name: string): Promise<{ to: string; taken: boolean }> {
  const components = pathComponents(name);
  const wanted = components.at(-1);
  if (wanted === undefined) throw new StatusError(NtStatus.ObjectNameInvalid);
  const { path, missing } = await resolvePath(open.backend, components);
  if (missing.length > 1) throw new StatusError(NtStatus.ObjectPathNotFound);
  const directory = missing.length === 1 ? path : parentPath(path);
  const to = directory === '' ? wanted : `${directory}/${wanted}`;
  if (missing.length === 1) return { to, taken: false };
  return path === open.claim.path ? { to, taken: false } : { to: path, taken: true };
}

// What stands at the target may go only if it is a closed file and the client said so.
async function makeWay(core: ServerCore, open: DiskOpen, to: string, replace: boolean): Promise<void> {
  if (!replace) throw new StatusError(NtStatus.ObjectNameCollision);
  const { handle, info } = await open.backend.open(to, { read: false, write: false });
  try {
    await decideAccess(
      core,
      open.tree,
      { backend: open.backend, handle, info, path: to },
      { desired: FileAccess.Delete },
    );
  } finally {
    await open.backend.close(handle);
  }
  if (info.kind === 'directory' || (info.attributes & FileAttributes.Readonly) !== 0) {
    throw new StatusError(NtStatus.AccessDenied);
  }
  // Entering the books for an instant tells whether somebody has it open, and how.
  const { opens } = core.coordinator;
  const claim = await opens.claim({
    volume: open.claim.volume,
    file: info.id,
    path: to,
    stream: '',
    access: FileAccess.Delete,
    share: 0,
    deleteOnClose: false,
    overwrites: false,
  });
  const others = await opens.hasOthers(claim);
  await opens.withdraw(claim);
  if (others) throw new StatusError(NtStatus.AccessDenied);
}

function publishMove(core: ServerCore, open: DiskOpen, from: string, to: string): void {
  const { notifier } = core;
  const filter = open.isDirectory ? CompletionFilter.DirName : CompletionFilter.FileName;
  const stays = parentPath(from) === parentPath(to);
  notifier.publishAll(open.backend, [
    { path: from, action: stays ? FileAction.RenamedOldName : FileAction.Removed, filter },
    { path: to, action: stays ? FileAction.RenamedNewName : FileAction.Added, filter },
  ]);
}
