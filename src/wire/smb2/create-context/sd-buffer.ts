import { EMPTY } from '../../io/decoder.js';
import type { Layout } from '../../io/layout.js';

/** [MS-SMB2] 2.2.13.2.2 SMB2_CREATE_SD_BUFFER: a self-relative security descriptor ([MS-DTYP] 2.4.6). */
export class CreateSdBuffer {
  securityDescriptor: Uint8Array = EMPTY;

  layout(io: Layout): void {
    this.securityDescriptor = io.rest('SecurityDescriptor', this.securityDescriptor);
  }
}
