import type { Layout, Wire } from '../../io/layout.js';
import type { EntryFacts } from '../file-facts.js';
import { DirectoryEntryBase, eaSizeOrTag } from './common.js';

/** [MS-FSCC] 2.4.14 FileFullDirectoryInformation: one entry, after its NextEntryOffset. */
export class FileFullDirectoryInformation extends DirectoryEntryBase implements Wire {
  eaSize = 0;

  static of(facts: EntryFacts): FileFullDirectoryInformation {
    const entry = new FileFullDirectoryInformation().fill(facts);
    entry.eaSize = eaSizeOrTag(facts);
    return entry;
  }

  layout(io: Layout): void {
    this.begin(io);
    const length = io.length32('FileNameLength');
    this.eaSize = io.u32('EaSize', this.eaSize);
    this.fileName = io.utf16At('FileName', length, this.fileName);
  }
}
