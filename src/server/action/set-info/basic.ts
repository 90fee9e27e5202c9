import type { InfoChange } from '#fs/backend.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileAttributes, SETTABLE_ATTRIBUTES } from '#wire/fscc/attributes.js';
import type { FileBasicInformation } from '#wire/fscc/file-info/basic.js';
import { CompletionFilter, FileAction } from '#wire/fscc/notify.js';
import type { ServerCore } from '../../core.js';
import { type DiskOpen, requireAccess, writable } from '../../state/open.js';

/** Special time values: writes through this handle no longer change the timestamp, or do so again ([MS-FSCC] 2.4.7). */
const FREEZE = 0xffff_ffff_ffff_ffffn;
const THAW = 0xffff_ffff_ffff_fffen;
const LATEST = 0x7fff_ffff_ffff_ffffn;

const isGiven = (time: bigint): boolean => time !== 0n && time <= LATEST;
const isTime = (time: bigint): boolean => time <= LATEST || time >= THAW;

/** [MS-FSA] 2.1.5.15.2 FileBasicInformation. */
export async function setBasic(core: ServerCore, open: DiskOpen, info: FileBasicInformation): Promise<void> {
  requireAccess(open, FileAccess.WriteAttributes);
  open.tree.require('write');
  checkBasic(open, info);
  const { fileAttributes, changeTime } = info;
  await holdTimes(core, open, info);
  const held = isGiven(changeTime) ? undefined : open.times?.changeTime;
  const change: InfoChange = {
    ...(fileAttributes !== 0 && { attributes: fileAttributes & SETTABLE_ATTRIBUTES }),
    ...(isGiven(info.creationTime) && { creationTime: info.creationTime }),
    ...(isGiven(info.lastAccessTime) && { lastAccessTime: info.lastAccessTime }),
    ...(isGiven(info.lastWriteTime) && { lastWriteTime: info.lastWriteTime }),
    ...(isGiven(changeTime) && { changeTime }),
  };
  if (Object.keys(change).length === 0) return;
  core.notifier.expect(open.backend, open.claim.path, 'modified');
  await writable(open).setInfo(open.node, held === undefined ? change : { ...change, changeTime: held });
  core.notifier.publish(open.backend, open.claim.path, FileAction.Modified, filterOf(change), open.claim);
}

function checkBasic(open: DiskOpen, info: FileBasicInformation): void {
  const forOthers = open.isDirectory ? FileAttributes.Temporary : FileAttributes.Directory;
  const times = [info.creationTime, info.lastAccessTime, info.lastWriteTime, info.changeTime];
  if ((info.fileAttributes & forOthers) !== 0 || !times.every(isTime)) throw new StatusError(NtStatus.InvalidParameter);
}

/** Timestamps set explicitly must stay: writes through this handle no longer change them. */
async function holdTimes(core: ServerCore, open: DiskOpen, info: FileBasicInformation): Promise<void> {
  const { lastWriteTime, changeTime } = info;
  if (isGiven(lastWriteTime)) core.times.hold(open, lastWriteTime);
  else if (lastWriteTime === FREEZE) core.times.hold(open, (await open.backend.stat(open.node)).lastWriteTime);
  else if (lastWriteTime === THAW) core.times.thaw(open);
  else await core.times.flush(open);
  if (isGiven(changeTime)) core.times.holdChange(open, changeTime);
  else if (changeTime === FREEZE) core.times.holdChange(open, (await open.backend.stat(open.node)).changeTime);
  else if (changeTime === THAW) core.times.holdChange(open, undefined);
}

function filterOf(change: InfoChange): number {
  return (
    (change.attributes === undefined ? 0 : CompletionFilter.Attributes) |
    (change.creationTime === undefined ? 0 : CompletionFilter.Creation) |
    (change.lastAccessTime === undefined ? 0 : CompletionFilter.LastAccess) |
    (change.lastWriteTime === undefined ? 0 : CompletionFilter.LastWrite)
  );
}
