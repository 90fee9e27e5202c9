import type { Layout } from '../../io/layout.js';
import type { NameTable } from '../../io/names.js';

/** [MS-SMB2] 2.2.3.1.7 SigningAlgorithms. */
export const SigningAlgorithm = { HmacSha256: 0x0000, AesCmac: 0x0001, AesGmac: 0x0002 } as const;

export const signingAlgorithmNames: NameTable = {
  [SigningAlgorithm.HmacSha256]: 'HMAC-SHA256',
  [SigningAlgorithm.AesCmac]: 'AES-CMAC',
  [SigningAlgorithm.AesGmac]: 'AES-GMAC',
};

/** [MS-SMB2] 2.2.3.1.7 SMB2_SIGNING_CAPABILITIES. */
export class SigningCapabilities {
  signingAlgorithms: number[] = [];

  layout(io: Layout): void {
    const count = io.u16('SigningAlgorithmCount', this.signingAlgorithms.length);
    this.signingAlgorithms = io.u16s('SigningAlgorithms', count, this.signingAlgorithms);
  }
}
