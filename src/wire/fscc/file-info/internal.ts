import type { Layout, Wire } from '../../io/layout.js';
import type { NodeFacts } from '../file-facts.js';

/** [MS-FSCC] 2.4.26 FileInternalInformation. */
export class FileInternalInformation implements Wire {
  indexNumber = 0n;

  static of(facts: NodeFacts): FileInternalInformation {
    const info = new FileInternalInformation();
    info.indexNumber = facts.id;
    return info;
  }

  layout(io: Layout): void {
    this.indexNumber = io.x64('IndexNumber', this.indexNumber);
  }
}
