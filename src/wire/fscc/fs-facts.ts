import type { Guid } from '../dtyp/guid.js';

/** Facts about the volume behind a share. */
export interface FsFacts {
  readonly label: string;
  /** 32 bits. */
  readonly serial: number;
  readonly creationTime: bigint;
  /** "NTFS" makes Windows offer NTFS features. */
  readonly fileSystem: string;
  /** In UTF-16 units. */
  readonly maxNameLength: number;
  /** FILE_SYSTEM_ATTRIBUTES bits. */
  readonly attributes: number;
  /** FILE_DEVICE_* and its characteristics. */
  readonly deviceType: number;
  readonly characteristics: number;
  /** Bytes. */
  readonly total: number;
  readonly free: number;
  /** Bytes available to the caller; less than `free` under a quota. */
  readonly available: number;
  /** Sizes of an allocation unit and (`sectorSize`) of a sector, in bytes. */
  readonly unit: number;
  readonly sectorSize: number;
  /** The medium supports TRIM. */
  readonly trim: boolean;
  readonly objectId: Guid;
}

/** The allocation unit in sectors. A unit that is not a multiple of the sector size is reported as one sector. */
export function geometry(facts: FsFacts): { sectorsPerUnit: number; bytesPerSector: number; unit: number } {
  const sectors = facts.unit / facts.sectorSize;
  return Number.isInteger(sectors) && sectors > 0
    ? { sectorsPerUnit: sectors, bytesPerSector: facts.sectorSize, unit: facts.unit }
    : { sectorsPerUnit: 1, bytesPerSector: facts.unit, unit: facts.unit };
}
