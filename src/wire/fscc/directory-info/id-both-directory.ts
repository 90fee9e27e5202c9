import type { Layout, Wire } from '../../io/layout.js';
import type { EntryFacts } from '../file-facts.js';
import { DirectoryEntryBase, eaSizeOrTag, shortName } from './common.js';

/** [MS-FSCC] 2.4.21 FileIdBothDirectoryInformation: one entry, after its NextEntryOffset. */
export class FileIdBothDirectoryInformation extends DirectoryEntryBase implements Wire {
  eaSize = 0;
  shortName = '';
  fileId = 0n;

  static of(facts: EntryFacts): FileIdBothDirectoryInformation {
    const entry = new FileIdBothDirectoryInformation().fill(facts);
    entry.eaSize = eaSizeOrTag(facts);
    entry.shortName = facts.shortName;
    entry.fileId = facts.id;
    return entry;
  }

  layout(io: Layout): void {
    this.begin(io);
    const length = io.length32('FileNameLength');
    this.eaSize = io.u32('EaSize', this.eaSize);
    const shortLength = io.length8('ShortNameLength');
    io.skip('Reserved1', 1);
    this.shortName = shortName(io, shortLength, this.shortName);
    io.skip('Reserved2', 2);
    this.fileId = io.x64('FileId', this.fileId);
    this.fileName = io.utf16At('FileName', length, this.fileName);
  }
}
