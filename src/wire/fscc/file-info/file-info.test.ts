import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, golden, toHex } from '#testing/golden.js';
import { Decoder } from '../../io/decoder.js';
import { Encoder } from '../../io/encoder.js';
import type { FileFacts } from '../file-facts.js';
import { FileAccessInformation } from './access.js';
import { FileAlignmentInformation } from './alignment.js';
import { FileAllInformation } from './all.js';
import { FileAllocationInformation } from './allocation.js';
import { FileAlternateNameInformation } from './alternate-name.js';
import { FileAttributeTagInformation } from './attribute-tag.js';
import { FileBasicInformation, TIME_FREEZE, TIME_KEEP } from './basic.js';
import { FileInfoClass, fileInfoClasses, fileInfoClassNames } from './classes.js';
import { FileCompressionInformation } from './compression.js';
import { FileDispositionInformation } from './disposition.js';
import { DispositionFlags, FileDispositionInformationEx } from './disposition-ex.js';
import { FileEaInformation } from './ea.js';
import { FileEndOfFileInformation } from './end-of-file.js';
import { eaListSize, FileFullEaInformation, FullEaEntry } from './full-ea.js';
import { FileGetEaInformation, GetEaEntry } from './get-ea.js';
import { FileIdInformation } from './id.js';
import { FileInternalInformation } from './internal.js';
import { FileLinkInformation } from './link.js';
import { FileLinkInformationType1 } from './link-type-1.js';
import { FileModeInformation } from './mode.js';
import { FileNameInformation } from './name.js';
import { FileNetworkOpenInformation } from './network-open.js';
import { FileNormalizedNameInformation } from './normalized-name.js';
import { FileObjectIdInformation } from './object-id.js';
import { FilePipeInformation } from './pipe.js';
import { FilePipeLocalInformation } from './pipe-local.js';
import { FilePositionInformation } from './position.js';
import { FileRenameInformation } from './rename.js';
import { FileRenameInformationEx, RenameFlags } from './rename-ex.js';
import { FileRenameInformationType1 } from './rename-type-1.js';
import { FileShortNameInformation } from './short-name.js';
import { FileStandardInformation } from './standard.js';
import { FileStandardLinkInformation } from './standard-link.js';
import { FileStreamInformation } from './stream.js';
import { FileValidDataLengthInformation } from './valid-data-length.js';

const time = 0x01dd7b38f8f2eb1en;
const timeHex = '1eebf2f8387bdd01';
const fileName = '\\dir\\hello world.txt';
const nameHex = '5c006400690072005c00680065006c006c006f00200077006f0072006c0064002e00740078007400';
const times = { creationTime: time, lastAccessTime: time, lastWriteTime: time, changeTime: time };

const facts: FileFacts = {
  ...times,
  id: 0x20e30bn,
  size: 5,
  allocationSize: 0x2000,
  attributes: 0x20,
  eaSize: 0,
  reparseTag: 0,
  shortName: 'HHJBRD~R.TXT',
  directory: false,
  links: 1,
  deletePending: false,
  name: fileName,
  accessGranted: 0x1f01ff,
  mode: 0x20,
  position: 0,
  alignment: 0,
  volumeSerial: 0xde043c3dn,
  streams: [
    { name: 'stream', size: 3, allocationSize: 3 },
    { name: '', size: 5, allocationSize: 0x2000 },
  ],
  pipe: undefined,
};

// Recorded from Samba 4.17.12: a file of 5 bytes with a stream of 3.
const recorded: readonly (readonly [number, string])[] = [
  [FileInfoClass.Basic, `${timeHex.repeat(4)} 2000000000000000`],
  [FileInfoClass.Standard, '002000000000000005000000000000000100000000000000'],
  [FileInfoClass.Internal, '0be3200000000000'],
  [FileInfoClass.Ea, '00000000'],
  [FileInfoClass.Access, 'ff011f00'],
  [FileInfoClass.Name, `28000000 ${nameHex}`],
  [FileInfoClass.Position, '0000000000000000'],
  [FileInfoClass.Mode, '20000000'],
  [FileInfoClass.Alignment, '00000000'],
  [FileInfoClass.AlternateName, '18000000480048004a004200520044007e0052002e00540058005400'],
  [
    FileInfoClass.Stream,
    `380000001a000000030000000000000003000000000000003a00730074007200650061006d003a00240044004100540041000000
     00000000000000000e000000050000000000000000200000000000003a003a0024004400410054004100`,
  ],
  [FileInfoClass.Compression, '05000000000000000000000000000000'],
  [FileInfoClass.NetworkOpen, `${timeHex.repeat(4)} 0020000000000000 0500000000000000 2000000000000000`],
  [FileInfoClass.AttributeTag, '2000000000000000'],
];

