import type { Layout, Wire } from '../../io/layout.js';
import type { EntryFacts } from '../file-facts.js';
import { DirectoryEntryBase, eaSizeOrTag } from './common.js';

/** [MS-FSCC] 2.4.23 FileIdFullDirectoryInformation: one entry, after its NextEntryOffset. */
export class FileIdFullDirectoryInformation extends DirectoryEntryBase implements Wire {
  eaSize = 0;
  fileId = 0n;

  static of(facts: EntryFacts): FileIdFullDirectoryInformation {
    const entry = new FileIdFullDirectoryInformation().fill(facts);
    entry.eaSize = eaSizeOrTag(facts);
    entry.fileId = facts.id;
    return entry;
  }

  layout(io: Layout): void {
    this.begin(io);
    const length = io.length32('FileNameLength');
    this.eaSize = io.u32('EaSize', this.eaSize);
    io.skip('Reserved', 4);
    this.fileId = io.x64('FileId', this.fileId);
    this.fileName = io.utf16At('FileName', length, this.fileName);
  }
}
