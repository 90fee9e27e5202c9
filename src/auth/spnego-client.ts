import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { EMPTY } from '#wire/io/decoder.js';
import { Malformed } from '#wire/io/malformed.js';
import { Oid } from '#wire/spnego/oids.js';
import { encodeMechList, NegState, NegTokenInit, NegTokenResp, readSpnego } from '#wire/spnego/tokens.js';
import type { ChallengeFacts } from './challenge-facts.js';
import type { ClientMechanism } from './mechanism.js';
import { NtlmClient, type NtlmClientOptions } from './ntlm-client.js';

const OFFER: readonly string[] = [Oid.Ntlmssp];

/** The client side of SPNEGO, offering NTLM. */
export class SpnegoClient implements ClientMechanism {
  done = false;
  readonly #ntlm: NtlmClient;
  readonly #offer: Uint8Array = encodeMechList(OFFER);
  #first: Uint8Array = EMPTY;
  #micRequested = false;

  constructor(options: NtlmClientOptions) {
    this.#ntlm = new NtlmClient(options);
  }

  get sessionKey(): Uint8Array {
    return this.#ntlm.sessionKey;
  }
  get anonymous(): boolean {
    return this.#ntlm.anonymous;
  }
  get server(): ChallengeFacts | undefined {
    return this.#ntlm.server;
  }

  /** The first token may be the server's hint from its NEGOTIATE response. */
  step(token: Uint8Array | undefined): Uint8Array {
    if (this.#first.length === 0) return this.#start(token ?? EMPTY);
    if (this.#ntlm.done) return this.#finish(token ?? EMPTY);
    return this.#answer(readResponse(token ?? EMPTY));
  }

  #start(hint: Uint8Array): Uint8Array {
    if (hint.length > 0) checkHint(hint);
    this.#first = this.#ntlm.step(undefined);
    return Object.assign(new NegTokenInit(), { mechTypes: [...OFFER], mechToken: this.#first }).encode();
  }

  #answer(response: NegTokenResp): Uint8Array {
    if (response.negState === NegState.RequestMic) this.#micRequested = true;
    const out = new NegTokenResp();
    if (response.responseToken.length === 0) {
      // The server chose NTLM but ignored the optimistic first token.
      out.responseToken = this.#first;
      return out.encode();
    }
    out.responseToken = this.#ntlm.step(response.responseToken);
    out.mechListMic = this.#ntlm.signer?.sign(this.#offer) ?? EMPTY;
    return out.encode();
  }

  /** The final token may be absent if there is nothing to protect, as in guest and anonymous logons. */
  #finish(token: Uint8Array): Uint8Array {
    const signer = this.#ntlm.signer;
    const mic = token.length > 0 ? readResponse(token).mechListMic : EMPTY;
    if (signer && (mic.length > 0 || this.#micRequested) && !signer.verify(this.#offer, mic)) {
      throw new StatusError(NtStatus.AccessDenied, { hint: "the server's proof of the mechanism is wrong" });
    }
    this.done = true;
    return EMPTY;
  }
}

function checkHint(hint: Uint8Array): void {
  const token = readSpnego(hint);
  if (token instanceof NegTokenInit && token.mechTypes.length > 0 && !token.mechTypes.includes(Oid.Ntlmssp)) {
    throw new StatusError(NtStatus.LogonFailure, { hint: 'the server does not offer NTLM' });
  }
}

function readResponse(token: Uint8Array): NegTokenResp {
  const response = readSpnego(token);
  if (!(response instanceof NegTokenResp)) throw new Malformed('SPNEGO', 0, 'must be NegTokenResp');
  if (response.negState === NegState.Reject) throw new StatusError(NtStatus.LogonFailure, { hint: 'rejected' });
  return response;
}
