import type { Layout, Wire } from '../../io/layout.js';

/** [MS-FSCC] 2.4.44 FileShortNameInformation. */
export class FileShortNameInformation implements Wire {
  fileName = '';

  layout(io: Layout): void {
    const length = io.length32('FileNameLength');
    this.fileName = io.utf16At('FileName', length, this.fileName);
  }
}
