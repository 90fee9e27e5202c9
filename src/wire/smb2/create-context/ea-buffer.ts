import { EMPTY } from '../../io/decoder.js';
import type { Layout } from '../../io/layout.js';

/** [MS-SMB2] 2.2.13.2.1 SMB2_CREATE_EA_BUFFER: a list of FILE_FULL_EA_INFORMATION ([MS-FSCC] 2.4.16). */
export class CreateEaBuffer {
  eaBuffer: Uint8Array = EMPTY;

  layout(io: Layout): void {
    this.eaBuffer = io.rest('EaBuffer', this.eaBuffer);
  }
}
