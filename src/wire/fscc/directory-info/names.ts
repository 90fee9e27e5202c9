import type { Layout, Wire } from '../../io/layout.js';
import type { EntryFacts } from '../file-facts.js';

/** [MS-FSCC] 2.4.32 FileNamesInformation: one entry, after its NextEntryOffset. */
export class FileNamesInformation implements Wire {
  fileIndex = 0;
  fileName = '';

  static of(facts: EntryFacts): FileNamesInformation {
    const entry = new FileNamesInformation();
    entry.fileName = facts.name;
    return entry;
  }

  layout(io: Layout): void {
    this.fileIndex = io.u32('FileIndex', this.fileIndex);
    const length = io.length32('FileNameLength');
    this.fileName = io.utf16At('FileName', length, this.fileName);
  }
}
