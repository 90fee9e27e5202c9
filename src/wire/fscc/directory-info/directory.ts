import type { Layout, Wire } from '../../io/layout.js';
import type { EntryFacts } from '../file-facts.js';
import { DirectoryEntryBase } from './common.js';

/** [MS-FSCC] 2.4.10 FileDirectoryInformation: one entry, after its NextEntryOffset. */
export class FileDirectoryInformation extends DirectoryEntryBase implements Wire {
  static of(facts: EntryFacts): FileDirectoryInformation {
    return new FileDirectoryInformation().fill(facts);
  }

  layout(io: Layout): void {
    this.begin(io);
    const length = io.length32('FileNameLength');
    this.fileName = io.utf16At('FileName', length, this.fileName);
  }
}
