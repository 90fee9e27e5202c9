import type { Layout } from '../../io/layout.js';
import { Malformed } from '../../io/malformed.js';
import type { Slot } from '../../io/slot.js';
import { FileAttributes, fileAttributeNames } from '../attributes.js';
import type { EntryFacts, NodeFacts } from '../file-facts.js';

/** Bytes reserved for an 8.3 name in UTF-16. */
const SHORT_NAME = 24;

/** Common start of most directory entries after NextEntryOffset: FileIndex to FileAttributes. */
export class DirectoryEntryBase {
  fileIndex = 0;
  creationTime = 0n;
  lastAccessTime = 0n;
  lastWriteTime = 0n;
  changeTime = 0n;
  endOfFile = 0;
  allocationSize = 0;
  fileAttributes = 0;
  fileName = '';

  protected fill(facts: EntryFacts): this {
    this.creationTime = facts.creationTime;
    this.lastAccessTime = facts.lastAccessTime;
    this.lastWriteTime = facts.lastWriteTime;
    this.changeTime = facts.changeTime;
    this.endOfFile = facts.size;
    this.allocationSize = facts.allocationSize;
    this.fileAttributes = facts.attributes;
    this.fileName = facts.name;
    return this;
  }

  protected begin(io: Layout): void {
    this.fileIndex = io.u32('FileIndex', this.fileIndex);
    this.creationTime = io.time('CreationTime', this.creationTime);
    this.lastAccessTime = io.time('LastAccessTime', this.lastAccessTime);
    this.lastWriteTime = io.time('LastWriteTime', this.lastWriteTime);
    this.changeTime = io.time('ChangeTime', this.changeTime);
    this.endOfFile = io.size64('EndOfFile', this.endOfFile);
    this.allocationSize = io.size64('AllocationSize', this.allocationSize);
    this.fileAttributes = io.flags32('FileAttributes', this.fileAttributes, fileAttributeNames);
  }
}

/** The EaSize field of classes without ReparsePointTag: for a reparse point it holds the tag. */
export function eaSizeOrTag(facts: NodeFacts): number {
  return facts.attributes & FileAttributes.ReparsePoint ? facts.reparseTag : facts.eaSize;
}

/** ShortName: 24 bytes, of which ShortNameLength are used. */
export function shortName(io: Layout, length: Slot, v: string): string {
  const text = io.utf16At('ShortName', length, v);
  const used = io.reading ? Math.max(length.length, 0) : text.length * 2;
  if (used > SHORT_NAME) throw new Malformed('ShortNameLength', io.at - used, `is ${used}, at most ${SHORT_NAME}`);
  io.skip('ShortNamePadding', SHORT_NAME - used);
  return text;
}
