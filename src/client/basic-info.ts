import { FileBasicInformation, TIME_KEEP } from '#wire/fscc/file-info/basic.js';
import { FileInfoClass } from '#wire/fscc/file-info/classes.js';
import { InfoType } from '#wire/smb2/command/info-type.js';
import { packed } from './packing.js';
import type { InfoChange, SetFacts } from './protocol.js';

/** Times and attributes as an information class; what is absent stays as it is. */
export function basicInfo(facts: SetFacts): InfoChange {
  const info = new FileBasicInformation();
  info.creationTime = facts.creationTime ?? TIME_KEEP;
  info.lastAccessTime = facts.lastAccessTime ?? TIME_KEEP;
  info.lastWriteTime = facts.lastWriteTime ?? TIME_KEEP;
  info.changeTime = facts.changeTime ?? TIME_KEEP;
  info.fileAttributes = facts.attributes ?? 0;
  return { infoType: InfoType.File, infoClass: FileInfoClass.Basic, data: packed(info) };
}
