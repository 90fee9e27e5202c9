import type { Wire } from '../../io/layout.js';
import type { NameTable } from '../../io/names.js';
import type { FsFacts } from '../fs-facts.js';
import { FileFsAttributeInformation } from './attribute.js';
import { FileFsControlInformation } from './control.js';
import { FileFsDeviceInformation } from './device.js';
import { FileFsFullSizeInformation } from './full-size.js';
import { FileFsLabelInformation } from './label.js';
import { FileFsObjectIdInformation } from './object-id.js';
import { FileFsSectorSizeInformation } from './sector-size.js';
import { FileFsSizeInformation } from './size.js';
import { FileFsVolumeInformation } from './volume.js';

/** [MS-FSCC] 2.5 File System Information Classes. */
export const FsInfoClass = {
  Volume: 1,
  Label: 2,
  Size: 3,
  Device: 4,
  Attribute: 5,
  Control: 6,
  FullSize: 7,
  ObjectId: 8,
  SectorSize: 11,
} as const;

/** One class: functions to create it for reading and to build a reply. */
export interface FsInfoRow {
  readonly name: string;
  /** Length of the fixed part; a smaller buffer, or less data to set, is STATUS_INFO_LENGTH_MISMATCH. */
  readonly size: number;
  readonly make: () => Wire;
  /** The reply to a QUERY. Classes without it can only be set. */
  readonly of?: (facts: FsFacts) => Wire;
}

interface Answering {
  new (): Wire;
  of(facts: FsFacts): Wire;
}

function both(size: number, type: Answering): FsInfoRow {
  return { name: type.name, size, make: () => new type(), of: (facts) => type.of(facts) };
}

/** By code. */
export const fsInfoClasses: Readonly<Record<number, FsInfoRow>> = {
  [FsInfoClass.Volume]: both(24, FileFsVolumeInformation),
  [FsInfoClass.Label]: { name: 'FileFsLabelInformation', size: 4, make: () => new FileFsLabelInformation() },
  [FsInfoClass.Size]: both(24, FileFsSizeInformation),
  [FsInfoClass.Device]: both(8, FileFsDeviceInformation),
  [FsInfoClass.Attribute]: both(16, FileFsAttributeInformation),
  [FsInfoClass.Control]: both(48, FileFsControlInformation),
  [FsInfoClass.FullSize]: both(32, FileFsFullSizeInformation),
  [FsInfoClass.ObjectId]: both(64, FileFsObjectIdInformation),
  [FsInfoClass.SectorSize]: both(28, FileFsSectorSizeInformation),
};

/** `FileFsVolumeInformation` by code. */
export const fsInfoClassNames: NameTable = Object.fromEntries(
  Object.entries(fsInfoClasses).map(([code, row]) => [code, row.name]),
);
