import type { Layout, Wire } from '../../io/layout.js';
import type { FileFacts } from '../file-facts.js';

/** [MS-FSCC] 2.1.7 FILE_NAME_INFORMATION, the form of 2.4.31 FileNameInformation. */
export class FileNameInformation implements Wire {
  fileName = '';

  static of(facts: FileFacts): FileNameInformation {
    const info = new FileNameInformation();
    info.fileName = facts.name;
    return info;
  }

  layout(io: Layout): void {
    const length = io.length32('FileNameLength');
    this.fileName = io.utf16At('FileName', length, this.fileName);
  }
}
