import type { Layout, Wire } from '../../io/layout.js';
import type { FileFacts } from '../file-facts.js';

/** [MS-FSCC] 2.4.39 FilePositionInformation. */
export class FilePositionInformation implements Wire {
  currentByteOffset = 0;

  static of(facts: FileFacts): FilePositionInformation {
    const info = new FilePositionInformation();
    info.currentByteOffset = facts.position;
    return info;
  }

  layout(io: Layout): void {
    this.currentByteOffset = io.u64('CurrentByteOffset', this.currentByteOffset);
  }
}
