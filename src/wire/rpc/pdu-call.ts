import type { Guid } from '../dtyp/guid.js';
import { NIL_GUID } from '../dtyp/guid.js';
import { EMPTY } from '../io/decoder.js';
import type { Layout } from '../io/layout.js';
import { type NameTable, namesOf } from '../io/names.js';
import { PduFlags, PduType } from './pdu-type.js';

/** [C706] Appendix E and [MS-RPCE] 3.1.1.5.5: status of a fault. */
export const FaultStatus = {
  AccessDenied: 0x00000005,
  BadStubData: 0x000006f7,
  SecPkgError: 0x00000721,
  NcaContextMismatch: 0x1c00001a,
  NcaInvalidTag: 0x1c000006,
  NcaOpRangeError: 0x1c010002,
  NcaUnknownInterface: 0x1c010003,
  NcaProtocolError: 0x1c01000b,
  NcaUnspecifiedReject: 0x1c000009,
} as const;

export const faultStatusNames: NameTable = {
  ...namesOf(FaultStatus),
  [FaultStatus.NcaContextMismatch]: 'nca_s_fault_context_mismatch',
  [FaultStatus.NcaInvalidTag]: 'nca_s_fault_invalid_tag',
  [FaultStatus.NcaOpRangeError]: 'nca_s_op_rng_error',
  [FaultStatus.NcaUnknownInterface]: 'nca_s_unk_if',
  [FaultStatus.NcaProtocolError]: 'nca_s_proto_error',
  [FaultStatus.NcaUnspecifiedReject]: 'nca_unspec_reject',
};

/** [C706] 12.6.4.9 request PDU: one fragment of a call's stub. */
export class RpcRequest {
  readonly ptype: number = PduType.Request;
  allocHint = 0;
  contId = 0;
  opnum = 0;
  /** Null without PFC_OBJECT_UUID. */
  object: Guid | null;
  stub: Uint8Array = EMPTY;

  /** When reading, the flags of the common header tell whether an object UUID follows. */
  constructor(flags = 0) {
    this.object = (flags & PduFlags.ObjectUuid) === 0 ? null : NIL_GUID;
  }

  layout(io: Layout): void {
    this.allocHint = io.u32('alloc_hint', this.allocHint);
    this.contId = io.u16('p_cont_id', this.contId);
    this.opnum = io.u16('opnum', this.opnum);
    if (this.object !== null) this.object = io.guid('object', this.object);
    this.stub = io.rest('stub', this.stub);
  }
}

/** [C706] 12.6.4.10 response PDU: one fragment of a response's stub. */
export class RpcResponse {
  readonly ptype: number = PduType.Response;
  allocHint = 0;
  contId = 0;
  cancelCount = 0;
  stub: Uint8Array = EMPTY;

  layout(io: Layout): void {
    this.allocHint = io.u32('alloc_hint', this.allocHint);
    this.contId = io.u16('p_cont_id', this.contId);
    this.cancelCount = io.u8('cancel_count', this.cancelCount);
    io.skip('reserved', 1);
    this.stub = io.rest('stub', this.stub);
  }
}

/** [C706] 12.6.4.7 fault PDU. */
export class Fault {
  readonly ptype: number = PduType.Fault;
  allocHint = 0;
  contId = 0;
  cancelCount = 0;
  status = 0;
  stub: Uint8Array = EMPTY;

  layout(io: Layout): void {
    this.allocHint = io.u32('alloc_hint', this.allocHint);
    this.contId = io.u16('p_cont_id', this.contId);
    this.cancelCount = io.u8('cancel_count', this.cancelCount);
    io.skip('reserved', 1);
    this.status = io.u32('status', this.status, faultStatusNames);
    io.skip('reserved2', 4);
    this.stub = io.rest('stub', this.stub);
  }
}

/** A PDU of another type, with its body as raw bytes. */
export class OtherPdu {
  ptype: number;
  data: Uint8Array = EMPTY;

  constructor(ptype: number = PduType.Auth3) {
    this.ptype = ptype;
  }

  layout(io: Layout): void {
    this.data = io.rest('body', this.data);
  }
}
