import type { Eventually, Identity } from '#auth/mechanism.js';
import { NTLM_SIGNATURE } from '#auth/ntlm-signer.js';
import type { SpnegoServer } from '#auth/spnego-server.js';
import { AuthLevel, AuthType, AuthVerifier, SEC_TRAILER } from '#wire/rpc/auth-verifier.js';
import { refusal } from '../audit.js';
import type { ServerCore } from '../core.js';
import { logonMechanism } from '../logon.js';

/** Stubs are padded to a multiple of this before they are protected ([MS-RPCE] 2.2.2.11). */
export const STUB_ALIGNMENT = 16;

/** Whether the requested authentication is supported: NTLM, directly or in SPNEGO, at every level. */
export function canProtect({ authType, authLevel }: AuthVerifier): boolean {
  const known = authType === AuthType.WinNt || authType === AuthType.GssNegotiate;
  return known && authLevel >= AuthLevel.Connect && authLevel <= AuthLevel.PktPrivacy;
}

/** The security context of an association ([MS-RPCE] 3.3.1.5.2): its own logon, and protection of its PDUs. */
export class RpcSecurity {
  readonly authType: number;
  readonly authLevel: number;
  readonly contextId: number;
  #mechanism: SpnegoServer;
  /** The authenticated user; undefined before a logon and after a failed one. */
  identity: Identity | undefined = undefined;
  failed = false;

  constructor(core: ServerCore, { authType, authLevel, authContextId }: AuthVerifier) {
    this.authType = authType;
    this.authLevel = authLevel;
    this.contextId = authContextId;
    this.#mechanism = logonMechanism(core);
  }

  /** Bytes that protection adds to a PDU. */
  get overhead(): number {
    return this.#protects ? SEC_TRAILER + NTLM_SIGNATURE : 0;
  }

  get #protects(): boolean {
    return this.identity !== undefined && this.authLevel > AuthLevel.Connect;
  }

  /** One step of the logon: the response token, or undefined if it failed. */
  step(token: Uint8Array): Eventually<Uint8Array | undefined> {
    try {
      const result = this.#mechanism.step(token);
      return result instanceof Promise
        ? result.then((done) => this.#done(done)).catch((error: unknown) => this.#fail(error))
        : this.#done(result);
    } catch (error) {
      return this.#fail(error);
    }
  }

  #done(result: { readonly token: Uint8Array; readonly done: boolean; readonly identity?: Identity }): Uint8Array {
    if (result.identity !== undefined) this.identity = result.identity;
    // Protection requires a session key.
    if (this.identity !== undefined && this.authLevel > AuthLevel.Connect && !this.#mechanism.signer) {
      this.identity = undefined;
      this.failed = true;
    }
    return result.token;
  }

  #fail(error: unknown): undefined {
    refusal(undefined, 'RPC BIND', error);
    this.failed = true;
    return undefined;
  }

  /** The auth trailer of a response, with a token or room for a signature. */
  verifier(authValue: Uint8Array, authPadLength = 0): AuthVerifier {
    const { authType, authLevel, contextId } = this;
    return Object.assign(new AuthVerifier(), {
      authType,
      authLevel,
      authPadLength,
      authContextId: contextId,
      authValue,
    });
  }

  /** Signs or encrypts a PDU that ends with room for the signature; the stub begins at `from`. */
  protect(pdu: Uint8Array, from: number): void {
    const signer = this.#mechanism.signer;
    if (!this.#protects || signer === undefined) return;
    const message = pdu.subarray(0, pdu.length - NTLM_SIGNATURE);
    const stub = pdu.subarray(from, message.length - SEC_TRAILER);
    const signature = signer.protect(message, this.authLevel === AuthLevel.PktPrivacy ? stub : undefined);
    pdu.set(signature, message.length);
  }

  /** Verifies and decrypts a request PDU in place; false if it was modified or not protected. */
  open(pdu: Uint8Array, from: number, authLength: number): boolean {
    const signer = this.#mechanism.signer;
    if (!this.#protects || signer === undefined) return true;
    if (authLength !== NTLM_SIGNATURE || pdu.length < from + SEC_TRAILER + NTLM_SIGNATURE) return false;
    const message = pdu.subarray(0, pdu.length - NTLM_SIGNATURE);
    const sealed = this.authLevel === AuthLevel.PktPrivacy;
    const stub = pdu.subarray(from, message.length - SEC_TRAILER);
    return signer.open(message, pdu.subarray(message.length), sealed ? stub : undefined);
  }
}
