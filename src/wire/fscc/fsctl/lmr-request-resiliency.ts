import type { Layout } from '../../io/layout.js';

/** [MS-SMB2] 2.2.31.3 NETWORK_RESILIENCY_REQUEST. */
export class NetworkResiliencyRequest {
  /** Milliseconds; 0 leaves it to the server. */
  timeout = 0;

  layout(io: Layout): void {
    this.timeout = io.u32('Timeout', this.timeout);
    io.skip('Reserved', 4);
  }
}
