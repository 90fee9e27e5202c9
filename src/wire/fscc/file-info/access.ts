import { fileAccessNames } from '../../dtyp/access-mask.js';
import type { Layout, Wire } from '../../io/layout.js';
import type { FileFacts } from '../file-facts.js';

/** [MS-FSCC] 2.4.1 FileAccessInformation. */
export class FileAccessInformation implements Wire {
  accessFlags = 0;

  static of(facts: FileFacts): FileAccessInformation {
    const info = new FileAccessInformation();
    info.accessFlags = facts.accessGranted;
    return info;
  }

  layout(io: Layout): void {
    this.accessFlags = io.flags32('AccessFlags', this.accessFlags, fileAccessNames);
  }
}
