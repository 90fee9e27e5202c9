import type { Layout, Wire } from '../../io/layout.js';
import type { FsFacts } from '../fs-facts.js';

/** [MS-FSCC] 2.5.9 FileFsVolumeInformation. */
export class FileFsVolumeInformation implements Wire {
  volumeCreationTime = 0n;
  volumeSerialNumber = 0;
  supportsObjects = false;
  volumeLabel = '';

  static of(facts: FsFacts): FileFsVolumeInformation {
    const info = new FileFsVolumeInformation();
    info.volumeCreationTime = facts.creationTime;
    info.volumeSerialNumber = facts.serial;
    info.volumeLabel = facts.label;
    return info;
  }

  layout(io: Layout): void {
    this.volumeCreationTime = io.time('VolumeCreationTime', this.volumeCreationTime);
    this.volumeSerialNumber = io.u32('VolumeSerialNumber', this.volumeSerialNumber);
    const length = io.length32('VolumeLabelLength');
    this.supportsObjects = io.u8('SupportsObjects', Number(this.supportsObjects)) !== 0;
    io.skip('Reserved', 1);
    this.volumeLabel = io.utf16At('VolumeLabel', length, this.volumeLabel);
  }
}
