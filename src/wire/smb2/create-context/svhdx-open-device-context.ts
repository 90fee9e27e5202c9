import { EMPTY } from '../../io/decoder.js';
import type { Layout } from '../../io/layout.js';

/** [MS-RSVD] 2.2.4.12 SVHDX_OPEN_DEVICE_CONTEXT and its further versions and responses. */
export class SvhdxOpenDeviceContext {
  data: Uint8Array = EMPTY;

  layout(io: Layout): void {
    this.data = io.rest('Data', this.data);
  }
}
