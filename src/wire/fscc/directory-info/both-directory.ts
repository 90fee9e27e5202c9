import type { Layout, Wire } from '../../io/layout.js';
import type { EntryFacts } from '../file-facts.js';
import { DirectoryEntryBase, eaSizeOrTag, shortName } from './common.js';

/** [MS-FSCC] 2.4.8 FileBothDirectoryInformation: one entry, after its NextEntryOffset. */
export class FileBothDirectoryInformation extends DirectoryEntryBase implements Wire {
  eaSize = 0;
  shortName = '';

  static of(facts: EntryFacts): FileBothDirectoryInformation {
    const entry = new FileBothDirectoryInformation().fill(facts);
    entry.eaSize = eaSizeOrTag(facts);
    entry.shortName = facts.shortName;
    return entry;
  }

  layout(io: Layout): void {
    this.begin(io);
    const length = io.length32('FileNameLength');
    this.eaSize = io.u32('EaSize', this.eaSize);
    const shortLength = io.length8('ShortNameLength');
    io.skip('Reserved', 1);
    this.shortName = shortName(io, shortLength, this.shortName);
    this.fileName = io.utf16At('FileName', length, this.fileName);
  }
}
