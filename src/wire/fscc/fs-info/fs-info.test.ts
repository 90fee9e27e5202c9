import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, golden, toHex } from '#testing/golden.js';
import { Encoder } from '../../io/encoder.js';
import { type FsFacts, geometry } from '../fs-facts.js';
import { FileFsAttributeInformation, FileSystemAttributes } from './attribute.js';
import { FsInfoClass, fsInfoClasses, fsInfoClassNames } from './classes.js';
import { FileFsControlInformation } from './control.js';
import { DeviceCharacteristics, DeviceType, FileFsDeviceInformation } from './device.js';
import { FileFsFullSizeInformation } from './full-size.js';
import { FileFsLabelInformation } from './label.js';
import { FileFsObjectIdInformation } from './object-id.js';
import { FileFsSectorSizeInformation } from './sector-size.js';
import { FileFsSizeInformation } from './size.js';
import { FileFsVolumeInformation } from './volume.js';

const time = 0x01dd7b38f8f2eb1en;
const facts: FsFacts = {
  label: 'share',
  serial: 0xde043c3d,
  creationTime: time,
  fileSystem: 'NTFS',
  maxNameLength: 255,
  attributes: 0x0005006f,
  deviceType: DeviceType.Disk,
  characteristics: DeviceCharacteristics.DeviceIsMounted,
  total: 0x0fbf8e74 * 1024,
  free: 0x04f10ec0 * 1024,
  available: 0x04f10e40 * 1024,
  unit: 1024,
  sectorSize: 512,
  trim: false,
  objectId: '73923651-defd-ff4e-91cc-d50f13310bfc',
};

// Recorded from Samba 4.17.12.
const volumeHex = '1eebf2f8387bdd01 3d3c04de 0a000000 00 00 73006800610072006500';
const attributeHex = '6f000500 ff000000 08000000 4e00540046005300';
const fullSizeHex = '748ebf0f00000000 400ef10400000000 c00ef10400000000 02000000 00020000';

test('answers from facts are what Samba answers', () => {
  const recorded: readonly (readonly [number, string])[] = [
    [FsInfoClass.Volume, volumeHex],
    [FsInfoClass.Size, '748ebf0f00000000 400ef10400000000 02000000 00020000'],
    [FsInfoClass.Device, '0700000020000000'],
    [FsInfoClass.Attribute, attributeHex],
    [FsInfoClass.FullSize, fullSizeHex],
    [FsInfoClass.SectorSize, '00020000000200000002000000020000030000000000000000000000'],
  ];
  for (const [code, hex] of recorded) {
    const info = fsInfoClasses[code]?.of?.(facts);
    assert.ok(info, `class ${code}`);
    assert.equal(toHex(new Encoder().encode(info)), hex.replace(/\s+/g, ''), fsInfoClassNames[code]);
  }
});

test('the table', () => {
  for (const row of Object.values(fsInfoClasses)) {
    const info = row.of?.(facts);
    if (info !== undefined) assert.ok(new Encoder().encode(info).length >= row.size, row.name);
    assert.equal(row.make().constructor.name, row.name);
  }
});

test('a unit that is no whole number of sectors', () => {
  assert.deepEqual(geometry({ ...facts, unit: 700 }), { sectorsPerUnit: 1, bytesPerSector: 700, unit: 700 });
  assert.deepEqual(geometry({ ...facts, unit: 4096 }), { sectorsPerUnit: 8, bytesPerSector: 512, unit: 4096 });
});

golden(
  FileFsVolumeInformation,
  { volumeCreationTime: time, volumeSerialNumber: 0xde043c3d, volumeLabel: 'share' },
  volumeHex,
);
golden(FileFsLabelInformation, { volumeLabel: 'ab' }, '04000000 61006200');
golden(
  FileFsSizeInformation,
  { totalAllocationUnits: 100, availableAllocationUnits: 50, sectorsPerAllocationUnit: 8, bytesPerSector: 512 },
  '6400000000000000 3200000000000000 08000000 00020000',
);
golden(FileFsDeviceInformation, { characteristics: 0x20 }, '0700000020000000');
golden(
  FileFsAttributeInformation,
  {
    fileSystemAttributes:
      FileSystemAttributes.CaseSensitiveSearch |
      FileSystemAttributes.CasePreservedNames |
      FileSystemAttributes.UnicodeOnDisk |
      FileSystemAttributes.PersistentAcls |
      FileSystemAttributes.VolumeQuotas |
      FileSystemAttributes.SupportsSparseFiles |
      FileSystemAttributes.SupportsObjectIds |
      FileSystemAttributes.NamedStreams,
    maximumComponentNameLength: 255,
    fileSystemName: 'NTFS',
  },
  attributeHex,
);
golden(
  FileFsControlInformation,
  { defaultQuotaThreshold: -1, defaultQuotaLimit: 1024, fileSystemControlFlags: 2 },
  `0000000000000000 0000000000000000 0000000000000000 ffffffffffffffff 0004000000000000 02000000 00000000`,
);
golden(
  FileFsFullSizeInformation,
  {
    totalAllocationUnits: 0x0fbf8e74,
    callerAvailableAllocationUnits: 0x04f10e40,
    actualAvailableAllocationUnits: 0x04f10ec0,
    sectorsPerAllocationUnit: 2,
    bytesPerSector: 512,
  },
  fullSizeHex,
);
// Recorded from Samba 4.17.12, which reports its version here.
const extended = '61426d53000c1104000000000000000000000000342e31372e31322d44656269616e0000000000000000000000000000';
golden(
  FileFsObjectIdInformation,
  { objectId: facts.objectId, extendedInfo: fromHex(extended) },
  `51369273fdde4eff91ccd50f13310bfc ${extended}`,
);
golden(
  FileFsSectorSizeInformation,
  {
    logicalBytesPerSector: 512,
    physicalBytesPerSectorForPerformance: 4096,
    flags: 0xf,
    byteOffsetForSectorAlignment: 1,
  },
  '00020000 00000000 00100000 00000000 0f000000 01000000 00000000',
);
