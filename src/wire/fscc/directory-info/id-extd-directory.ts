import type { Layout, Wire } from '../../io/layout.js';
import type { EntryFacts } from '../file-facts.js';
import { fileId128 } from '../file-id-128.js';
import { DirectoryEntryBase } from './common.js';

/** [MS-FSCC] 2.4.22 FileIdExtdDirectoryInformation: one entry, after its NextEntryOffset. */
export class FileIdExtdDirectoryInformation extends DirectoryEntryBase implements Wire {
  eaSize = 0;
  reparsePointTag = 0;
  /** 128 bits. */
  fileId = 0n;

  static of(facts: EntryFacts): FileIdExtdDirectoryInformation {
    const entry = new FileIdExtdDirectoryInformation().fill(facts);
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
    this.fileId = fileId128(io, 'FileId', this.fileId);
    this.fileName = io.utf16At('FileName', length, this.fileName);
  }
}
