import type { Layout } from '../../io/layout.js';

/** [MS-SMB2] 2.2.13.2.7 SMB2_CREATE_TIMEWARP_TOKEN: open the file as it was at that time. */
export class CreateTimewarpToken {
  timestamp = 0n;

  layout(io: Layout): void {
    this.timestamp = io.time('Timestamp', this.timestamp);
  }
}
