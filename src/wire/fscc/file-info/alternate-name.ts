import type { Layout, Wire } from '../../io/layout.js';
import type { NodeFacts } from '../file-facts.js';

/** [MS-FSCC] 2.4.5 FileAlternateNameInformation: the 8.3 name. A file without one gets an error instead. */
export class FileAlternateNameInformation implements Wire {
  fileName = '';

  static of(facts: NodeFacts): FileAlternateNameInformation | undefined {
    if (facts.shortName === '') return undefined;
    const info = new FileAlternateNameInformation();
    info.fileName = facts.shortName;
    return info;
  }

  layout(io: Layout): void {
    const length = io.length32('FileNameLength');
    this.fileName = io.utf16At('FileName', length, this.fileName);
  }
}
