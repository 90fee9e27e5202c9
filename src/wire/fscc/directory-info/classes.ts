import type { Wire } from '../../io/layout.js';
import type { NameTable } from '../../io/names.js';
import type { EntryFacts } from '../file-facts.js';
import { FileBothDirectoryInformation } from './both-directory.js';
import { FileDirectoryInformation } from './directory.js';
import { FileFullDirectoryInformation } from './full-directory.js';
import { FileId64ExtdDirectoryInformation } from './id-64-extd-directory.js';
import { FileIdAllExtdDirectoryInformation } from './id-all-extd-directory.js';
import { FileIdBothDirectoryInformation } from './id-both-directory.js';
import { FileIdExtdDirectoryInformation } from './id-extd-directory.js';
import { FileIdFullDirectoryInformation } from './id-full-directory.js';
import { FileNamesInformation } from './names.js';

/** [MS-FSCC] 2.4 File Information Classes for directory listings. */
export const DirectoryInfoClass = {
  Directory: 1,
  FullDirectory: 2,
  BothDirectory: 3,
  Names: 12,
  IdBothDirectory: 37,
  IdFullDirectory: 38,
  IdExtdDirectory: 60,
  Id64ExtdDirectory: 78,
  IdAllExtdDirectory: 80,
} as const;

/** An entry of any class. */
export interface DirectoryEntryWire extends Wire {
  fileIndex: number;
  fileName: string;
}

/** One class: functions to create an entry for reading and to build one from facts. */
export interface DirectoryInfoRow {
  readonly name: string;
  /** Bytes before FileName, including NextEntryOffset; a smaller buffer gets STATUS_INFO_LENGTH_MISMATCH. */
  readonly size: number;
  readonly make: () => DirectoryEntryWire;
  readonly of: (facts: EntryFacts) => DirectoryEntryWire;
}

interface Listing {
  new (): DirectoryEntryWire;
  of(facts: EntryFacts): DirectoryEntryWire;
}

function row(size: number, type: Listing): DirectoryInfoRow {
  return { name: type.name, size, make: () => new type(), of: (facts) => type.of(facts) };
}

/** By code. */
export const directoryInfoClasses: Readonly<Record<number, DirectoryInfoRow>> = {
  [DirectoryInfoClass.Directory]: row(64, FileDirectoryInformation),
  [DirectoryInfoClass.FullDirectory]: row(68, FileFullDirectoryInformation),
  [DirectoryInfoClass.BothDirectory]: row(94, FileBothDirectoryInformation),
  [DirectoryInfoClass.Names]: row(12, FileNamesInformation),
  [DirectoryInfoClass.IdBothDirectory]: row(104, FileIdBothDirectoryInformation),
  [DirectoryInfoClass.IdFullDirectory]: row(80, FileIdFullDirectoryInformation),
  [DirectoryInfoClass.IdExtdDirectory]: row(88, FileIdExtdDirectoryInformation),
  [DirectoryInfoClass.Id64ExtdDirectory]: row(80, FileId64ExtdDirectoryInformation),
  [DirectoryInfoClass.IdAllExtdDirectory]: row(96, FileIdAllExtdDirectoryInformation),
};

/** `FileDirectoryInformation` by code. */
export const directoryInfoClassNames: NameTable = Object.fromEntries(
  Object.entries(directoryInfoClasses).map(([code, entry]) => [code, entry.name]),
);
