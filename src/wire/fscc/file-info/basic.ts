import type { Layout, Wire } from '../../io/layout.js';
import { fileAttributeNames } from '../attributes.js';
import type { NodeFacts } from '../file-facts.js';

/** [MS-FSCC] 2.4.7: in a SET, a time that stays as it is. */
export const TIME_KEEP = 0n;
/** A time that operations on this handle shall not touch from now on. */
export const TIME_FREEZE = 0xffff_ffff_ffff_ffffn;
/** A frozen time that operations may touch again. */
export const TIME_THAW = 0xffff_ffff_ffff_fffen;

/** [MS-FSCC] 2.4.7 FileBasicInformation. In a SET, attributes 0 stay as they are, and see TIME_KEEP. */
export class FileBasicInformation implements Wire {
  creationTime = 0n;
  lastAccessTime = 0n;
  lastWriteTime = 0n;
  changeTime = 0n;
  fileAttributes = 0;

  static of(facts: NodeFacts): FileBasicInformation {
    const info = new FileBasicInformation();
    info.creationTime = facts.creationTime;
    info.lastAccessTime = facts.lastAccessTime;
    info.lastWriteTime = facts.lastWriteTime;
    info.changeTime = facts.changeTime;
    info.fileAttributes = facts.attributes;
    return info;
  }

  layout(io: Layout): void {
    this.creationTime = io.time('CreationTime', this.creationTime);
    this.lastAccessTime = io.time('LastAccessTime', this.lastAccessTime);
    this.lastWriteTime = io.time('LastWriteTime', this.lastWriteTime);
    this.changeTime = io.time('ChangeTime', this.changeTime);
    this.fileAttributes = io.flags32('FileAttributes', this.fileAttributes, fileAttributeNames);
    io.skip('Reserved', 4);
  }
}
