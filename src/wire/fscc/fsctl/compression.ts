import type { Layout } from '../../io/layout.js';
import type { NameTable } from '../../io/names.js';

/** [MS-FSCC] 2.3.18 CompressionState. */
export const CompressionState = {
  None: 0x0000,
  Default: 0x0001,
  Lznt1: 0x0002,
} as const;

export const compressionStateNames: NameTable = {
  0: 'COMPRESSION_FORMAT_NONE',
  1: 'COMPRESSION_FORMAT_DEFAULT',
  2: 'COMPRESSION_FORMAT_LZNT1',
};

/** [MS-FSCC] 2.3.18 FSCTL_GET_COMPRESSION Reply and 2.3.67 FSCTL_SET_COMPRESSION Request. */
export class Compression {
  compressionState: number = CompressionState.None;

  layout(io: Layout): void {
    this.compressionState = io.u16('CompressionState', this.compressionState, compressionStateNames);
  }
}
