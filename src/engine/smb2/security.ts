import type { Opener, Sealer } from '#crypto/sealing.js';
import type { Signer } from '#crypto/signing.js';
import { ConnectionLost } from '#wire/erref/errors.js';

/** What the engine has to know of a session to protect its messages. Both roles. */
export interface SessionSecurity {
  readonly id: bigint;
  /** Absent for guests and anonymous sessions, which have no key. */
  readonly signer: Signer | undefined;
  /** Every message must be signed, or encrypted. */
  readonly signingRequired: boolean;
  /** Encrypts what we send; absent when no cipher was agreed. */
  readonly sealer: Sealer | undefined;
  readonly opener: Opener | undefined;
  /** Every message must be encrypted. */
  readonly encryptionRequired: boolean;
}

/** The messages inside a sealed frame; a frame that no known session sealed ends the connection ([MS-SMB2] 3.3.5.2.1.1). */
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
