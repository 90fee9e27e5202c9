import { EMPTY } from '../../io/decoder.js';
import type { Layout } from '../../io/layout.js';

/** [MS-SMB2] 2.2.3.1.1 HashAlgorithms. */
export const HashAlgorithm = { Sha512: 0x0001 } as const;

/** [MS-SMB2] 2.2.3.1.1 SMB2_PREAUTH_INTEGRITY_CAPABILITIES. */
export class PreauthIntegrityCapabilities {
  hashAlgorithms: number[] = [];
  salt: Uint8Array = EMPTY;

  layout(io: Layout): void {
    const count = io.u16('HashAlgorithmCount', this.hashAlgorithms.length);
    const salt = io.length16('SaltLength');
    this.hashAlgorithms = io.u16s('HashAlgorithms', count, this.hashAlgorithms);
    this.salt = io.bytesAt('Salt', salt, this.salt);
  }
}
