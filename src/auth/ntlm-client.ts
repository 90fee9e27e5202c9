import { hmacMd5 } from '#crypto/digest.js';
import { rc4 } from '#crypto/rc4.js';
import { UsageError } from '#wire/erref/errors.js';
import { Decoder, EMPTY } from '#wire/io/decoder.js';
import { Encoder } from '#wire/io/encoder.js';
import { AvFlag, AvId, AvPair, AvPairs } from '#wire/ntlm/av-pair.js';
import { AuthenticateMessage, ChallengeMessage, MIC_AT, NegotiateMessage } from '#wire/ntlm/messages.js';
import { NegotiateFlag } from '#wire/ntlm/negotiate-flags.js';
import { Version } from '#wire/ntlm/version.js';
import { hashBytes } from './account-store.js';
import { type ChallengeFacts, challengeFacts } from './challenge-facts.js';
import { type ClientResponse, ntlm2SessionResponses, ntlmv1Responses, ntlmv2Responses } from './client-response.js';
import type { ClientMechanism, Now, Random } from './mechanism.js';
import { ntHash } from './ntlm-hashes.js';
import { NtlmSigner } from './ntlm-signer.js';

/** Who logs on. An empty account name means anonymous. */
export interface ClientCredentials {
  readonly account: string;
  readonly domain: string;
  /** The password, or its NT hash instead. */
  readonly password: string | { readonly ntHash: Uint8Array | string };
}

export interface NtlmClientOptions extends ClientCredentials {
  /** The name of this machine. */
  readonly workstation: string;
  /** The service's name, `cifs/HOST`. */
  readonly targetName: string;
  /** Answer with NTLMv1, for servers that support nothing else. */
  readonly ntlmv1: boolean;
  readonly random: Random;
  readonly now: Now;
}

const OFFER =
  (NegotiateFlag.Unicode |
    NegotiateFlag.RequestTarget |
    NegotiateFlag.Sign |
    NegotiateFlag.Ntlm |
    NegotiateFlag.AlwaysSign |
    NegotiateFlag.ExtendedSessionSecurity |
    NegotiateFlag.Version |
    NegotiateFlag.Key128 |
    NegotiateFlag.KeyExchange |
    NegotiateFlag.Key56) >>>
  0;

/** The NT hash of a password, or the one given instead. */
export function secretHash(password: ClientCredentials['password']): Uint8Array {
  return typeof password === 'string' ? ntHash(password) : hashBytes(password.ntHash);
}

/** The client side of NTLM ([MS-NLMP] 3.1.5). */
export class NtlmClient implements ClientMechanism {
  readonly anonymous: boolean;
  sessionKey: Uint8Array = EMPTY;
  done = false;
  server: ChallengeFacts | undefined = undefined;
  /** Signs SPNEGO's mechListMIC once the credentials have been sent; undefined if there is no key for that. */
  signer: NtlmSigner | undefined = undefined;
  readonly #options: NtlmClientOptions;
  #negotiate: Uint8Array = EMPTY;

  constructor(options: NtlmClientOptions) {
    this.#options = options;
    this.anonymous = options.account === '';
  }

  step(token: Uint8Array | undefined): Uint8Array {
    if (this.done) throw new UsageError('the logon is over');
    if (this.#negotiate.length === 0) {
      const message = Object.assign(new NegotiateMessage(), { negotiateFlags: OFFER, version: Version.ours() });
      this.#negotiate = new Encoder(64).encode(message);
      return this.#negotiate;
    }
    const bytes = token ?? EMPTY;
    const challenge = new ChallengeMessage();
    challenge.layout(new Decoder().reset(bytes));
    this.server = challengeFacts(challenge);
    this.done = true;
    return this.anonymous ? this.#authenticateAnonymously(challenge) : this.#authenticate(challenge, bytes);
  }

  #authenticateAnonymously(challenge: ChallengeMessage): Uint8Array {
    const message = new AuthenticateMessage();
    const flags = (challenge.negotiateFlags & OFFER & ~NegotiateFlag.KeyExchange) | NegotiateFlag.Anonymous;
    message.negotiateFlags = flags >>> 0;
    message.lmChallengeResponse = new Uint8Array(1);
    message.workstation = this.#options.workstation;
    message.version = Version.ours();
    message.hasMic = false;
    return new Encoder(512).encode(message);
  }

  #authenticate(challenge: ChallengeMessage, challengeBytes: Uint8Array): Uint8Array {
    const { account, domain, workstation, random } = this.#options;
    const flags = (challenge.negotiateFlags & OFFER) >>> 0;
    const targetInfo = new AvPairs();
    if (challenge.targetInfo.length > 0) targetInfo.layout(new Decoder().reset(challenge.targetInfo));
    const withMic = !this.#options.ntlmv1 && targetInfo.find(AvId.Timestamp) !== undefined;
    const response = this.#respond(challenge, targetInfo, withMic);
    const message = Object.assign(new AuthenticateMessage(), {
      negotiateFlags: flags,
      lmChallengeResponse: response.lm,
      ntChallengeResponse: response.nt,
      domainName: domain,
      userName: account,
      workstation,
      version: Version.ours(),
      hasMic: withMic,
    });
    this.sessionKey = response.key;
    if ((flags & NegotiateFlag.KeyExchange) !== 0) {
      this.sessionKey = random(16);
      message.encryptedRandomSessionKey = rc4(response.key, this.sessionKey);
    }
    if ((flags & NegotiateFlag.ExtendedSessionSecurity) !== 0) {
      this.signer = new NtlmSigner(this.sessionKey, flags, 'client');
    }
    const bytes = new Encoder(4096).encode(message);
    if (withMic) bytes.set(hmacMd5(this.sessionKey, this.#negotiate, challengeBytes, bytes), MIC_AT);
    return bytes;
  }

  #respond(challenge: ChallengeMessage, targetInfo: AvPairs, withMic: boolean): ClientResponse {
    const { account, domain, password, ntlmv1, random, now } = this.#options;
    const hash = secretHash(password);
    const clientChallenge = random(8);
    const extended = (challenge.negotiateFlags & NegotiateFlag.ExtendedSessionSecurity) !== 0;
    if (ntlmv1) {
      return extended
        ? ntlm2SessionResponses(hash, challenge.serverChallenge, clientChallenge)
        : ntlmv1Responses(hash, challenge.serverChallenge);
    }
    return ntlmv2Responses({
      ntHash: hash,
      account,
      domain,
      challenge: challenge.serverChallenge,
      clientChallenge,
      time: targetInfo.find(AvId.Timestamp)?.timestamp ?? now(),
      targetInfo: this.#extended(targetInfo, withMic),
      withoutLm: withMic,
    });
  }

  /** The server's target information with the client's additions ([MS-NLMP] 3.1.5.1.2). */
  #extended(targetInfo: AvPairs, withMic: boolean): AvPairs {
    const ours: readonly number[] = [AvId.Flags, AvId.ChannelBindings, AvId.TargetName];
    const flags = (targetInfo.find(AvId.Flags)?.flags ?? 0) | (withMic ? AvFlag.MicPresent : 0);
    return AvPairs.of(
      ...targetInfo.pairs.filter((pair) => !ours.includes(pair.avId)),
      ...(flags === 0 ? [] : [AvPair.flags(flags)]),
      AvPair.bytes(AvId.ChannelBindings, new Uint8Array(16)),
      AvPair.text(AvId.TargetName, this.#options.targetName),
    );
  }
}
