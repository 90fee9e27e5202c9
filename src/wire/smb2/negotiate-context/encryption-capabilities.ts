import type { Layout } from '../../io/layout.js';
import type { NameTable } from '../../io/names.js';

/** [MS-SMB2] 2.2.3.1.2 Ciphers. */
export const Cipher = {
  Aes128Ccm: 0x0001,
  Aes128Gcm: 0x0002,
  Aes256Ccm: 0x0003,
  Aes256Gcm: 0x0004,
} as const;

export const cipherNames: NameTable = {
  [Cipher.Aes128Ccm]: 'AES-128-CCM',
  [Cipher.Aes128Gcm]: 'AES-128-GCM',
  [Cipher.Aes256Ccm]: 'AES-256-CCM',
  [Cipher.Aes256Gcm]: 'AES-256-GCM',
};

/** [MS-SMB2] 2.2.3.1.2 SMB2_ENCRYPTION_CAPABILITIES. A response has one cipher; 0 means none in common. */
export class EncryptionCapabilities {
  ciphers: number[] = [];

  layout(io: Layout): void {
    const count = io.u16('CipherCount', this.ciphers.length);
    this.ciphers = io.u16s('Ciphers', count, this.ciphers);
  }
}
