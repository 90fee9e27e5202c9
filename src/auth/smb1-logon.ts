import { equalBytes } from '#crypto/equal.js';
import { decodeUtf16 } from '#wire/io/utf16.js';
import { AvId, AvPair, AvPairs } from '#wire/ntlm/av-pair.js';
import type { AccountStore } from './account-store.js';
import { accountOf } from './account-store.js';
import { ntlmv1Responses, ntlmv2Responses } from './client-response.js';
import { type LogonPolicy, logOn } from './logon.js';
import { andThen, type Eventually, type Identity, type Now, type Random } from './mechanism.js';
import { type ClientCredentials, secretHash } from './ntlm-client.js';
import { desl, lmHash, ntHash, upcase } from './ntlm-hashes.js';

/** The fields of a SESSION_SETUP_ANDX without extended security ([MS-CIFS] 2.2.4.53.1). */
export interface ChallengeResponse {
  /** The 8 bytes of the NEGOTIATE response. */
  readonly challenge: Uint8Array;
  readonly account: string;
  readonly domain: string;
  /** OEMPassword. */
  readonly lmResponse: Uint8Array;
  /** UnicodePassword. */
  readonly ntResponse: Uint8Array;
  readonly store: AccountStore;
  readonly policy: LogonPolicy;
}

/** The server side of an SMB1 logon: NTLMv2 and LMv2, and others if the policy allows them. */
export function verifyChallengeResponse(request: ChallengeResponse): Eventually<Identity> {
  const { store, policy, ...fields } = request;
  const attempt = { ...fields, workstation: '', extended: false };
  return andThen(logOn(attempt, store, policy), (logon) => logon.identity);
}

export interface ChallengeAnswer extends ClientCredentials {
  readonly challenge: Uint8Array;
  readonly ntlmv2: boolean;
  readonly random: Random;
  readonly now: Now;
}

/**
 * The client side of an SMB1 logon without extended security. The signing key is the session key followed by the NT
 * response.
 */
export function challengeResponse(request: ChallengeAnswer): {
  lm: Uint8Array;
  nt: Uint8Array;
  sessionKey: Uint8Array;
} {
  const { challenge, account, domain, ntlmv2, random, now } = request;
  const hash = secretHash(request.password);
  const targetInfo = AvPairs.of(AvPair.text(AvId.NbDomainName, domain));
  const input = { ntHash: hash, account, domain, challenge, clientChallenge: random(8), time: now(), targetInfo };
  const { lm, nt, key } = ntlmv2 ? ntlmv2Responses({ ...input, withoutLm: false }) : ntlmv1Responses(hash, challenge);
  return { lm, nt, sessionKey: key };
}

/** The Password field of a TREE_CONNECT to a share with a password ([MS-CIFS] 2.2.4.55.1). */
export interface SharePassword {
  /** The share's password. */
  readonly expected: string;
  readonly given: Uint8Array;
  /** Undefined if passwords are sent in plain text. */
  readonly challenge: Uint8Array | undefined;
}

/** Checks a share password: case-insensitive plain text, LM or NTLMv1; the protocol has nothing better. */
export function verifySharePassword({ expected, given, challenge }: SharePassword): boolean {
  if (challenge === undefined) return verifyPlain(expected, given);
  const account = accountOf('share', { password: expected });
  const nt = equalBytes(desl(account.ntHash, challenge), given);
  const lm = account.lmHash !== undefined && equalBytes(desl(account.lmHash, challenge), given);
  return nt || lm;
}

// Compares hashes, which takes the same time for every length.
function verifyPlain(expected: string, given: Uint8Array): boolean {
  const oem = Array.from(given, (byte) => String.fromCharCode(byte)).join('');
  const wanted = ntHash(upcase(expected));
  const readings = [oem, decodeUtf16(given)].map((text) => ntHash(upcase(text.replace(/\0.*$/s, ''))));
  return readings.map((reading) => equalBytes(reading, wanted)).includes(true);
}

/** The client's Password field for a share: an LM response, or the password itself with its NUL. */
export function sharePassword(password: string, challenge: Uint8Array | undefined): Uint8Array {
  if (challenge === undefined) return Uint8Array.from(`${password}\0`, (char) => char.charCodeAt(0));
  return desl(lmHash(password) ?? ntHash(password), challenge);
}
