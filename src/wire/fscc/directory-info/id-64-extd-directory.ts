import type { Layout, Wire } from '../../io/layout.js';
import type { EntryFacts } from '../file-facts.js';
import { DirectoryEntryBase } from './common.js';

/** [MS-FSCC] 2.4.18 FileId64ExtdDirectoryInformation: one entry, after its NextEntryOffset. */
export class FileId64ExtdDirectoryInformation extends DirectoryEntryBase implements Wire {
  eaSize = 0;
  reparsePointTag = 0;
  fileId = 0n;

  static of(facts: EntryFacts): FileId64ExtdDirectoryInformation {
    const entry = new FileId64ExtdDirectoryInformation().fill(facts);
    entry.eaSize = facts.eaSize;
    entry.reparsePointTag = facts.reparseTag;
    entry.fileId = facts.id;
    return entry;
  }

  layout(io: Layout): void {
    this.begin(io);
    const length = io.length32('FileNameLength');
    this.eaSize = io.u32('EaSize', this.eaSize);
    this.reparsePointTag = io.u32('ReparsePointTag', this.reparsePointTag);
    this.fileId = io.x64('FileId', this.fileId);
    this.fileName = io.utf16At('FileName', length, this.fileName);
  }
}
