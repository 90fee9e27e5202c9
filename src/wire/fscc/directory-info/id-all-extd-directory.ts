import type { Layout, Wire } from '../../io/layout.js';
import type { EntryFacts } from '../file-facts.js';
import { fileId128 } from '../file-id-128.js';
import { DirectoryEntryBase } from './common.js';

/** [MS-FSCC] 2.4.20 FileIdAllExtdDirectoryInformation: one entry, after its NextEntryOffset. */
export class FileIdAllExtdDirectoryInformation extends DirectoryEntryBase implements Wire {
  eaSize = 0;
  reparsePointTag = 0;
  fileId = 0n;
  /** 128 bits. */
  fileId128 = 0n;

  static of(facts: EntryFacts): FileIdAllExtdDirectoryInformation {
    const entry = new FileIdAllExtdDirectoryInformation().fill(facts);
    entry.eaSize = facts.eaSize;
    entry.reparsePointTag = facts.reparseTag;
    entry.fileId = facts.id;
    entry.fileId128 = facts.id;
    return entry;
  }

  layout(io: Layout): void {
    this.begin(io);
    const length = io.length32('FileNameLength');
    this.eaSize = io.u32('EaSize', this.eaSize);
    this.reparsePointTag = io.u32('ReparsePointTag', this.reparsePointTag);
    this.fileId = io.x64('FileId', this.fileId);
    this.fileId128 = fileId128(io, 'FileId128', this.fileId128);
    this.fileName = io.utf16At('FileName', length, this.fileName);
  }
}
