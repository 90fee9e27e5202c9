import type { Layout } from '../../io/layout.js';

/** [MS-SMB2] 2.2.2.2 ErrorData of STATUS_BUFFER_TOO_SMALL. */
export class BufferTooSmallError {
  /** Bytes that would have been enough. */
  requiredLength = 0;

  layout(io: Layout): void {
    this.requiredLength = io.u32('RequiredBufferLength', this.requiredLength);
  }
}
