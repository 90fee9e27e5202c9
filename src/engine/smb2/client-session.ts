import { deriveKeys } from '#crypto/kdf.js';
import { PreauthHash } from '#crypto/preauth-hash.js';
import { Opener, Sealer } from '#crypto/sealing.js';
import { type Signer, signerFor } from '#crypto/signing.js';
import type { Random } from '../transport.js';
import type { Smb2Reply } from './client-connection.js';
import { verifySignature } from './compose.js';
import type { SessionSecurity } from './security.js';

/** The messages that a session grows from, hashed as they go by ([MS-SMB2] 3.2.5.2, 3.2.5.3). */
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

// [MS-SMB2] 3.2.5.3: Session.SessionKey is the first 16 bytes, padded with zeros.
function narrow(key: Uint8Array): Uint8Array {
  const narrowed = new Uint8Array(KEY_SIZE);
  narrowed.set(key.subarray(0, KEY_SIZE));
  return narrowed;
}

/** A session under way: it has an id, and no keys yet. */
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

/** The keys of a session that came about, in use ([MS-SMB2] 3.2.5.3.1). */
export function clientSecurity(terms: SessionTerms, random: Random): SessionSecurity {
  const { dialect, cipher, sessionKey } = terms;
  if (sessionKey === undefined) return unprotected(terms.id);
  const keys = deriveKeys({
    dialect,
    sessionKey: narrow(sessionKey),
    fullSessionKey: sessionKey,
    preauthHash: terms.transcript.value,
    cipher,
  });
  const signer: Signer = signerFor(dialect, terms.signingAlgorithm, keys.signing);
  return {
    id: terms.id,
    signer,
    signingRequired: terms.signingRequired,
    sealer: cipher === 0 ? undefined : new Sealer(cipher, keys.c2s, random),
    opener: cipher === 0 ? undefined : new Opener(cipher, keys.s2c),
    encryptionRequired: terms.encryptionRequired,
  };
}

/** Whether the server proved, by signing its last word, that it knows the session's key ([MS-SMB2] 3.2.5.3.1). */
export function provesKey(reply: Smb2Reply, security: SessionSecurity): boolean {
  return verifySignature(reply.bytes, reply.header, security, true);
}
