import type { Layout, Wire } from '../../io/layout.js';
import type { NameTable } from '../../io/names.js';
import type { FileFacts } from '../file-facts.js';

const requirementNames: NameTable = {
  0: 'FILE_BYTE_ALIGNMENT',
  1: 'FILE_WORD_ALIGNMENT',
  3: 'FILE_LONG_ALIGNMENT',
  7: 'FILE_QUAD_ALIGNMENT',
  15: 'FILE_OCTA_ALIGNMENT',
  31: 'FILE_32_BYTE_ALIGNMENT',
  63: 'FILE_64_BYTE_ALIGNMENT',
  127: 'FILE_128_BYTE_ALIGNMENT',
  255: 'FILE_256_BYTE_ALIGNMENT',
  511: 'FILE_512_BYTE_ALIGNMENT',
};

/** [MS-FSCC] 2.4.2 FileAlignmentInformation. */
export class FileAlignmentInformation implements Wire {
  alignmentRequirement = 0;

  static of(facts: FileFacts): FileAlignmentInformation {
    const info = new FileAlignmentInformation();
    info.alignmentRequirement = facts.alignment;
    return info;
  }

  layout(io: Layout): void {
    this.alignmentRequirement = io.u32('AlignmentRequirement', this.alignmentRequirement, requirementNames);
  }
}
