import type { Layout, Wire } from '../../io/layout.js';
import { type FsFacts, geometry } from '../fs-facts.js';

/** [MS-FSCC] 2.5.4 FileFsFullSizeInformation. */
export class FileFsFullSizeInformation implements Wire {
  totalAllocationUnits = 0;
  callerAvailableAllocationUnits = 0;
  actualAvailableAllocationUnits = 0;
  sectorsPerAllocationUnit = 0;
  bytesPerSector = 0;

  static of(facts: FsFacts): FileFsFullSizeInformation {
    const { sectorsPerUnit, bytesPerSector, unit } = geometry(facts);
    const info = new FileFsFullSizeInformation();
    info.totalAllocationUnits = Math.floor(facts.total / unit);
    info.callerAvailableAllocationUnits = Math.floor(facts.available / unit);
    info.actualAvailableAllocationUnits = Math.floor(facts.free / unit);
    info.sectorsPerAllocationUnit = sectorsPerUnit;
    info.bytesPerSector = bytesPerSector;
    return info;
  }

  layout(io: Layout): void {
    this.totalAllocationUnits = io.size64('TotalAllocationUnits', this.totalAllocationUnits);
    this.callerAvailableAllocationUnits = io.size64(
      'CallerAvailableAllocationUnits',
      this.callerAvailableAllocationUnits,
    );
    this.actualAvailableAllocationUnits = io.size64(
      'ActualAvailableAllocationUnits',
      this.actualAvailableAllocationUnits,
    );
    this.sectorsPerAllocationUnit = io.u32('SectorsPerAllocationUnit', this.sectorsPerAllocationUnit);
    this.bytesPerSector = io.u32('BytesPerSector', this.bytesPerSector);
  }
}
