import { deriveKeys } from '#crypto/kdf.js';
import { PreauthHash } from '#crypto/preauth-hash.js';
import { Opener, Sealer } from '#crypto/sealing.js';
import { signerFor } from '#crypto/signing.js';
import type { Random } from '../transport.js';
import type { SessionSecurity } from './security.js';

/** Running preauthentication hash of the messages that set up a session ([MS-SMB2] 3.2.5.2, 3.3.5.4, 3.3.5.5). */
export class Transcript {
  readonly #hash: PreauthHash;

  constructor(hash: PreauthHash = new PreauthHash()) {
    this.#hash = hash;
  }

  /** Adds a message. */
  readonly add = (bytes: Uint8Array): void => {
    this.#hash.update(bytes);
  };

  /** Copies the connection's transcript as the start of a session's own. */
  fork(): Transcript {
    return new Transcript(this.#hash.fork());
  }

  get value(): Uint8Array {
    return this.#hash.value;
  }
}

/** What was negotiated when a session was set up. */
export interface SessionTerms {
  readonly id: bigint;
  readonly dialect: number;
  /** As negotiated in 3.1.1. */
  readonly signingAlgorithm: number;
  /** 0 for none. */
  readonly cipher: number;
  /** From the authentication; undefined for guests and anonymous sessions. */
  readonly sessionKey: Uint8Array | undefined;
  readonly transcript: Transcript;
  readonly signingRequired: boolean;
  readonly encryptionRequired: boolean;
}

const KEY_SIZE = 16;

// [MS-SMB2] 3.2.5.3, 3.3.5.5.3: Session.SessionKey is the first 16 bytes, padded with zeros.
function narrow(key: Uint8Array): Uint8Array {
  const narrowed = new Uint8Array(KEY_SIZE);
  narrowed.set(key.subarray(0, KEY_SIZE));
  return narrowed;
}

/** A session without keys: one still being set up, or a guest's. */
export function unprotected(id: bigint): SessionSecurity {
  return {
    id,
    signer: undefined,
    signingRequired: false,
    sealer: undefined,
    opener: undefined,
    encryptionRequired: false,
  };
}

/** Derives the keys of an established session for one of the two sides ([MS-SMB2] 3.1.4.2). */
export function protect(terms: SessionTerms, role: 'client' | 'server', random: Random): SessionSecurity {
  const { id, dialect, cipher, sessionKey } = terms;
  if (sessionKey === undefined) return unprotected(id);
  const keys = deriveKeys({
    dialect,
    sessionKey: narrow(sessionKey),
    fullSessionKey: sessionKey,
    preauthHash: terms.transcript.value,
    cipher,
  });
  const [sealKey, openKey] = role === 'client' ? [keys.c2s, keys.s2c] : [keys.s2c, keys.c2s];
  return {
    id,
    signer: signerFor(dialect, terms.signingAlgorithm, keys.signing),
    signingRequired: terms.signingRequired,
    sealer: cipher === 0 ? undefined : new Sealer(cipher, sealKey, random),
    opener: cipher === 0 ? undefined : new Opener(cipher, openKey),
    encryptionRequired: terms.encryptionRequired,
  };
}
