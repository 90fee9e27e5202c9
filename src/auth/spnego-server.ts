import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { EMPTY } from '#wire/io/decoder.js';
import { Malformed } from '#wire/io/malformed.js';
import { isNtlm } from '#wire/ntlm/payload.js';
import { Oid } from '#wire/spnego/oids.js';
import { encodeMechList, NegState, NegTokenInit, NegTokenResp, NO_HINT, readSpnego } from '#wire/spnego/tokens.js';
import { andThen, type Eventually, type ServerMechanism, type StepResult } from './mechanism.js';
import { NtlmServer, type NtlmServerOptions } from './ntlm-server.js';
import type { NtlmSigner } from './ntlm-signer.js';

/** The token for NEGOTIATE responses: NegTokenInit2 listing our mechanisms ([MS-SPNG] 3.2.5.2). */
export function serverHint(): Uint8Array {
  const token = Object.assign(new NegTokenInit(), { mechTypes: [Oid.Ntlmssp], hasHints: true, hintName: NO_HINT });
  return token.encode();
}

/** The server side of SPNEGO over NTLM; a client that sends bare NTLM gets bare NTLM back. */
export class SpnegoServer implements ServerMechanism {
  readonly #ntlm: NtlmServer;
  #state: 'start' | 'bare' | 'going' = 'start';
  /** The client's encoded mechanism list, which mechListMIC covers. */
  #offer: Uint8Array = EMPTY;
  /** NTLM was not the client's first choice, so the negotiation must be protected by a MIC (RFC 4178 5). */
  #micRequired = false;

  constructor(options: NtlmServerOptions) {
    this.#ntlm = new NtlmServer(options);
  }

  /** Protects messages after the logon; undefined if there is no key. */
  get signer(): NtlmSigner | undefined {
    return this.#ntlm.signer;
  }

  step(token: Uint8Array): Eventually<StepResult> {
    if (this.#state === 'start') return this.#start(token);
    if (this.#state === 'bare') return this.#ntlm.step(token);
    return this.#goOn(token);
  }

  #start(token: Uint8Array): Eventually<StepResult> {
    if (isNtlm(token)) {
      this.#state = 'bare';
      return this.#ntlm.step(token);
    }
    const init = readSpnego(token);
    if (!(init instanceof NegTokenInit)) throw new Malformed('SPNEGO', 0, 'must begin with NegTokenInit');
    if (!init.mechTypes.includes(Oid.Ntlmssp)) {
      throw new StatusError(NtStatus.LogonFailure, { hint: 'the client does not offer NTLM' });
    }
    this.#state = 'going';
    this.#offer = encodeMechList(init.mechTypes);
    this.#micRequired = init.mechTypes[0] !== Oid.Ntlmssp;
    if (this.#micRequired || init.mechToken.length === 0) {
      const negState = this.#micRequired ? NegState.RequestMic : NegState.AcceptIncomplete;
      return { token: response({ negState, supportedMech: Oid.Ntlmssp }), done: false };
    }
    return andThen(this.#ntlm.step(init.mechToken), (result) => this.#wrap(result, EMPTY, Oid.Ntlmssp));
  }

  #goOn(token: Uint8Array): Eventually<StepResult> {
    const { responseToken, mechListMic } = this.#response(token);
    return andThen(this.#ntlm.step(responseToken), (result) => this.#wrap(result, mechListMic, ''));
  }

  #response(token: Uint8Array): NegTokenResp {
    // Some clients wrap only the first message.
    if (isNtlm(token)) return Object.assign(new NegTokenResp(), { responseToken: token });
    const response = readSpnego(token);
    if (!(response instanceof NegTokenResp)) throw new Malformed('SPNEGO', 0, 'must go on with NegTokenResp');
    return response;
  }

  #wrap(result: StepResult, mic: Uint8Array, supportedMech: string): StepResult {
    if (!result.done) {
      const negState = NegState.AcceptIncomplete;
      return { token: response({ negState, supportedMech, responseToken: result.token }), done: false };
    }
    const mechListMic = this.#exchangeMic(mic);
    return { ...result, token: response({ negState: NegState.AcceptCompleted, mechListMic }) };
  }

  /** Checks the client's mechListMIC and returns ours; guests and anonymous users have no key for one. */
  #exchangeMic(mic: Uint8Array): Uint8Array {
    const signer = this.#ntlm.signer;
    if (signer === undefined) return EMPTY;
    if (mic.length === 0 && !this.#micRequired) return EMPTY;
    if (!signer.verify(this.#offer, mic)) {
      throw new StatusError(NtStatus.LogonFailure, { hint: 'the choice of mechanisms was altered' });
    }
    return signer.sign(this.#offer);
  }
}

function response(values: Partial<NegTokenResp>): Uint8Array {
  return Object.assign(new NegTokenResp(), values).encode();
}
