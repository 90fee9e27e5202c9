import type { Layout, Wire } from '../../io/layout.js';
import { type FsFacts, geometry } from '../fs-facts.js';

/** [MS-FSCC] 2.5.8 FileFsSizeInformation. */
export class FileFsSizeInformation implements Wire {
  totalAllocationUnits = 0;
  availableAllocationUnits = 0;
  sectorsPerAllocationUnit = 0;
  bytesPerSector = 0;

  static of(facts: FsFacts): FileFsSizeInformation {
    const { sectorsPerUnit, bytesPerSector, unit } = geometry(facts);
    const info = new FileFsSizeInformation();
    info.totalAllocationUnits = Math.floor(facts.total / unit);
    info.availableAllocationUnits = Math.floor(facts.available / unit);
    info.sectorsPerAllocationUnit = sectorsPerUnit;
    info.bytesPerSector = bytesPerSector;
    return info;
  }

  layout(io: Layout): void {
    this.totalAllocationUnits = io.size64('TotalAllocationUnits', this.totalAllocationUnits);
    this.availableAllocationUnits = io.size64('AvailableAllocationUnits', this.availableAllocationUnits);
    this.sectorsPerAllocationUnit = io.u32('SectorsPerAllocationUnit', this.sectorsPerAllocationUnit);
    this.bytesPerSector = io.u32('BytesPerSector', this.bytesPerSector);
  }
}
