import type { Wire } from '../../io/layout.js';
import type { NameTable } from '../../io/names.js';
import type { FileFacts } from '../file-facts.js';
import { FileAccessInformation } from './access.js';
import { FileAlignmentInformation } from './alignment.js';
import { FileAllInformation } from './all.js';
import { FileAllocationInformation } from './allocation.js';
import { FileAlternateNameInformation } from './alternate-name.js';
import { FileAttributeTagInformation } from './attribute-tag.js';
import { FileBasicInformation } from './basic.js';
import { FileCompressionInformation } from './compression.js';
import { FileDispositionInformation } from './disposition.js';
import { FileDispositionInformationEx } from './disposition-ex.js';
import { FileEaInformation } from './ea.js';
import { FileEndOfFileInformation } from './end-of-file.js';
import { FileFullEaInformation } from './full-ea.js';
import { FileIdInformation } from './id.js';
import { FileInternalInformation } from './internal.js';
import { FileLinkInformation } from './link.js';
import { FileModeInformation } from './mode.js';
import { FileNameInformation } from './name.js';
import { FileNetworkOpenInformation } from './network-open.js';
import { FileNormalizedNameInformation } from './normalized-name.js';
import { FileObjectIdInformation } from './object-id.js';
import { FilePipeInformation } from './pipe.js';
import { FilePipeLocalInformation } from './pipe-local.js';
import { FilePositionInformation } from './position.js';
import { FileRenameInformation } from './rename.js';
import { FileRenameInformationEx } from './rename-ex.js';
import { FileShortNameInformation } from './short-name.js';
import { FileStandardInformation } from './standard.js';
import { FileStandardLinkInformation } from './standard-link.js';
import { FileStreamInformation } from './stream.js';
import { FileValidDataLengthInformation } from './valid-data-length.js';

/** [MS-FSCC] 2.4 File Information Classes for a single file. */
export const FileInfoClass = {
  Basic: 4,
  Standard: 5,
  Internal: 6,
  Ea: 7,
  Access: 8,
  Name: 9,
  Rename: 10,
  Link: 11,
  Disposition: 13,
  Position: 14,
  FullEa: 15,
  Mode: 16,
  Alignment: 17,
  All: 18,
  Allocation: 19,
  EndOfFile: 20,
  AlternateName: 21,
  Stream: 22,
  Pipe: 23,
  PipeLocal: 24,
  Compression: 28,
  ObjectId: 29,
  NetworkOpen: 34,
  AttributeTag: 35,
  ValidDataLength: 39,
  ShortName: 40,
  NormalizedName: 48,
  StandardLink: 54,
  Id: 59,
  DispositionEx: 64,
  RenameEx: 65,
} as const;

/** One class: functions to create it for reading and to build a reply. */
export interface FileInfoRow {
  readonly name: string;
  /** Length of the fixed part; a smaller buffer, or less data to set, is STATUS_INFO_LENGTH_MISMATCH. */
  readonly size: number;
  readonly make: () => Wire;
  /** The reply to a QUERY; undefined if the file has no such information. Classes without it can only be set. */
  readonly of?: (facts: FileFacts) => Wire | undefined;
}

interface Answering {
  new (): Wire;
  of(facts: FileFacts): Wire | undefined;
}

function both(size: number, type: Answering): FileInfoRow {
  return { name: type.name, size, make: () => new type(), of: (facts) => type.of(facts) };
}

function only(size: number, type: new () => Wire): FileInfoRow {
  return { name: type.name, size, make: () => new type() };
}

/** By code. FullEa has no `of`, as its reply depends on the request. */
export const fileInfoClasses: Readonly<Record<number, FileInfoRow>> = {
  [FileInfoClass.Basic]: both(40, FileBasicInformation),
  [FileInfoClass.Standard]: both(24, FileStandardInformation),
  [FileInfoClass.Internal]: both(8, FileInternalInformation),
  [FileInfoClass.Ea]: both(4, FileEaInformation),
  [FileInfoClass.Access]: both(4, FileAccessInformation),
  [FileInfoClass.Name]: both(4, FileNameInformation),
  [FileInfoClass.Rename]: only(24, FileRenameInformation),
  [FileInfoClass.Link]: only(24, FileLinkInformation),
  [FileInfoClass.Disposition]: only(1, FileDispositionInformation),
  [FileInfoClass.Position]: both(8, FilePositionInformation),
  [FileInfoClass.FullEa]: only(0, FileFullEaInformation),
  [FileInfoClass.Mode]: both(4, FileModeInformation),
  [FileInfoClass.Alignment]: both(4, FileAlignmentInformation),
  [FileInfoClass.All]: both(104, FileAllInformation),
  [FileInfoClass.Allocation]: only(8, FileAllocationInformation),
  [FileInfoClass.EndOfFile]: only(8, FileEndOfFileInformation),
  [FileInfoClass.AlternateName]: both(8, FileAlternateNameInformation),
  [FileInfoClass.Stream]: both(32, FileStreamInformation),
  [FileInfoClass.Pipe]: both(8, FilePipeInformation),
  [FileInfoClass.PipeLocal]: both(40, FilePipeLocalInformation),
  [FileInfoClass.Compression]: both(16, FileCompressionInformation),
  [FileInfoClass.ObjectId]: only(64, FileObjectIdInformation),
  [FileInfoClass.NetworkOpen]: both(56, FileNetworkOpenInformation),
  [FileInfoClass.AttributeTag]: both(8, FileAttributeTagInformation),
  [FileInfoClass.ValidDataLength]: only(8, FileValidDataLengthInformation),
  [FileInfoClass.ShortName]: only(4, FileShortNameInformation),
  [FileInfoClass.NormalizedName]: both(4, FileNormalizedNameInformation),
  [FileInfoClass.StandardLink]: both(12, FileStandardLinkInformation),
  [FileInfoClass.Id]: both(24, FileIdInformation),
  [FileInfoClass.DispositionEx]: only(4, FileDispositionInformationEx),
  [FileInfoClass.RenameEx]: only(24, FileRenameInformationEx),
};

/** `FileBasicInformation` by code. */
export const fileInfoClassNames: NameTable = Object.fromEntries(
  Object.entries(fileInfoClasses).map(([code, row]) => [code, row.name]),
);
