import type { Layout, Wire } from '../../io/layout.js';
import type { NameTable } from '../../io/names.js';
import type { NodeFacts } from '../file-facts.js';

const formatNames: NameTable = { 0: 'COMPRESSION_FORMAT_NONE', 2: 'COMPRESSION_FORMAT_LZNT1' };

/** [MS-FSCC] 2.4.9 FileCompressionInformation. */
export class FileCompressionInformation implements Wire {
  compressedFileSize = 0;
  compressionFormat = 0;
  compressionUnitShift = 0;
  chunkShift = 0;
  clusterShift = 0;

  static of(facts: NodeFacts): FileCompressionInformation {
    const info = new FileCompressionInformation();
    info.compressedFileSize = facts.size;
    return info;
  }

  layout(io: Layout): void {
    this.compressedFileSize = io.size64('CompressedFileSize', this.compressedFileSize);
    this.compressionFormat = io.u16('CompressionFormat', this.compressionFormat, formatNames);
    this.compressionUnitShift = io.u8('CompressionUnitShift', this.compressionUnitShift);
    this.chunkShift = io.u8('ChunkShift', this.chunkShift);
    this.clusterShift = io.u8('ClusterShift', this.clusterShift);
    io.skip('Reserved', 3);
  }
}
