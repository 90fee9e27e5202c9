import { EMPTY } from '../../io/decoder.js';
import type { Layout } from '../../io/layout.js';

/** [POSIX-SMB2] 2.2.3.1.8 SMB3_POSIX_EXTENSIONS_AVAILABLE: 16 bytes that identify the version. */
export class PosixExtensionsAvailable {
  version: Uint8Array = EMPTY;

  layout(io: Layout): void {
    this.version = io.rest('Version', this.version);
  }
}
