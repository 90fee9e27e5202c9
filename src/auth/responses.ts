import { hmacMd5 } from '#crypto/digest.js';
import { equalBytes } from '#crypto/equal.js';
import { md4 } from '#crypto/md4.js';
import type { AuthenticateMessage, ChallengeMessage } from '#wire/ntlm/messages.js';
import { NegotiateFlag } from '#wire/ntlm/negotiate-flags.js';
import type { Account } from './account-store.js';
import { desl, ntlm2Challenge, ntowfv2, upcase } from './ntlm-hashes.js';

/** A client's proof that it knows a password, to be checked. */
export interface Attempt {
  /** The server's 8-byte challenge. */
  readonly challenge: Uint8Array;
  readonly account: string;
  readonly domain: string;
  readonly lmResponse: Uint8Array;
  readonly ntResponse: Uint8Array;
  readonly workstation: string;
  /** NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY was negotiated. */
  readonly extended: boolean;
}

/** The answer to a challenge in an AUTHENTICATE_MESSAGE ([MS-NLMP] 2.2.1.3). */
export function attemptOf(message: AuthenticateMessage, challenge: ChallengeMessage): Attempt {
  return {
    challenge: challenge.serverChallenge,
    account: message.userName,
    domain: message.domainName,
    workstation: message.workstation,
    lmResponse: message.lmChallengeResponse,
    ntResponse: message.ntChallengeResponse,
    extended: (agreedFlags(message, challenge) & NegotiateFlag.ExtendedSessionSecurity) !== 0,
  };
}

/** Flags that both sides support. */
export function agreedFlags(message: AuthenticateMessage, challenge: ChallengeMessage): number {
  return (message.negotiateFlags & challenge.negotiateFlags) >>> 0;
}

/** A correct response and the key derived from it. */
export interface Proof {
  readonly kind: 'ntlmv2' | 'lmv2' | 'ntlm2-session' | 'ntlmv1' | 'lm';
  /** KeyExchangeKey ([MS-NLMP] 3.4.5.1). */
  readonly key: Uint8Array;
}

/** Checks the responses against an account; LM, NTLMv1 and NTLM2 session responses only if `ntlmv1`. */
export function proofOf(attempt: Attempt, account: Account, ntlmv1: boolean): Proof | undefined {
  const { ntResponse, lmResponse } = attempt;
  if (ntResponse.length > 24) return ntlmv2(attempt, account);
  if (ntResponse.length === 24 && ntlmv1) {
    const proof = attempt.extended && lmResponse.length === 24 ? ntlm2(attempt, account) : classic(attempt, account);
    if (proof) return proof;
  }
  if (lmResponse.length !== 24) return undefined;
  return lmv2(attempt, account) ?? (ntlmv1 ? lm(attempt, account) : undefined);
}

/** Candidate keys, as clients differ in the domain that they put into the hash. */
function v2Keys(attempt: Attempt, account: Account): Uint8Array[] {
  const domains = new Set([attempt.domain, upcase(attempt.domain), '']);
  return Array.from(domains, (domain) => ntowfv2(account.ntHash, attempt.account, domain));
}

function ntlmv2(attempt: Attempt, account: Account): Proof | undefined {
  const proof = attempt.ntResponse.subarray(0, 16);
  const blob = attempt.ntResponse.subarray(16);
  const key = v2Keys(attempt, account).find((key) => equalBytes(hmacMd5(key, attempt.challenge, blob), proof));
  return key && { kind: 'ntlmv2', key: hmacMd5(key, proof) };
}

function lmv2(attempt: Attempt, account: Account): Proof | undefined {
  const proof = attempt.lmResponse.subarray(0, 16);
  const nonce = attempt.lmResponse.subarray(16);
  const key = v2Keys(attempt, account).find((key) => equalBytes(hmacMd5(key, attempt.challenge, nonce), proof));
  return key && { kind: 'lmv2', key: hmacMd5(key, proof) };
}

function ntlm2(attempt: Attempt, account: Account): Proof | undefined {
  const nonce = attempt.lmResponse.subarray(0, 8);
  const expected = desl(account.ntHash, ntlm2Challenge(attempt.challenge, nonce));
  if (!equalBytes(expected, attempt.ntResponse)) return undefined;
  return { kind: 'ntlm2-session', key: hmacMd5(md4(account.ntHash), attempt.challenge, nonce) };
}

function classic(attempt: Attempt, account: Account): Proof | undefined {
  if (!equalBytes(desl(account.ntHash, attempt.challenge), attempt.ntResponse)) return undefined;
  return { kind: 'ntlmv1', key: md4(account.ntHash) };
}

function lm(attempt: Attempt, account: Account): Proof | undefined {
  if (!account.lmHash || !equalBytes(desl(account.lmHash, attempt.challenge), attempt.lmResponse)) return undefined;
  const key = new Uint8Array(16);
  key.set(account.lmHash.subarray(0, 8));
  return { kind: 'lm', key };
}
