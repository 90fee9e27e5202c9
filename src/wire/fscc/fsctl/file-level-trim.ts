import type { Layout } from '../../io/layout.js';

/** [MS-FSCC] 2.3.13.1 FILE_LEVEL_TRIM_RANGE. */
export class FileLevelTrimRange {
  offset = 0;
  length = 0;

  layout(io: Layout): void {
    this.offset = io.u64('Offset', this.offset);
    this.length = io.u64('Length', this.length);
  }
}

/** [MS-FSCC] 2.3.13 FSCTL_FILE_LEVEL_TRIM Request. */
export class FileLevelTrimRequest {
  key = 0;
  ranges: FileLevelTrimRange[] = [];

  layout(io: Layout): void {
    this.key = io.u32('Key', this.key);
    const count = io.u32('NumRanges', this.ranges.length);
    this.ranges = io.list('Ranges', count, this.ranges, () => new FileLevelTrimRange());
  }
}

/** [MS-FSCC] 2.3.14 FSCTL_FILE_LEVEL_TRIM Reply. */
export class FileLevelTrimResponse {
  numRangesProcessed = 0;

  layout(io: Layout): void {
    this.numRangesProcessed = io.u32('NumRangesProcessed', this.numRangesProcessed);
  }
}