test('answers from facts are what Samba answers', () => {
  for (const [code, hex] of recorded) {
    const row = fileInfoClasses[code];
    const info = row?.of?.(facts);
    assert.ok(row && info, `class ${code}`);
    const bytes = new Encoder().encode(info);
    assert.equal(toHex(bytes), hex.replace(/\s+/g, ''), row.name);
    const read = row.make();
    read.layout(new Decoder().reset(bytes));
    assert.deepEqual(read, info);
  }
});

test('the table', () => {
  assert.equal(fileInfoClassNames[18], 'FileAllInformation');
  for (const row of Object.values(fileInfoClasses)) {
    const info = row.of?.(facts);
    if (info !== undefined && row.name !== 'FileAllInformation') {
      assert.ok(new Encoder().encode(info).length >= row.size, row.name);
    }
  }
  assert.equal(fileInfoClasses[FileInfoClass.Pipe]?.of?.(facts), undefined);
  assert.equal(fileInfoClasses[FileInfoClass.AlternateName]?.of?.({ ...facts, shortName: '' }), undefined);
});

const pipe = {
  type: 1,
  readMode: 1,
  completionMode: 0,
  configuration: 2,
  state: 3,
  serverEnd: false,
  maximumInstances: -1,
  currentInstances: 1,
  inboundQuota: 4096,
  readDataAvailable: 0,
  outboundQuota: 4096,
  writeQuotaAvailable: 4096,
};

test('pipes', () => {
  const piped = { ...facts, pipe };
  assert.equal(FilePipeInformation.of(piped)?.readMode, 1);
  assert.equal(FilePipeLocalInformation.of(piped)?.maximumInstances, 0xffffffff);
});

