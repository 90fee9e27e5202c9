import { type Opener, type Sealer, TRANSFORM_HEADER_SIZE } from '#crypto/sealing.js';
import type { Signer } from '#crypto/signing.js';
import { ConnectionLost } from '#wire/erref/errors.js';
import { BufferPool } from '../buffer-pool.js';
import { FRAME_HEADER, type FramePort, totalLength } from '../frame-port.js';

/** What the engine needs to know about a session to protect its messages, on either side. */
export interface SessionSecurity {
  readonly id: bigint;
  /** Absent for guests and anonymous sessions, which have no key. */
  readonly signer: Signer | undefined;
  /** Every message must be signed or encrypted. */
  readonly signingRequired: boolean;
  /** Encrypts what we send; absent if no cipher was negotiated. */
  readonly sealer: Sealer | undefined;
  readonly opener: Opener | undefined;
  /** Every message must be encrypted. */
  readonly encryptionRequired: boolean;
}

/** Buffers for encrypted frames until they are sent. */
const buffers = new BufferPool();
/** Buffers below this size are not worth reusing. */
const SMALL = 65_536;

/** Encrypts the messages of one frame and sends them. The memory of `parts` is free again when this returns. */
export function sendSealed(
  port: FramePort,
  parts: readonly Uint8Array[],
  { sealer, id }: { readonly sealer: Sealer; readonly id: bigint },
  sent?: () => void,
): void {
  const plain = [(parts[0] as Uint8Array).subarray(FRAME_HEADER), ...parts.slice(1)];
  const frame = buffers.take(FRAME_HEADER + TRANSFORM_HEADER_SIZE + totalLength(plain));
  sealer.seal(plain, id, frame.subarray(FRAME_HEADER));
  if (frame.length < SMALL) return port.send([frame], plain, sent);
  port.send([frame], plain, () => {
    buffers.give(frame);
    sent?.();
  });
}

/**
 * Decrypts a frame in place. ConnectionLost if it cannot be decrypted or its session is unknown
 * ([MS-SMB2] 3.3.5.2.1.1).
 */
export function unseal(frame: Uint8Array, session: SessionSecurity | undefined): Uint8Array {
  if (!session?.opener) {
    throw new ConnectionLost('an encrypted message of no known session', { retryable: false });
  }
  try {
    return session.opener.open(frame);
  } catch (cause) {
    throw new ConnectionLost('an encrypted message cannot be opened', { retryable: false, cause });
  }
}
