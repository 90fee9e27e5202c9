import { Decoder, EMPTY } from '../io/decoder.js';
import type { Layout } from '../io/layout.js';
import { Malformed } from '../io/malformed.js';
import { Slot } from '../io/slot.js';
import { SEC_TRAILER } from './auth-verifier.js';
import { BigEndianDecoder } from './big-endian.js';
import { Bind, BindAck, BindNak } from './pdu-bind.js';
import { Fault, OtherPdu, RpcRequest, RpcResponse } from './pdu-call.js';
import { PduFlags, PduType, pduFlagNames, pduTypeNames } from './pdu-type.js';

/** Length of the common header. */
export const PDU_HEADER = 16;

/** [C706] 14.1 Integer and character representation: little-endian (or big-endian) and ASCII. */
const LITTLE_ENDIAN = 0x10;
const BIG_ENDIAN = 0x00;
const DREP_AT = 4;

export type PduBody = RpcRequest | RpcResponse | Fault | Bind | BindAck | BindNak | OtherPdu;

/** [C706] 12.6.3 Connection-oriented PDU: common header, body, authentication verifier. */
export class Pdu {
  rpcVersMinor = 0;
  pfcFlags: number = PduFlags.FirstFrag | PduFlags.LastFrag;
  callId = 0;
  body: PduBody = new OtherPdu();
  /** [MS-RPCE] 2.2.2.11 sec_trailer followed by the auth value, as raw bytes; empty for none. */
  authVerifier: Uint8Array = EMPTY;
  /** The sender's byte order; we send little-endian. */
  drep: number = LITTLE_ENDIAN;

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
    io.same8('packed_drep', this.drep);
    // Floating-point format and reserved bytes; no floats are used.
    io.skip('packed_drep', 3);
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

  /** Makes a PDU in one fragment. */
  static of(callId: number, body: PduBody): Pdu {
    return Object.assign(new Pdu(), { callId, body });
  }
}

const little = new Decoder();
const big = new BigEndianDecoder();

/** A decoder for the content of a PDU with this data representation. */
export function decoderOf(drep: number): Decoder {
  return drep === BIG_ENDIAN ? big : little;
}

/** Reads a PDU in either byte order. */
export function readPdu(bytes: Uint8Array): Pdu {
  const pdu = new Pdu();
  if (bytes[DREP_AT] === BIG_ENDIAN) pdu.drep = BIG_ENDIAN;
  pdu.layout(decoderOf(pdu.drep).reset(bytes));
  return pdu;
}

/** Length of the PDU at the start of a pipe's data; 0 if its header is incomplete. */
export function pduLength(data: Uint8Array): number {
  if (data.length < PDU_HEADER) return 0;
  const io = decoderOf(data[DREP_AT] ?? LITTLE_ENDIAN).reset(data);
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
