import type { Layout } from '../../io/layout.js';
import { type NameTable, namesOf } from '../../io/names.js';

/** [MS-SMB2] 2.2.3.1.3 CompressionAlgorithms. */
export const CompressionAlgorithm = {
  None: 0x0000,
  Lznt1: 0x0001,
  Lz77: 0x0002,
  Lz77Huffman: 0x0003,
  PatternV1: 0x0004,
  Lz4: 0x0005,
} as const;

export const compressionAlgorithmNames: NameTable = {
  [CompressionAlgorithm.None]: 'NONE',
  [CompressionAlgorithm.Lznt1]: 'LZNT1',
  [CompressionAlgorithm.Lz77]: 'LZ77',
  [CompressionAlgorithm.Lz77Huffman]: 'LZ77+Huffman',
  [CompressionAlgorithm.PatternV1]: 'Pattern_V1',
  [CompressionAlgorithm.Lz4]: 'LZ4',
};

/** [MS-SMB2] 2.2.3.1.3 Flags. */
export const CompressionCapabilitiesFlags = { Chained: 0x00000001 } as const;

const flagNames: NameTable = namesOf(CompressionCapabilitiesFlags);

/** [MS-SMB2] 2.2.3.1.3 SMB2_COMPRESSION_CAPABILITIES. */
export class CompressionCapabilities {
  flags = 0;
  compressionAlgorithms: number[] = [];

  layout(io: Layout): void {
    const count = io.u16('CompressionAlgorithmCount', this.compressionAlgorithms.length);
    io.skip('Padding', 2);
    this.flags = io.flags32('Flags', this.flags, flagNames);
    this.compressionAlgorithms = io.u16s('CompressionAlgorithms', count, this.compressionAlgorithms);
  }
}
