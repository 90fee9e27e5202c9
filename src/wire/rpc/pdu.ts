import { Decoder, EMPTY } from '../io/decoder.js';
import type { Layout } from '../io/layout.js';
import { Malformed } from '../io/malformed.js';
import { Slot } from '../io/slot.js';
import { Bind, BindAck, BindNak } from './pdu-bind.js';
import { Fault, OtherPdu, RpcRequest, RpcResponse } from './pdu-call.js';
import { PduFlags, PduType, pduFlagNames, pduTypeNames } from './pdu-type.js';

/** Bytes of the common header. */
export const PDU_HEADER = 16;

/** Bytes of the security trailer in front of the auth value; auth_length does not count them. */
const SEC_TRAILER = 8;

/** Little-endian integers, ASCII, IEEE floats: the only representation spoken here ([MS-RPCE] 2.2.1.1). */
const LITTLE_ENDIAN = 0x00000010;

export type PduBody = RpcRequest | RpcResponse | Fault | Bind | BindAck | BindNak | OtherPdu;

/** [C706] 12.6.3 Connection-oriented PDU: common header, body, authentication verifier. */
export class Pdu {
  rpcVersMinor = 0;
  pfcFlags: number = PduFlags.FirstFrag | PduFlags.LastFrag;
  callId = 0;
  body: PduBody = new OtherPdu();
  /** [MS-RPCE] 2.2.2.11 sec_trailer with the auth value behind it, as it is; empty for none. */
  authVerifier: Uint8Array = EMPTY;

  layout(io: Layout): void {
    const whole = new Slot();
    if (io.reading) whole.length = io.left;
    io.within('PDU', whole, () => this.#parts(io, whole));
  }

  #parts(io: Layout, whole: Slot): void {
    const start = io.at;
    io.same8('rpc_vers', 5);
    this.rpcVersMinor = io.u8('rpc_vers_minor', this.rpcVersMinor);
    const ptype = io.u8('PTYPE', this.body.ptype, pduTypeNames);
    this.pfcFlags = io.flags8('pfc_flags', this.#flags(), pduFlagNames);
    io.same32('packed_drep', LITTLE_ENDIAN);
    io.length16('frag_length', whole);
    const verifier = new Slot();
    const authLength = io.u16('auth_length', Math.max(this.authVerifier.length - SEC_TRAILER, 0));
    verifier.length = authLength === 0 ? 0 : authLength + SEC_TRAILER;
    this.callId = io.u32('call_id', this.callId);
    if (io.reading) this.body = bodyOf(ptype, this.pfcFlags);
    const body = new Slot();
    body.length = whole.length - (io.at - start) - verifier.length;
    if (io.reading && body.length < 0) throw new Malformed('frag_length', io.at, `${whole.length} is too short`);
    io.within('body', body, () => this.body.layout(io));
    this.authVerifier = io.bytesAt('auth_verifier', verifier, this.authVerifier);
  }

  #flags(): number {
    const object = this.body instanceof RpcRequest && this.body.object !== null;
    return object ? this.pfcFlags | PduFlags.ObjectUuid : this.pfcFlags;
  }

  /** A PDU in one fragment. */
  static of(callId: number, body: PduBody): Pdu {
    return Object.assign(new Pdu(), { callId, body });
  }
}

/** How many bytes the PDU at the start of a pipe's data takes; 0 if even the header is not complete. */
export function pduLength(data: Uint8Array): number {
  if (data.length < PDU_HEADER) return 0;
  const io = new Decoder().reset(data);
  io.skip('rpc_vers to packed_drep', 8);
  return io.u16('frag_length', 0);
}

function bodyOf(ptype: number, flags: number): PduBody {
  switch (ptype) {
    case PduType.Request:
      return new RpcRequest(flags);
    case PduType.Response:
      return new RpcResponse();
    case PduType.Fault:
      return new Fault();
    case PduType.Bind:
    case PduType.AlterContext:
      return new Bind(ptype);
    case PduType.BindAck:
    case PduType.AlterContextResp:
      return new BindAck(ptype);
    case PduType.BindNak:
      return new BindNak();
    default:
      return new OtherPdu(ptype);
  }
}
