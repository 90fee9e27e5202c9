import { hmacMd5 } from '#crypto/digest.js';
import { equalBytes } from '#crypto/equal.js';
import { rc4 } from '#crypto/rc4.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { Decoder, EMPTY } from '#wire/io/decoder.js';
import { Encoder } from '#wire/io/encoder.js';
import type { Wire } from '#wire/io/layout.js';
import { AvFlag, AvId, AvPair, AvPairs } from '#wire/ntlm/av-pair.js';
import { AuthenticateMessage, ChallengeMessage, MIC_AT, NegotiateMessage } from '#wire/ntlm/messages.js';
import { NegotiateFlag } from '#wire/ntlm/negotiate-flags.js';
import { Ntlmv2Response } from '#wire/ntlm/responses.js';
import { Version } from '#wire/ntlm/version.js';
import type { AccountStore } from './account-store.js';
import { type Logon, type LogonPolicy, logOn } from './logon.js';
import { andThen, type Eventually, type Now, type Random, type ServerMechanism, type StepResult } from './mechanism.js';
import { NtlmSigner } from './ntlm-signer.js';
import { agreedFlags, attemptOf } from './responses.js';

/** The names of a server. */
export interface ServerNames {
  /** At most 15 characters. */
  readonly netbiosName: string;
  /** The domain, or the computer's own name if it is in none. */
  readonly netbiosDomain: string;
  readonly dnsName: string;
  readonly dnsDomain: string;
}

export interface NtlmServerOptions {
  readonly names: ServerNames;
  readonly store: AccountStore;
  readonly policy: LogonPolicy;
  readonly random: Random;
  readonly now: Now;
}

/** Flags that we accept if the client requests them. */
const SUPPORTED =
  NegotiateFlag.Unicode |
  NegotiateFlag.Sign |
  NegotiateFlag.Seal |
  NegotiateFlag.AlwaysSign |
  NegotiateFlag.ExtendedSessionSecurity |
  NegotiateFlag.Version |
  NegotiateFlag.Key128 |
  NegotiateFlag.KeyExchange |
  NegotiateFlag.Key56;

const ZERO16 = new Uint8Array(16);
/** Length of a response other than NTLMv2. */
const CLASSIC_SIZE = 24;

/** The server side of NTLM ([MS-NLMP] 3.2.5). */
export class NtlmServer implements ServerMechanism {
  /** Signs SPNEGO's mechListMIC after the logon; undefined without a key or extended session security. */
  signer: NtlmSigner | undefined = undefined;
  readonly #options: NtlmServerOptions;
  #negotiate: Uint8Array = EMPTY;
  #challenge: ChallengeMessage | undefined = undefined;
  #challengeBytes: Uint8Array = EMPTY;
  #over = false;

  constructor(options: NtlmServerOptions) {
    this.#options = options;
  }

