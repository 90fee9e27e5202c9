import type { Layout, Wire } from '../../io/layout.js';
import type { FileFacts } from '../file-facts.js';

/** [MS-FSCC] 2.4.45 FileStandardInformation. */
export class FileStandardInformation implements Wire {
  allocationSize = 0;
  endOfFile = 0;
  numberOfLinks = 0;
  deletePending = false;
  directory = false;

  static of(facts: FileFacts): FileStandardInformation {
    const info = new FileStandardInformation();
    info.allocationSize = facts.allocationSize;
    info.endOfFile = facts.size;
    info.numberOfLinks = facts.links;
    info.deletePending = facts.deletePending;
    info.directory = facts.directory;
    return info;
  }

  layout(io: Layout): void {
    this.allocationSize = io.size64('AllocationSize', this.allocationSize);
    this.endOfFile = io.size64('EndOfFile', this.endOfFile);
    this.numberOfLinks = io.u32('NumberOfLinks', this.numberOfLinks);
    this.deletePending = io.u8('DeletePending', Number(this.deletePending)) !== 0;
    this.directory = io.u8('Directory', Number(this.directory)) !== 0;
    io.skip('Reserved', 2);
  }
}
