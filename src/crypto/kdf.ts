import { createHmac } from 'node:crypto';

/** SP800-108 counter mode with HMAC-SHA256 and 32-bit counters ([MS-SMB2] 3.1.4.2); one block is enough here. */
export function kdf(key: Uint8Array, label: Uint8Array, context: Uint8Array, bytes: 16 | 32): Uint8Array {
  const hmac = createHmac('sha256', key);
  hmac
    .update(Uint8Array.of(0, 0, 0, 1))
    .update(label)
    .update(Uint8Array.of(0))
    .update(context);
  hmac.update(Uint8Array.of(0, 0, (bytes * 8) >> 8, (bytes * 8) & 0xff));
  return new Uint8Array(hmac.digest().subarray(0, bytes));
}

/** What a session's keys are derived from. */
export interface KeyMaterial {
  readonly dialect: number;
  /** Session.SessionKey: 16 bytes. */
  readonly sessionKey: Uint8Array;
  /** Session.FullSessionKey, as delivered by the authentication; longer than 16 bytes only with Kerberos. */
  readonly fullSessionKey: Uint8Array;
  /** Session.PreauthIntegrityHashValue; used in 3.1.1. */
  readonly preauthHash: Uint8Array;
  /** Connection.CipherId; 0 for none. */
  readonly cipher: number;
}

export interface SessionKeys {
  readonly signing: Uint8Array;
  /** Encryption keys, client to server and back (`s2c`); empty below 3.0. */
  readonly c2s: Uint8Array;
  readonly s2c: Uint8Array;
  readonly application: Uint8Array;
}

const NONE: Uint8Array = new Uint8Array(0);
const terminated = (text: string): Uint8Array => Uint8Array.from(`${text}\0`, (char) => char.charCodeAt(0));

/** The keys of a session ([MS-SMB2] 3.2.5.3.1 and 3.3.5.5.3). */
export function deriveKeys(from: KeyMaterial): SessionKeys {
  if (from.dialect < 0x0300) return { signing: from.sessionKey, c2s: NONE, s2c: NONE, application: from.sessionKey };
  if (from.dialect < 0x0311) return deriveKeys30(from.sessionKey);
  // AES-256 ciphers use the full session key and double the length; signing and application keys are unaffected.
  const wide = from.cipher === 3 || from.cipher === 4;
  const narrowKey = (label: string): Uint8Array => kdf(from.sessionKey, terminated(label), from.preauthHash, 16);
  const cipherKey = (label: string): Uint8Array =>
    wide ? kdf(from.fullSessionKey, terminated(label), from.preauthHash, 32) : narrowKey(label);
  return {
    signing: narrowKey('SMBSigningKey'),
    c2s: cipherKey('SMBC2SCipherKey'),
    s2c: cipherKey('SMBS2CCipherKey'),
    application: narrowKey('SMBAppKey'),
  };
}

function deriveKeys30(sessionKey: Uint8Array): SessionKeys {
  const key = (label: string, context: string): Uint8Array =>
    kdf(sessionKey, terminated(label), terminated(context), 16);
  return {
    signing: key('SMB2AESCMAC', 'SmbSign'),
    c2s: key('SMB2AESCCM', 'ServerIn '),
    s2c: key('SMB2AESCCM', 'ServerOut'),
    application: key('SMB2APP', 'SmbRpc'),
  };
}
