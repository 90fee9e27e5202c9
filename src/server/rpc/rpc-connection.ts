import { andThen, type Eventually, type Identity } from '#auth/mechanism.js';
import { NTLM_SIGNATURE } from '#auth/ntlm-signer.js';
import { notes } from '#tap/events.js';
import { Encoder } from '#wire/io/encoder.js';
import type { Wire } from '#wire/io/layout.js';
import { Malformed } from '#wire/io/malformed.js';
import { AuthVerifier, SEC_TRAILER } from '#wire/rpc/auth-verifier.js';
import { decoderOf, Pdu, type PduBody, readPdu } from '#wire/rpc/pdu.js';
import { Bind, BindAck, BindNak, ProtocolVersion, RejectReason } from '#wire/rpc/pdu-bind.js';
import { Fault, FaultStatus, RpcRequest, RpcResponse } from '#wire/rpc/pdu-call.js';
import { PduFlags, PduType } from '#wire/rpc/pdu-type.js';
import type { ServerCore } from '../core.js';
import type { Refusals } from '../refusals.js';
import type { AssociationGroup, AssociationGroups } from './groups.js';
import { RpcFault, type RpcInterface } from './interface.js';
import { judge } from './presentation.js';
import { RequestGatherer, type WholeRequest } from './request-gatherer.js';
import { canProtect, RpcSecurity, STUB_ALIGNMENT } from './security.js';

const MAX_FRAGMENT = 4280;
/** The fragment size every implementation must accept ([C706] 12.6.3.1, MustRecvFragSize). */
const LEAST_FRAGMENT = 1432;
/** Header size of a request or response PDU, in front of the stub. */
const CALL_HEADER = 24;
const OBJECT_UUID = 16;
const MAX_CONTEXTS = 16;

/** What a pipe serves, and to whom. */
export interface Endpoint {
  readonly core: ServerCore;
  /** Pipe name as given in bind_ack. */
  readonly pipe: string;
  readonly interfaces: readonly RpcInterface[];
  /** The session's user at the time the pipe was opened. */
  readonly identity: Identity;
  readonly groups: AssociationGroups;
  /** Failed logons in binds, as passwords can be guessed there, too. */
  readonly refusals: Refusals;
}

/**
 * Server side of one RPC association over a pipe ([C706] 12.6, [MS-RPCE] 3.3.3): handles binds and dispatches calls.
 */
