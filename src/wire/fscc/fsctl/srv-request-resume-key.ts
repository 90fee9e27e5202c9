import { EMPTY } from '../../io/decoder.js';
import type { Layout } from '../../io/layout.js';

/** [MS-SMB2] 2.2.32.3 SRV_REQUEST_RESUME_KEY Response: 32 bytes including padding if Context is empty. */
export class SrvRequestResumeKeyResponse {
  /** 24 opaque bytes. */
  resumeKey: Uint8Array = new Uint8Array(24);
  context: Uint8Array = EMPTY;

  layout(io: Layout): void {
    this.resumeKey = io.bytes('ResumeKey', 24, this.resumeKey);
    const context = io.length32('ContextLength');
    this.context = io.bytesAt('Context', context, this.context);
    if (this.context.length === 0 && (!io.reading || io.left >= 4)) io.skip('Padding', 4);
  }
}