  step(token: Uint8Array): Eventually<StepResult> {
    if (this.#over) throw new StatusError(NtStatus.InvalidParameter, { hint: 'the logon is over' });
    if (this.#challenge === undefined) return { token: this.#challengeFor(token), done: false };
    this.#over = true;
    return this.#authenticate(token, this.#challenge);
  }

  /** [MS-NLMP] 3.2.5.1.1 */
  #challengeFor(token: Uint8Array): Uint8Array {
    const { random, names } = this.#options;
    const negotiate = read(new NegotiateMessage(), token);
    this.#negotiate = token.slice();
    const message = new ChallengeMessage();
    const asked = negotiate.negotiateFlags;
    const charset = (asked & NegotiateFlag.Unicode) !== 0 ? 0 : NegotiateFlag.Oem;
    const always = NegotiateFlag.Ntlm | NegotiateFlag.RequestTarget | NegotiateFlag.TargetTypeServer;
    message.negotiateFlags = ((asked & SUPPORTED) | charset | always | NegotiateFlag.TargetInfo) >>> 0;
    message.serverChallenge = random(8);
    message.targetName = names.netbiosName;
    message.targetInfo = new Encoder(2048).encode(this.#targetInfo());
    message.version = Version.ours();
    this.#challenge = message;
    this.#challengeBytes = new Encoder(4096).encode(message);
    return this.#challengeBytes;
  }

  #targetInfo(): AvPairs {
    const { names, now } = this.#options;
    return AvPairs.of(
      AvPair.text(AvId.NbDomainName, names.netbiosDomain),
      AvPair.text(AvId.NbComputerName, names.netbiosName),
      AvPair.text(AvId.DnsDomainName, names.dnsDomain),
      AvPair.text(AvId.DnsComputerName, names.dnsName),
      AvPair.timestamp(now()),
    );
  }

  /** [MS-NLMP] 3.2.5.1.2 */
  #authenticate(token: Uint8Array, challenge: ChallengeMessage): Eventually<StepResult> {
    const { store, policy } = this.#options;
    // Copied, because it is needed after this call returns and the token's memory is reused.
    const bytes = token.slice();
    const message = read(new AuthenticateMessage(), bytes);
    const ntlmv2 = ntlmv2Response(message.ntChallengeResponse);
    const flags = agreedFlags(message, challenge);
    return andThen(logOn(attemptOf(message, challenge), store, policy), (logon) => {
      return this.#finish(logon, message, bytes, { flags, ntlmv2 });
    });
  }

  #finish(
    logon: Logon,
    message: AuthenticateMessage,
    bytes: Uint8Array,
    { flags, ntlmv2 }: { flags: number; ntlmv2: Ntlmv2Response | undefined },
  ): StepResult {
    const { identity, proof } = logon;
    if (proof === undefined) return { token: EMPTY, done: true, identity };
    const sessionKey = exportedKey(proof.key, message, flags);
    if (proof.kind === 'ntlmv2' && claimsMic(ntlmv2)) this.#checkMic(message, bytes, sessionKey);
    if ((flags & NegotiateFlag.ExtendedSessionSecurity) !== 0) {
      this.signer = new NtlmSigner(sessionKey, flags, 'server');
    }
    return { token: EMPTY, done: true, identity: { ...identity, sessionKey } };
  }

  #checkMic(message: AuthenticateMessage, bytes: Uint8Array, sessionKey: Uint8Array): void {
    const parts = [bytes.subarray(0, MIC_AT), ZERO16, bytes.subarray(MIC_AT + 16)];
    const expected = hmacMd5(sessionKey, this.#negotiate, this.#challengeBytes, ...parts);
    if (!message.hasMic || !equalBytes(expected, message.mic)) {
      throw new StatusError(NtStatus.LogonFailure, { hint: 'the handshake was altered' });
    }
  }
}

function exportedKey(key: Uint8Array, message: AuthenticateMessage, flags: number): Uint8Array {
  if ((flags & NegotiateFlag.KeyExchange) === 0) return key;
  if (message.encryptedRandomSessionKey.length !== 16) throw new StatusError(NtStatus.InvalidParameter);
  return rc4(key, message.encryptedRandomSessionKey);
}

/** Parses an NTLMv2 response ([MS-NLMP] 2.2.2.8); an unreadable one is an invalid parameter, as on Windows. */
function ntlmv2Response(ntResponse: Uint8Array): Ntlmv2Response | undefined {
  return ntResponse.length > CLASSIC_SIZE ? read(new Ntlmv2Response(), ntResponse) : undefined;
}

/** Whether MsvAvFlags in the client's challenge announce a MIC. */
function claimsMic(response: Ntlmv2Response | undefined): boolean {
  const flags = response?.clientChallenge.avPairs.find(AvId.Flags)?.flags ?? 0;
  return (flags & AvFlag.MicPresent) !== 0;
}

function read<T extends Wire>(message: T, bytes: Uint8Array): T {
  message.layout(new Decoder().reset(bytes));
  return message;
}
