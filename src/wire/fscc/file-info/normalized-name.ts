import type { Layout, Wire } from '../../io/layout.js';
import type { FileFacts } from '../file-facts.js';

/** [MS-FSCC] 2.4.34 FileNormalizedNameInformation: the name from the share's root, without a leading backslash. */
export class FileNormalizedNameInformation implements Wire {
  fileName = '';

  static of(facts: FileFacts): FileNormalizedNameInformation {
    const info = new FileNormalizedNameInformation();
    info.fileName = facts.name.startsWith('\\') ? facts.name.slice(1) : facts.name;
    return info;
  }

  layout(io: Layout): void {
    const length = io.length32('FileNameLength');
    this.fileName = io.utf16At('FileName', length, this.fileName);
  }
}
