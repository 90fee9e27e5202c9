import type { Layout, Wire } from '../../io/layout.js';
import type { FileFacts } from '../file-facts.js';

/** [MS-FSCC] 2.4.46 FileStandardLinkInformation. */
export class FileStandardLinkInformation implements Wire {
  numberOfAccessibleLinks = 0;
  totalNumberOfLinks = 0;
  deletePending = false;
  directory = false;

  static of(facts: FileFacts): FileStandardLinkInformation {
    const info = new FileStandardLinkInformation();
    info.numberOfAccessibleLinks = facts.links;
    info.totalNumberOfLinks = facts.links;
    info.deletePending = facts.deletePending;
    info.directory = facts.directory;
    return info;
  }

  layout(io: Layout): void {
    this.numberOfAccessibleLinks = io.u32('NumberOfAccessibleLinks', this.numberOfAccessibleLinks);
    this.totalNumberOfLinks = io.u32('TotalNumberOfLinks', this.totalNumberOfLinks);
    this.deletePending = io.u8('DeletePending', Number(this.deletePending)) !== 0;
    this.directory = io.u8('Directory', Number(this.directory)) !== 0;
    io.skip('Reserved', 2);
  }
}
