import { hmacMd5 } from '#crypto/digest.js';
import { md4 } from '#crypto/md4.js';
import { Encoder } from '#wire/io/encoder.js';
import type { AvPairs } from '#wire/ntlm/av-pair.js';
import { Ntlmv2ClientChallenge } from '#wire/ntlm/responses.js';
import { desl, ntlm2Challenge, ntowfv2 } from './ntlm-hashes.js';

/** A client's responses to a challenge, and the key derived from them (KeyExchangeKey). */
export interface ClientResponse {
  readonly lm: Uint8Array;
  readonly nt: Uint8Array;
  readonly key: Uint8Array;
}

/** Input of NTLMv2 responses ([MS-NLMP] 3.3.2). */
export interface Ntlmv2Input {
  readonly ntHash: Uint8Array;
  readonly account: string;
  readonly domain: string;
  readonly challenge: Uint8Array;
  readonly clientChallenge: Uint8Array;
  readonly time: bigint;
  readonly targetInfo: AvPairs;
  /** Omit LMv2, because the server sent its time and so supports NTLMv2. */
  readonly withoutLm: boolean;
}

export function ntlmv2Responses(input: Ntlmv2Input): ClientResponse {
  const { challenge, clientChallenge } = input;
  const responseKey = ntowfv2(input.ntHash, input.account, input.domain);
  const blob = Object.assign(new Ntlmv2ClientChallenge(), {
    timeStamp: input.time,
    challengeFromClient: clientChallenge,
    avPairs: input.targetInfo,
    padding: new Uint8Array(4),
  });
  const temp = new Encoder(4096).encode(blob);
  const proof = hmacMd5(responseKey, challenge, temp);
  const lm = new Uint8Array(24);
  if (!input.withoutLm) {
    lm.set(hmacMd5(responseKey, challenge, clientChallenge));
    lm.set(clientChallenge, 16);
  }
  const nt = new Uint8Array(16 + temp.length);
  nt.set(proof);
  nt.set(temp, 16);
  return { lm, nt, key: hmacMd5(responseKey, proof) };
}

/** NTLMv1 ([MS-NLMP] 3.3.1). The LM field repeats the NT response, as an LM response would expose the password. */
export function ntlmv1Responses(ntHash: Uint8Array, challenge: Uint8Array): ClientResponse {
  const nt = desl(ntHash, challenge);
  return { lm: nt, nt, key: md4(ntHash) };
}

/** NTLMv1 with extended session security. */
export function ntlm2SessionResponses(hash: Uint8Array, challenge: Uint8Array, nonce: Uint8Array): ClientResponse {
  const lm = new Uint8Array(24);
  lm.set(nonce);
  const nt = desl(hash, ntlm2Challenge(challenge, nonce));
  return { lm, nt, key: hmacMd5(md4(hash), challenge, nonce) };
}