golden(FileBasicInformation, { ...times, fileAttributes: 0x20 }, `${timeHex.repeat(4)} 2000000000000000`);
// Recorded from smbclient 4.17.12: setmode +r.
golden(
  FileBasicInformation,
  {
    creationTime: TIME_FREEZE,
    lastAccessTime: TIME_FREEZE,
    lastWriteTime: TIME_KEEP,
    changeTime: TIME_FREEZE,
    fileAttributes: 0x21,
  },
  'ffffffffffffffffffffffffffffffff0000000000000000ffffffffffffffff2100000000000000',
);
golden(
  FileStandardInformation,
  { allocationSize: 0x2000, endOfFile: 5, numberOfLinks: 1 },
  '002000000000000005000000000000000100000000000000',
);
golden(
  FileStandardInformation,
  { numberOfLinks: 2, deletePending: true, directory: true },
  '0000000000000000 0000000000000000 02000000 01 01 0000',
);
golden(
  FileStandardLinkInformation,
  { numberOfAccessibleLinks: 2, totalNumberOfLinks: 3, deletePending: true },
  '02000000 03000000 01 00 0000',
);
golden(FileInternalInformation, { indexNumber: 0xfffe_0000_0000_0001n }, '010000000000feff');
golden(FileEaInformation, { eaSize: 33 }, '21000000');
golden(FileAccessInformation, { accessFlags: 0x1f01ff }, 'ff011f00');
golden(FileNameInformation, { fileName }, `28000000 ${nameHex}`);
golden(FileNormalizedNameInformation, { fileName: 'a\\b' }, '06000000 61005c006200');
golden(FileAlternateNameInformation, { fileName: 'A~1' }, '06000000 41007e003100');
golden(FileShortNameInformation, { fileName: 'A~1' }, '06000000 41007e003100');
golden(FileDispositionInformation, { deletePending: true }, '01');
golden(FileDispositionInformationEx, { flags: DispositionFlags.Delete | DispositionFlags.PosixSemantics }, '03000000');
golden(FilePositionInformation, { currentByteOffset: 0x1_0000_0000 }, '0000000001000000');
golden(FileModeInformation, { mode: 0x20 }, '20000000');
golden(FileAlignmentInformation, { alignmentRequirement: 7 }, '07000000');
golden(FileAllocationInformation, { allocationSize: 4096 }, '0010000000000000');
golden(FileEndOfFileInformation, { endOfFile: 4097 }, '0110000000000000');
golden(FileValidDataLengthInformation, { validDataLength: 4097 }, '0110000000000000');
golden(
  FileNetworkOpenInformation,
  { ...times, allocationSize: 8, endOfFile: 5, fileAttributes: 0x80 },
  `${timeHex.repeat(4)} 0800000000000000 0500000000000000 8000000000000000`,
);
golden(FileAttributeTagInformation, { fileAttributes: 0x400, reparseTag: 0xa000000c }, '00040000 0c0000a0');
golden(
  FileIdInformation,
  { volumeSerialNumber: 0xde043c3dn, fileId: 0x0102_0000_0000_0000_0003n },
  '3d3c04de00000000 0300000000000000 0201000000000000',
);
golden(FileObjectIdInformation, { data: fromHex('0102') }, '0102');
golden(
  FileCompressionInformation,
  { compressedFileSize: 5, compressionFormat: 2, compressionUnitShift: 16, chunkShift: 12, clusterShift: 9 },
  '0500000000000000 0200 10 0c 09 000000',
);
golden(FilePipeInformation, { readMode: 1, completionMode: 1 }, '01000000 01000000');
golden(
  FilePipeLocalInformation,
  {
    namedPipeType: 1,
    namedPipeConfiguration: 2,
    currentInstances: 1,
    inboundQuota: 4096,
    namedPipeState: 3,
    namedPipeEnd: 1,
  },
  '01000000 02000000 ffffffff 01000000 00100000 00000000 00000000 00000000 03000000 01000000',
);
// Recorded from smbclient 4.17.12: rename, hardlink.
golden(
  FileRenameInformation,
  { fileName: 'dir\\r' },
  '0000000000000000 0000000000000000 0a000000 6400690072005c007200',
);
golden(
  FileLinkInformation,
  { fileName: '\\dir\\l' },
  '0000000000000000 0000000000000000 0c000000 5c006400690072005c006c00',
);
golden(
  FileRenameInformation,
  { replaceIfExists: true, fileName: 'x' },
  '0100000000000000 0000000000000000 02000000 7800 0000',
);
golden(
  FileRenameInformationEx,
  { flags: RenameFlags.ReplaceIfExists | RenameFlags.PosixSemantics, fileName: 'xy' },
  '03000000 00000000 0000000000000000 04000000 78007900',
);
golden(FileRenameInformationType1, { replaceIfExists: true, fileName: 'x' }, '01000000 00000000 02000000 7800');
golden(FileLinkInformationType1, { replaceIfExists: true, fileName: 'x' }, '01000000 00000000 02000000 7800');

const eas = [FullEaEntry.of('NAME', fromHex('76616c7565')), FullEaEntry.of('N2', fromHex('6162'))];
// Recorded from Samba 4.17.12, which reports 33 as the EaSize of this file.
golden(
  FileFullEaInformation,
  { entries: eas },
  '14000000 00 04 0500 4e414d45 00 76616c7565 0000 00000000 00 02 0200 4e32 00 6162',
);
test('EaSize', () => {
  assert.equal(eaListSize(eas), 33);
  assert.equal(eaListSize([]), 0);
});
golden(
  FileGetEaInformation,
  { entries: [Object.assign(new GetEaEntry(), { eaName: 'AB' }), Object.assign(new GetEaEntry(), { eaName: 'C' })] },
  '08000000 02 4142 00 00000000 01 43 00',
);
golden(FileStreamInformation, { entries: FileStreamInformation.of(facts).entries }, recorded[10]?.[1] ?? '');
// Recorded from Samba 4.17.12.
golden(
  FileAllInformation,
  FileAllInformation.of({ ...facts, mode: 0 }),
  `${timeHex.repeat(4)} 2000000000000000 002000000000000005000000000000000100000000000000 0be3200000000000 00000000
   ff011f00 0000000000000000 00000000 00000000 28000000 ${nameHex}`,
);
