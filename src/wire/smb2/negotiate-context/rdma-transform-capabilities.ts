import type { Layout } from '../../io/layout.js';

/** [MS-SMB2] 2.2.3.1.6 RDMATransformIds. */
export const RdmaTransform = { None: 0x0000, Encryption: 0x0001, Signing: 0x0002 } as const;

/** [MS-SMB2] 2.2.3.1.6 SMB2_RDMA_TRANSFORM_CAPABILITIES. */
export class RdmaTransformCapabilities {
  rdmaTransformIds: number[] = [];

  layout(io: Layout): void {
    const count = io.u16('TransformCount', this.rdmaTransformIds.length);
    io.skip('Reserved1', 2);
    io.skip('Reserved2', 4);
    this.rdmaTransformIds = io.u16s('RDMATransformIds', count, this.rdmaTransformIds);
  }
}
