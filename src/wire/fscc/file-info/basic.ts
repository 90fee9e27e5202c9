import type { Layout, Wire } from '../../io/layout.js';
import { fileAttributeNames } from '../attributes.js';
import type { NodeFacts } from '../file-facts.js';

/** [MS-FSCC] 2.4.7: in a SET, leaves a time unchanged. */
export const TIME_KEEP = 0n;
/** From now on, operations on this handle must not update the time. */
export const TIME_FREEZE = 0xffff_ffff_ffff_ffffn;
/** Operations may update a frozen time again. */
export const TIME_THAW = 0xffff_ffff_ffff_fffen;

/** [MS-FSCC] 2.4.7 FileBasicInformation. In a SET, attributes of 0 and times of TIME_KEEP change nothing. */
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
