import type { Layout, Wire } from '../../io/layout.js';
import { fileAttributeNames } from '../attributes.js';
import type { NodeFacts } from '../file-facts.js';

/** [MS-FSCC] 2.4.33 FileNetworkOpenInformation. */
export class FileNetworkOpenInformation implements Wire {
  creationTime = 0n;
  lastAccessTime = 0n;
  lastWriteTime = 0n;
  changeTime = 0n;
  allocationSize = 0;
  endOfFile = 0;
  fileAttributes = 0;

  static of(facts: NodeFacts): FileNetworkOpenInformation {
    const info = new FileNetworkOpenInformation();
    info.creationTime = facts.creationTime;
    info.lastAccessTime = facts.lastAccessTime;
    info.lastWriteTime = facts.lastWriteTime;
    info.changeTime = facts.changeTime;
    info.allocationSize = facts.allocationSize;
    info.endOfFile = facts.size;
    info.fileAttributes = facts.attributes;
    return info;
  }

  layout(io: Layout): void {
    this.creationTime = io.time('CreationTime', this.creationTime);
    this.lastAccessTime = io.time('LastAccessTime', this.lastAccessTime);
    this.lastWriteTime = io.time('LastWriteTime', this.lastWriteTime);
    this.changeTime = io.time('ChangeTime', this.changeTime);
    this.allocationSize = io.size64('AllocationSize', this.allocationSize);
    this.endOfFile = io.size64('EndOfFile', this.endOfFile);
    this.fileAttributes = io.flags32('FileAttributes', this.fileAttributes, fileAttributeNames);
    io.skip('Reserved', 4);
  }
}
