import type { Layout, Wire } from '../../io/layout.js';
import { counted } from '../block.js';

/** [MS-CIFS] 2.2.8.2.1 SMB_INFO_ALLOCATION. */
export class InfoAllocation implements Wire {
  idFileSystem = 0;
  cSectorUnit = 0;
  cUnit = 0;
  cUnitAvailable = 0;
  cbSector = 0;

  layout(io: Layout): void {
    this.idFileSystem = io.u32('idFileSystem', this.idFileSystem);
    this.cSectorUnit = io.u32('cSectorUnit', this.cSectorUnit);
    this.cUnit = io.u32('cUnit', this.cUnit);
    this.cUnitAvailable = io.u32('cUnitAvailable', this.cUnitAvailable);
    this.cbSector = io.u16('cbSector', this.cbSector);
  }
}

/** [MS-CIFS] 2.2.8.2.2 SMB_INFO_VOLUME. The label is not aligned, and its length includes the terminator. */
export class InfoVolume implements Wire {
  ulVolSerialNbr = 0;
  volumeLabel = '';

  layout(io: Layout): void {
    this.ulVolSerialNbr = io.u32('ulVolSerialNbr', this.ulVolSerialNbr);
    const length = io.length8('cCharCount');
    const label = counted(io, 'VolumeLabel', length, `${this.volumeLabel}\0`);
    if (io.reading) this.volumeLabel = label.replace(/\0.*$/s, '');
  }
}
