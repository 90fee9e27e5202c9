import type { Layout, Wire } from '../../io/layout.js';
import { type NameTable, namesOf } from '../../io/names.js';
import type { FsFacts } from '../fs-facts.js';

/** [MS-FSCC] 2.5.7 FileFsSectorSizeInformation: Flags. */
export const SectorSizeFlags = {
  AlignedDevice: 0x1,
  PartitionAlignedOnDevice: 0x2,
  NoSeekPenalty: 0x4,
  TrimEnabled: 0x8,
} as const;

const flagNames: NameTable = namesOf(SectorSizeFlags, 'SSINFO_FLAGS_');

/** [MS-FSCC] 2.5.7 FileFsSectorSizeInformation. */
export class FileFsSectorSizeInformation implements Wire {
  logicalBytesPerSector = 0;
  physicalBytesPerSectorForAtomicity = 0;
  physicalBytesPerSectorForPerformance = 0;
  fileSystemEffectivePhysicalBytesPerSectorForAtomicity = 0;
  flags = 0;
  byteOffsetForSectorAlignment = 0;
  byteOffsetForPartitionAlignment = 0;

  static of(facts: FsFacts): FileFsSectorSizeInformation {
    const info = new FileFsSectorSizeInformation();
    info.logicalBytesPerSector = facts.sectorSize;
    info.physicalBytesPerSectorForAtomicity = facts.sectorSize;
    info.physicalBytesPerSectorForPerformance = facts.sectorSize;
    info.fileSystemEffectivePhysicalBytesPerSectorForAtomicity = facts.sectorSize;
    const { AlignedDevice, PartitionAlignedOnDevice, TrimEnabled } = SectorSizeFlags;
    info.flags = AlignedDevice | PartitionAlignedOnDevice | (facts.trim ? TrimEnabled : 0);
    return info;
  }

  layout(io: Layout): void {
    this.logicalBytesPerSector = io.u32('LogicalBytesPerSector', this.logicalBytesPerSector);
    this.physicalBytesPerSectorForAtomicity = io.u32(
      'PhysicalBytesPerSectorForAtomicity',
      this.physicalBytesPerSectorForAtomicity,
    );
    this.physicalBytesPerSectorForPerformance = io.u32(
      'PhysicalBytesPerSectorForPerformance',
      this.physicalBytesPerSectorForPerformance,
    );
    this.fileSystemEffectivePhysicalBytesPerSectorForAtomicity = io.u32(
      'FileSystemEffectivePhysicalBytesPerSectorForAtomicity',
      this.fileSystemEffectivePhysicalBytesPerSectorForAtomicity,
    );
    this.flags = io.flags32('Flags', this.flags, flagNames);
    this.byteOffsetForSectorAlignment = io.u32('ByteOffsetForSectorAlignment', this.byteOffsetForSectorAlignment);
    this.byteOffsetForPartitionAlignment = io.u32(
      'ByteOffsetForPartitionAlignment',
      this.byteOffsetForPartitionAlignment,
    );
  }
}
