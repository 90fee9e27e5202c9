import { Decoder } from '#wire/io/decoder.js';
import { Encoder } from '#wire/io/encoder.js';
import type { Wire } from '#wire/io/layout.js';
import { Malformed } from '#wire/io/malformed.js';
import { Pdu, type PduBody } from '#wire/rpc/pdu.js';
import {
  Bind,
  BindAck,
  BindNak,
  ContextAnswer,
  type ContextElement,
  ContextResult,
  ProviderReason,
  RejectReason,
} from '#wire/rpc/pdu-bind.js';
import { Fault, FaultStatus, RpcRequest, RpcResponse } from '#wire/rpc/pdu-call.js';
import { PduFlags, PduType } from '#wire/rpc/pdu-type.js';
import { bindTimeFeatures, NDR, type SyntaxId } from '#wire/rpc/syntax.js';

/** One operation of an interface: how to read its request, what answers it. */
export interface RpcOperation {
  readonly request: () => Wire;
  readonly call: (request: Wire) => Wire;
}

export interface RpcInterface {
  /** Of the endpoint, as bind_ack names it. */
  readonly pipe: string;
  readonly syntax: SyntaxId;
  readonly operations: Readonly<Record<number, RpcOperation>>;
}

const MAX_FRAGMENT = 4280;
const RESPONSE_HEADER = 24;
const MAX_STUB = 256 * 1024;
const MAX_CONTEXTS = 16;

const NONE: Uint8Array = new Uint8Array(0);

const decoder = new Decoder();

/** The server's end of one RPC association over a pipe ([C706] 12.6, [MS-RPCE] 3.1): binds, and answers calls. */
export class RpcConnection {
  readonly #interface: RpcInterface;
  readonly #encoder = new Encoder(8192);
  readonly #contexts = new Set<number>();
  /** A call's stub as far as it has come: the first `#gathered` bytes. */
  #stub: Uint8Array = NONE;
  #gathered = 0;

  constructor(rpcInterface: RpcInterface) {
    this.#interface = rpcInterface;
  }

  /** Takes one PDU and returns the ones that answer it; undefined when the association has to end. */
  receive(bytes: Uint8Array): Uint8Array[] | undefined {
    const pdu = new Pdu();
    try {
      pdu.layout(decoder.reset(bytes));
    } catch (error) {
      if (error instanceof Malformed) return undefined;
      throw error;
    }
    const { body, callId } = pdu;
    if (body instanceof Bind) return [this.#bind(callId, body)];
    if (body instanceof RpcRequest) return this.#request(pdu, body);
    return body.ptype === PduType.Auth3 || body.ptype === PduType.CoCancel ? [] : undefined;
  }

  #bind(callId: number, bind: Bind): Uint8Array {
    if (bind.contexts.length === 0 || bind.contexts.length > MAX_CONTEXTS) {
      return this.#encode(
        callId,
        Object.assign(new BindNak(), { providerRejectReason: RejectReason.LocalLimitExceeded }),
      );
    }
    const ack = new BindAck(bind.ptype === PduType.Bind ? PduType.BindAck : PduType.AlterContextResp);
    ack.maxXmitFrag = ack.maxRecvFrag = MAX_FRAGMENT;
    ack.assocGroupId = bind.assocGroupId || 0x53f0;
    ack.secAddr = ack.ptype === PduType.BindAck ? `\\PIPE\\${this.#interface.pipe}` : '';
    ack.results = bind.contexts.map((element) => this.#judge(element));
    return this.#encode(callId, ack);
  }

  #judge(element: ContextElement): ContextAnswer {
    const answer = new ContextAnswer();
    const features = element.transferSyntaxes.map(bindTimeFeatures).find((bits) => bits !== -1);
    if (features !== undefined) {
      answer.result = ContextResult.NegotiateAck;
      return answer;
    }
    if (!this.#interface.syntax.equals(element.abstractSyntax)) {
      answer.result = ContextResult.ProviderRejection;
      answer.reason = ProviderReason.AbstractSyntaxNotSupported;
    } else if (!element.transferSyntaxes.some((syntax) => syntax.equals(NDR))) {
      answer.result = ContextResult.ProviderRejection;
      answer.reason = ProviderReason.ProposedTransferSyntaxesNotSupported;
    } else {
      answer.transferSyntax = NDR;
      this.#contexts.add(element.contId);
    }
    return answer;
  }

  #request(pdu: Pdu, request: RpcRequest): Uint8Array[] {
    if ((pdu.pfcFlags & PduFlags.FirstFrag) !== 0) this.#drop();
    if (this.#gathered + request.stub.length > MAX_STUB) {
      this.#drop();
      return [this.#fault(pdu.callId, request.contId, FaultStatus.NcaProtocolError)];
    }
    this.#gather(request.stub);
    if ((pdu.pfcFlags & PduFlags.LastFrag) === 0) return [];
    const stub = this.#stub.subarray(0, this.#gathered);
    this.#drop();
    return this.#call(pdu.callId, request, stub);
  }

  // Into one piece of memory: a list of fragments would cost more than the fragments, of which a peer chooses the size.
  #gather(fragment: Uint8Array): void {
    const needed = this.#gathered + fragment.length;
    if (needed > this.#stub.length) {
      const roomier = new Uint8Array(Math.min(MAX_STUB, needed * 2));
      roomier.set(this.#stub.subarray(0, this.#gathered));
      this.#stub = roomier;
    }
    this.#stub.set(fragment, this.#gathered);
    this.#gathered = needed;
  }

  #drop(): void {
    this.#stub = NONE;
    this.#gathered = 0;
  }

  #call(callId: number, { contId, opnum }: RpcRequest, stub: Uint8Array): Uint8Array[] {
    if (!this.#contexts.has(contId)) return [this.#fault(callId, contId, FaultStatus.NcaUnknownInterface)];
    const operation = this.#interface.operations[opnum];
    if (!operation) return [this.#fault(callId, contId, FaultStatus.NcaOpRangeError)];
    const request = operation.request();
    try {
      request.layout(decoder.reset(stub));
    } catch (error) {
      if (error instanceof Malformed) return [this.#fault(callId, contId, FaultStatus.BadStubData)];
      throw error;
    }
    return this.#fragment(callId, contId, this.#encoder.encode(operation.call(request)));
  }

  #fragment(callId: number, contId: number, stub: Uint8Array): Uint8Array[] {
    const room = MAX_FRAGMENT - RESPONSE_HEADER;
    const pdus: Uint8Array[] = [];
    for (let at = 0; at === 0 || at < stub.length; at += room) {
      const body = new RpcResponse();
      body.allocHint = stub.length - at;
      body.contId = contId;
      body.stub = stub.subarray(at, at + room);
      const pdu = Pdu.of(callId, body);
      pdu.pfcFlags = (at === 0 ? PduFlags.FirstFrag : 0) | (at + room >= stub.length ? PduFlags.LastFrag : 0);
      pdus.push(this.#encoder.encode(pdu));
    }
    return pdus;
  }

  #fault(callId: number, contId: number, status: number): Uint8Array {
    return this.#encode(callId, Object.assign(new Fault(), { contId, status, allocHint: 32 }));
  }

  #encode(callId: number, body: PduBody): Uint8Array {
    return this.#encoder.encode(Pdu.of(callId, body));
  }
}
