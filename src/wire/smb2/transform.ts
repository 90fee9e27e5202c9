import type { Layout } from '../io/layout.js';
import type { NameTable } from '../io/names.js';
import { NO_SIGNATURE } from './header.js';

/** Length of the transform header; the encrypted messages follow it. */
export const TRANSFORM_LENGTH = 52;

/** 0xFD 'S' 'M' 'B', little-endian. */
export const TRANSFORM_PROTOCOL_ID = 0x424d53fd;

/** [MS-SMB2] 2.2.41 Flags in 3.1.1; in 3.0 and 3.0.2 the same value is EncryptionAlgorithm AES-128-CCM. */
export const TransformFlags = { Encrypted: 0x0001 } as const;

const transformFlagNames: NameTable = { [TransformFlags.Encrypted]: 'ENCRYPTED' };

/** [MS-SMB2] 2.2.41 SMB2 TRANSFORM_HEADER. */
export class TransformHeader {
  signature: Uint8Array = NO_SIGNATURE;
  /** CCM uses 11 bytes, GCM 12; the rest is zero. */
  nonce: Uint8Array = NO_SIGNATURE;
  originalMessageSize = 0;
  flags: number = TransformFlags.Encrypted;
  sessionId = 0n;

  layout(io: Layout): void {
    io.same32('ProtocolId', TRANSFORM_PROTOCOL_ID);
    this.signature = io.bytes('Signature', 16, this.signature);
    this.nonce = io.bytes('Nonce', 16, this.nonce);
    this.originalMessageSize = io.u32('OriginalMessageSize', this.originalMessageSize);
    io.skip('Reserved', 2);
    this.flags = io.flags16('Flags/EncryptionAlgorithm', this.flags, transformFlagNames);
    this.sessionId = io.x64('SessionId', this.sessionId);
  }
}
