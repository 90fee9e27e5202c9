import type { Layout, Wire } from '../../io/layout.js';

/** [MS-FSCC] 2.5.5 FileFsLabelInformation. */
export class FileFsLabelInformation implements Wire {
  volumeLabel = '';

  layout(io: Layout): void {
    const length = io.length32('VolumeLabelLength');
    this.volumeLabel = io.utf16At('VolumeLabel', length, this.volumeLabel);
  }
}
