import { FileAttributes } from '#wire/fscc/attributes.js';
import { FileBasicInformation, TIME_KEEP } from '#wire/fscc/file-info/basic.js';
import { FileInfoClass } from '#wire/fscc/file-info/classes.js';
import { InfoType } from '#wire/smb2/command/info-type.js';
import { bitsOf } from './arguments.js';
import { packed } from './packing.js';
import type { InfoChange, SetFacts } from './protocol.js';

/** Times and attributes as FileBasicInformation; fields that are absent stay unchanged. */
export function basicInfo(facts: SetFacts): InfoChange {
  const info = new FileBasicInformation();
  info.creationTime = facts.creationTime ?? TIME_KEEP;
  info.lastAccessTime = facts.lastAccessTime ?? TIME_KEEP;
  info.lastWriteTime = facts.lastWriteTime ?? TIME_KEEP;
  info.changeTime = facts.changeTime ?? TIME_KEEP;
  info.fileAttributes = attributesToSet(facts);
  return { infoType: InfoType.File, infoClass: FileInfoClass.Basic, data: packed(info) };
}

/** Zero leaves the attributes unchanged ([MS-FSCC] 2.4.7), so "no attributes" is sent as FILE_ATTRIBUTE_NORMAL. */
export function attributesToSet({ attributes }: SetFacts): number {
  return attributes === undefined ? 0 : bitsOf('attributes', attributes) || FileAttributes.Normal;
}
