import { deriveKeys } from '#crypto/kdf.js';
import { PreauthHash } from '#crypto/preauth-hash.js';
import { Opener, Sealer } from '#crypto/sealing.js';
import { signerFor } from '#crypto/signing.js';
import type { Random } from '../transport.js';
import type { SessionSecurity } from './security.js';

/** The messages that a session grows from, hashed as they go by ([MS-SMB2] 3.2.5.2, 3.3.5.4, 3.3.5.5). */
export class Transcript {
  readonly #hash: PreauthHash;

  constructor(hash: PreauthHash = new PreauthHash()) {
    this.#hash = hash;
  }

  /** Adds a message. */
  readonly add = (bytes: Uint8Array): void => {
    this.#hash.update(bytes);
  };

  /** A session goes on from the connection's transcript by itself. */
  fork(): Transcript {
    return new Transcript(this.#hash.fork());
  }

  get value(): Uint8Array {
    return this.#hash.value;
  }
}

/** What was agreed when a session came about. */
export interface SessionTerms {
  readonly id: bigint;
  readonly dialect: number;
  /** As agreed at 3.1.1. */
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

/** A session without keys: one that is under way, or one of a guest. */
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

/** The keys of a session that came about, in use by one of the two sides ([MS-SMB2] 3.1.4.2). */
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
