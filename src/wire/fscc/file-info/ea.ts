import type { Layout, Wire } from '../../io/layout.js';
import type { NodeFacts } from '../file-facts.js';

/** [MS-FSCC] 2.4.12 FileEaInformation. */
export class FileEaInformation implements Wire {
  eaSize = 0;

  static of(facts: NodeFacts): FileEaInformation {
    const info = new FileEaInformation();
    info.eaSize = facts.eaSize;
    return info;
  }

  layout(io: Layout): void {
    this.eaSize = io.u32('EaSize', this.eaSize);
  }
}
