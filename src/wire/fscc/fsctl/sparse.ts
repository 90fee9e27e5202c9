import type { Layout } from '../../io/layout.js';

const RANGE = 16;

/** [MS-FSCC] 2.3.83 FSCTL_SET_SPARSE Request. An empty buffer means yes. */
export class SetSparseRequest {
  setSparse = true;

  layout(io: Layout): void {
    if (io.reading && io.left === 0) return;
    this.setSparse = io.u8('SetSparse', Number(this.setSparse)) !== 0;
  }
}

/** [MS-FSCC] 2.3.85 FSCTL_SET_ZERO_DATA Request (FILE_ZERO_DATA_INFORMATION). */
export class SetZeroDataRequest {
  fileOffset = 0;
  /** The first byte after the range. */
  beyondFinalZero = 0;

  layout(io: Layout): void {
    this.fileOffset = io.u64('FileOffset', this.fileOffset);
    this.beyondFinalZero = io.u64('BeyondFinalZero', this.beyondFinalZero);
  }
}

/** [MS-FSCC] 2.3.52 FILE_ALLOCATED_RANGE_BUFFER; alone it is the FSCTL_QUERY_ALLOCATED_RANGES Request (2.3.51). */
export class AllocatedRange {
  fileOffset = 0;
  length = 0;

  layout(io: Layout): void {
    this.fileOffset = io.u64('FileOffset', this.fileOffset);
    this.length = io.u64('Length', this.length);
  }
}

/** [MS-FSCC] 2.3.52 FSCTL_QUERY_ALLOCATED_RANGES Reply. */
export class QueryAllocatedRangesResponse {
  ranges: AllocatedRange[] = [];

  layout(io: Layout): void {
    const count = io.reading ? Math.floor(io.left / RANGE) : this.ranges.length;
    this.ranges = io.list('Ranges', count, this.ranges, () => new AllocatedRange());
  }
}
