import type { Layout } from '../../io/layout.js';

/** [MS-SMB2] 2.2.31.1.1 SRV_COPYCHUNK. */
export class SrvCopychunk {
  sourceOffset = 0;
  targetOffset = 0;
  length = 0;

  layout(io: Layout): void {
    this.sourceOffset = io.u64('SourceOffset', this.sourceOffset);
    this.targetOffset = io.u64('TargetOffset', this.targetOffset);
    this.length = io.u32('Length', this.length);
    io.skip('Reserved', 4);
  }
}

/** [MS-SMB2] 2.2.31.1 SRV_COPYCHUNK_COPY. */
export class SrvCopychunkCopy {
  /** The 24 bytes of a resume key. */
  sourceKey: Uint8Array = new Uint8Array(24);
  chunks: SrvCopychunk[] = [];

  layout(io: Layout): void {
    this.sourceKey = io.bytes('SourceKey', 24, this.sourceKey);
    const count = io.u32('ChunkCount', this.chunks.length);
    io.skip('Reserved', 4);
    this.chunks = io.list('Chunks', count, this.chunks, () => new SrvCopychunk());
  }
}

/**
 * [MS-SMB2] 2.2.32.1 SRV_COPYCHUNK_RESPONSE. With STATUS_INVALID_PARAMETER the three fields are the server's limits:
 * chunks per request, bytes per chunk, bytes in total.
 */
export class SrvCopychunkResponse {
  chunksWritten = 0;
  chunkBytesWritten = 0;
  totalBytesWritten = 0;

  layout(io: Layout): void {
    this.chunksWritten = io.u32('ChunksWritten', this.chunksWritten);
    this.chunkBytesWritten = io.u32('ChunkBytesWritten', this.chunkBytesWritten);
    this.totalBytesWritten = io.u32('TotalBytesWritten', this.totalBytesWritten);
  }
}
