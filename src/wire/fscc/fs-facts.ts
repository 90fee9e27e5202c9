import type { Guid } from '../dtyp/guid.js';

/** What a server knows of the volume behind a share. */
export interface FsFacts {
  readonly label: string;
  /** 32 bits. */
  readonly serial: number;
  readonly creationTime: bigint;
  /** "NTFS" makes Windows offer its features. */
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
  /** Bytes that the caller may still use: less than `free` under a quota. */
  readonly available: number;
  /** Bytes of an allocation unit and of a sector. */
  readonly unit: number;
  readonly sectorSize: number;
  /** The medium wants to know what is needed no more. */
  readonly trim: boolean;
  readonly objectId: Guid;
}

/** The allocation unit in sectors. A unit that is no whole number of sectors is told as one sector. */
export function geometry(facts: FsFacts): { sectorsPerUnit: number; bytesPerSector: number; unit: number } {
  const sectors = facts.unit / facts.sectorSize;
  return Number.isInteger(sectors) && sectors > 0
    ? { sectorsPerUnit: sectors, bytesPerSector: facts.sectorSize, unit: facts.unit }
    : { sectorsPerUnit: 1, bytesPerSector: facts.unit, unit: facts.unit };
}