export class RpcConnection {
  readonly #endpoint: Endpoint;
  readonly #encoder = new Encoder(8192);
  readonly #contexts = new Map<number, RpcInterface>();
  readonly #gatherer = new RequestGatherer();
  #group: AssociationGroup | undefined;
  #security: RpcSecurity | undefined;
  #maxFragment = MAX_FRAGMENT;

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  /** Handles one PDU, taking ownership of it, and returns the responses; undefined if the conversation must end. */
  receive(bytes: Uint8Array): Eventually<Uint8Array[] | undefined> {
    let pdu: Pdu;
    let verifier: AuthVerifier | undefined;
    try {
      pdu = readPdu(bytes);
      verifier = verifierOf(pdu);
    } catch (error) {
      if (error instanceof Malformed) return undefined;
      throw error;
    }
    const { body, callId } = pdu;
    if (body instanceof Bind) return this.#bind(pdu, body, verifier);
    if (this.#group === undefined) return undefined;
    if (body instanceof RpcRequest) return this.#request(pdu, body, bytes, verifier);
    if (body.ptype === PduType.Auth3) return this.#auth3(verifier);
    if (body.ptype === PduType.Orphaned) this.#gatherer.drop(callId);
    return body.ptype === PduType.CoCancel || body.ptype === PduType.Orphaned ? [] : undefined;
  }

  /** Leaves the association group. */
  close(): void {
    if (this.#group !== undefined) this.#endpoint.groups.leave(this.#group);
    this.#group = undefined;
  }

  #bind(pdu: Pdu, bind: Bind, verifier: AuthVerifier | undefined): Eventually<Uint8Array[] | undefined> {
    const first = bind.ptype === PduType.Bind;
    // The first bind starts an association; afterwards only alter_context is allowed.
    if (first !== (this.#group === undefined)) return undefined;
    const count = bind.contexts.length;
    if (count === 0 || count > MAX_CONTEXTS) return this.#nak(pdu, RejectReason.LocalLimitExceeded);
    if (first) {
      if (verifier !== undefined && !canProtect(verifier)) {
        return this.#nak(pdu, RejectReason.AuthenticationTypeNotRecognized);
      }
      this.#group = this.#endpoint.groups.join(bind.assocGroupId);
      if (this.#group === undefined) return this.#nak(pdu, RejectReason.ReasonNotSpecified);
      this.#maxFragment = Math.max(LEAST_FRAGMENT, Math.min(bind.maxRecvFrag, MAX_FRAGMENT));
      if (verifier !== undefined) this.#security = new RpcSecurity(this.#endpoint.core, verifier);
    }
    const ack = this.#ack(bind);
    const security = this.#security;
    if (security === undefined || verifier === undefined) return [this.#encode(pdu, ack)];
    return andThen(security.step(verifier.authValue), (token) => {
      if (token !== undefined) return [this.#encode(pdu, ack, security.verifier(token))];
      return this.#refuse(() => {
        return first ? this.#nak(pdu, RejectReason.InvalidChecksum) : [this.#fault(pdu, 0, FaultStatus.AccessDenied)];
      });
    });
  }

  // The pipe takes no further input until the refusal has been sent.
  #refuse(answer: () => Uint8Array[]): Promise<Uint8Array[]> {
    return new Promise((resolve) => this.#endpoint.refusals.tell(() => resolve(answer())));
  }

  #ack(bind: Bind): BindAck {
    const ack = new BindAck(bind.ptype === PduType.Bind ? PduType.BindAck : PduType.AlterContextResp);
    ack.maxXmitFrag = ack.maxRecvFrag = this.#maxFragment;
    ack.assocGroupId = this.#group?.id ?? 0;
    ack.secAddr = ack.ptype === PduType.BindAck ? `\\PIPE\\${this.#endpoint.pipe}` : '';
    ack.results = bind.contexts.map((element) => {
      const { answer, accepted } = judge(element, this.#endpoint.interfaces);
      if (accepted !== undefined && this.#contexts.size < MAX_CONTEXTS) this.#contexts.set(element.contId, accepted);
      return answer;
    });
    return ack;
  }

  #nak(pdu: Pdu, providerRejectReason: number): Uint8Array[] {
    const versions = [new ProtocolVersion()];
    return [this.#encode(pdu, Object.assign(new BindNak(), { providerRejectReason, versions }))];
  }

  // Last message of the client's logon; a failure is reported on the first request.
  #auth3(verifier: AuthVerifier | undefined): Eventually<Uint8Array[] | undefined> {
    if (this.#security === undefined || verifier === undefined) return undefined;
    return andThen(this.#security.step(verifier.authValue), (token) => {
      return token === undefined ? this.#refuse(() => []) : [];
    });
  }

  #request(
    pdu: Pdu,
    request: RpcRequest,
    bytes: Uint8Array,
    verifier: AuthVerifier | undefined,
  ): Eventually<Uint8Array[] | undefined> {
    const { contId } = request;
    const security = this.#security;
    if (security !== undefined) {
      const from = CALL_HEADER + (request.object === null ? 0 : OBJECT_UUID);
      const fine =
        security.identity !== undefined &&
        !security.failed &&
        security.open(bytes, from, verifier?.authValue.length ?? 0);
      if (!fine) {
        security.failed = true;
        return [this.#fault(pdu, contId, FaultStatus.AccessDenied)];
      }
    }
    const padding = verifier?.authPadLength ?? 0;
    if (padding > request.stub.length) return [this.#fault(pdu, contId, FaultStatus.NcaProtocolError)];
    const stub = request.stub.subarray(0, request.stub.length - padding);
    const gathered = this.#gatherer.add(pdu, request, stub);
    if (gathered === 'wrong') return [this.#fault(pdu, contId, FaultStatus.NcaProtocolError)];
    return gathered === 'more' ? [] : this.#call(pdu, gathered);
  }

  #call(pdu: Pdu, { contId, opnum, stub }: WholeRequest): Eventually<Uint8Array[]> {
    const served = this.#contexts.get(contId);
    if (served === undefined) return [this.#fault(pdu, contId, FaultStatus.NcaUnknownInterface)];
    const operation = served.operations[opnum];
    if (operation === undefined) return [this.#fault(pdu, contId, FaultStatus.NcaOpRangeError)];
    const { core, identity } = this.#endpoint;
    const group = this.#group as AssociationGroup;
    const call = { core, identity: this.#security?.identity ?? identity, handles: group.handles };
    const answer = (response: Wire): Uint8Array[] => this.#fragments(pdu, contId, this.#encoder.encode(response));
    const refuse = (error: unknown): Uint8Array[] => [this.#fault(pdu, contId, faultOf(error))];
    try {
      const request = operation.request();
      request.layout(decoderOf(pdu.drep).reset(stub));
      const response = operation.call(request, call);
      return response instanceof Promise ? response.then(answer).catch(refuse) : answer(response);
    } catch (error) {
      return refuse(error);
    }
  }

  #fragments(pdu: Pdu, contId: number, stub: Uint8Array): Uint8Array[] {
    const most = this.#maxFragment - CALL_HEADER - (this.#security?.overhead ?? 0);
    const room = most - (most % STUB_ALIGNMENT);
    const pdus: Uint8Array[] = [];
    for (let at = 0; at === 0 || at < stub.length; at += room) {
      const body = new RpcResponse();
      body.allocHint = stub.length - at;
      body.contId = contId;
      body.stub = stub.subarray(at, at + room);
      const flags = (at === 0 ? PduFlags.FirstFrag : 0) | (at + room >= stub.length ? PduFlags.LastFrag : 0);
      pdus.push(this.#protected(pdu, body, flags));
    }
    return pdus;
  }

  #protected(pdu: Pdu, body: RpcResponse, flags: number): Uint8Array {
    const security = this.#security;
    if (security === undefined || security.overhead === 0) return this.#encode(pdu, body, undefined, flags);
    const padding = -body.stub.length & (STUB_ALIGNMENT - 1);
    const padded = new Uint8Array(body.stub.length + padding);
    padded.set(body.stub);
    body.stub = padded;
    const bytes = this.#encode(pdu, body, security.verifier(new Uint8Array(NTLM_SIGNATURE), padding), flags);
    security.protect(bytes, CALL_HEADER);
    return bytes;
  }

  #fault(pdu: Pdu, contId: number, status: number): Uint8Array {
    this.#gatherer.drop(pdu.callId);
    const flags = PduFlags.FirstFrag | PduFlags.LastFrag | PduFlags.DidNotExecute;
    return this.#encode(pdu, Object.assign(new Fault(), { contId, status, allocHint: 32 }), undefined, flags);
  }

  #encode(asked: Pdu, body: PduBody, verifier?: AuthVerifier, flags?: number): Uint8Array {
    const pdu = Pdu.of(asked.callId, body);
    if (verifier !== undefined) pdu.authVerifier = this.#encoder.encode(verifier);
    if (flags !== undefined) pdu.pfcFlags = flags;
    else if (asked.body instanceof Bind) pdu.pfcFlags |= asked.pfcFlags & PduFlags.SupportHeaderSign;
    return this.#encoder.encode(pdu);
  }
}

function verifierOf(pdu: Pdu): AuthVerifier | undefined {
  if (pdu.authVerifier.length < SEC_TRAILER) return undefined;
  const verifier = new AuthVerifier();
  verifier.layout(decoderOf(pdu.drep).reset(pdu.authVerifier));
  // Copied, as it is kept beyond this turn and the buffer is not ours.
  verifier.authValue = verifier.authValue.slice();
  return verifier;
}

function faultOf(error: unknown): number {
  if (error instanceof RpcFault) return error.status;
  if (error instanceof Malformed) return FaultStatus.BadStubData;
  notes.publish({
    level: 'error',
    what: 'unexpected error',
    connection: undefined,
    details: { command: 'RPC', error },
  });
  return FaultStatus.NcaUnspecifiedReject;
}
