import type { Layout } from '../io/layout.js';
import { type NameTable, namesOf } from '../io/names.js';
import { PduType } from './pdu-type.js';
import { SyntaxId } from './syntax.js';

/** [C706] 12.6.3.1 p_cont_def_result_t and [MS-RPCE] 2.2.2.4 negotiate_ack. */
export const ContextResult = {
  Acceptance: 0,
  UserRejection: 1,
  ProviderRejection: 2,
  NegotiateAck: 3,
} as const;

export const contextResultNames: NameTable = namesOf(ContextResult);

/** [C706] 12.6.3.1 p_provider_reason_t. */
export const ProviderReason = {
  ReasonNotSpecified: 0,
  AbstractSyntaxNotSupported: 1,
  ProposedTransferSyntaxesNotSupported: 2,
  LocalLimitExceeded: 3,
} as const;

export const providerReasonNames: NameTable = namesOf(ProviderReason);

/** [C706] 12.6.3.1 p_reject_reason_t and [MS-RPCE] 2.2.2.5. */
export const RejectReason = {
  ReasonNotSpecified: 0,
  TemporaryCongestion: 1,
  LocalLimitExceeded: 2,
  ProtocolVersionNotSupported: 4,
  AuthenticationTypeNotRecognized: 8,
  InvalidChecksum: 9,
} as const;

export const rejectReasonNames: NameTable = namesOf(RejectReason);

/** [C706] 12.6.3.1 p_cont_elem_t. */
export class ContextElement {
  contId = 0;
  abstractSyntax: SyntaxId = new SyntaxId();
  transferSyntaxes: SyntaxId[] = [];

  layout(io: Layout): void {
    this.contId = io.u16('p_cont_id', this.contId);
    const count = io.u8('n_transfer_syn', this.transferSyntaxes.length);
    io.skip('reserved', 1);
    this.abstractSyntax = io.struct('abstract_syntax', this.abstractSyntax);
    this.transferSyntaxes = io.list('transfer_syntaxes', count, this.transferSyntaxes, () => new SyntaxId());
  }
}

/** [C706] 12.6.4.3 bind PDU and 12.6.4.1 alter_context PDU, which differ only in the type. */
export class Bind {
  ptype: number;
  maxXmitFrag = 4280;
  maxRecvFrag = 4280;
  assocGroupId = 0;
  contexts: ContextElement[] = [];

  constructor(ptype: number = PduType.Bind) {
    this.ptype = ptype;
  }

  layout(io: Layout): void {
    this.maxXmitFrag = io.u16('max_xmit_frag', this.maxXmitFrag);
    this.maxRecvFrag = io.u16('max_recv_frag', this.maxRecvFrag);
    this.assocGroupId = io.u32('assoc_group_id', this.assocGroupId);
    const count = io.u8('n_context_elem', this.contexts.length);
    io.skip('reserved', 3);
    this.contexts = io.list('p_cont_elem', count, this.contexts, () => new ContextElement());
  }
}

/** [C706] 12.6.3.1 p_result_t. */
export class ContextAnswer {
  result: number = ContextResult.Acceptance;
  /** With `NegotiateAck`, the bind time features. */
  reason = 0;
  /** All zeros unless accepted. */
  transferSyntax: SyntaxId = new SyntaxId();

  layout(io: Layout): void {
    this.result = io.u16('result', this.result, contextResultNames);
    this.reason = io.u16('reason', this.reason, providerReasonNames);
    this.transferSyntax = io.struct('transfer_syntax', this.transferSyntax);
  }
}

/** [C706] 12.6.4.4 bind_ack PDU and 12.6.4.2 alter_context_resp PDU, which differ only in the type. */
export class BindAck {
  ptype: number;
  maxXmitFrag = 4280;
  maxRecvFrag = 4280;
  assocGroupId = 0;
  /** `\pipe\srvsvc`; empty in alter_context_resp. */
  secAddr = '';
  results: ContextAnswer[] = [];

  constructor(ptype: number = PduType.BindAck) {
    this.ptype = ptype;
  }

  layout(io: Layout): void {
    this.maxXmitFrag = io.u16('max_xmit_frag', this.maxXmitFrag);
    this.maxRecvFrag = io.u16('max_recv_frag', this.maxRecvFrag);
    this.assocGroupId = io.u32('assoc_group_id', this.assocGroupId);
    const address = io.length16('sec_addr_length');
    io.within('sec_addr', address, () => {
      if (io.reading || this.secAddr !== '') this.secAddr = io.oem('port_spec', this.secAddr);
    });
    io.align(4);
    const count = io.u8('n_results', this.results.length);
    io.skip('reserved', 3);
    this.results = io.list('p_results', count, this.results, () => new ContextAnswer());
  }
}

/** [C706] 12.6.3.1 version_t. */
export class ProtocolVersion {
  major = 5;
  minor = 0;

  layout(io: Layout): void {
    this.major = io.u8('major', this.major);
    this.minor = io.u8('minor', this.minor);
  }
}

/** [C706] 12.6.4.5 bind_nak PDU. */
export class BindNak {
  readonly ptype: number = PduType.BindNak;
  providerRejectReason: number = RejectReason.ReasonNotSpecified;
  versions: ProtocolVersion[] = [];

  layout(io: Layout): void {
    this.providerRejectReason = io.u16('provider_reject_reason', this.providerRejectReason, rejectReasonNames);
    const count = io.u8('n_protocols', this.versions.length);
    this.versions = io.list('p_protocols', count, this.versions, () => new ProtocolVersion());
  }
}
