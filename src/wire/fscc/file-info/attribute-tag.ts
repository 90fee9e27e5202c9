import type { Layout, Wire } from '../../io/layout.js';
import { fileAttributeNames } from '../attributes.js';
import type { NodeFacts } from '../file-facts.js';

/** [MS-FSCC] 2.4.6 FileAttributeTagInformation. */
export class FileAttributeTagInformation implements Wire {
  fileAttributes = 0;
  reparseTag = 0;

  static of(facts: NodeFacts): FileAttributeTagInformation {
    const info = new FileAttributeTagInformation();
    info.fileAttributes = facts.attributes;
    info.reparseTag = facts.reparseTag;
    return info;
  }

  layout(io: Layout): void {
    this.fileAttributes = io.flags32('FileAttributes', this.fileAttributes, fileAttributeNames);
    this.reparseTag = io.u32('ReparseTag', this.reparseTag);
  }
}
