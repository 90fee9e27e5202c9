import { ContextAnswer, type ContextElement, ContextResult, ProviderReason } from '#wire/rpc/pdu-bind.js';
import { bindTimeFeatures, NDR } from '#wire/rpc/syntax.js';
import type { RpcInterface } from './interface.js';

/** Result of negotiating a presentation context: the answer, and the accepted interface. */
export interface Judgement {
  readonly answer: ContextAnswer;
  readonly accepted: RpcInterface | undefined;
}

/** Negotiates an element of a bind ([C706] 12.6.3.1, [MS-RPCE] 3.3.1.5.3): NDR is the only transfer syntax. */
export function judge(element: ContextElement, interfaces: readonly RpcInterface[]): Judgement {
  const answer = new ContextAnswer();
  if (element.transferSyntaxes.some((syntax) => bindTimeFeatures(syntax) !== -1)) {
    // Bind time feature negotiation has its own result; no features are offered.
    answer.result = ContextResult.NegotiateAck;
    return { answer, accepted: undefined };
  }
  const { abstractSyntax } = element;
  const served = interfaces.find(
    ({ syntax }) =>
      syntax.uuid === abstractSyntax.uuid &&
      syntax.major === abstractSyntax.major &&
      abstractSyntax.minor <= syntax.minor,
  );
  if (served === undefined) return refused(answer, ProviderReason.AbstractSyntaxNotSupported);
  if (!element.transferSyntaxes.some((syntax) => syntax.equals(NDR))) {
    return refused(answer, ProviderReason.ProposedTransferSyntaxesNotSupported);
  }
  answer.transferSyntax = NDR;
  return { answer, accepted: served };
}

function refused(answer: ContextAnswer, reason: number): Judgement {
  answer.result = ContextResult.ProviderRejection;
  answer.reason = reason;
  return { answer, accepted: undefined };
}
