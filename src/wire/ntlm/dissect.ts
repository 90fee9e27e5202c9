import { Dissector, dissectWith, type Field } from '../io/dissector.js';
import type { Wire } from '../io/layout.js';
import type { Malformed } from '../io/malformed.js';
import { AvPairs } from './av-pair.js';
import { AuthenticateMessage, ChallengeMessage, NegotiateMessage } from './messages.js';
import { isNtlm } from './payload.js';
import { Lmv2Response, Ntlmv2Response } from './responses.js';

/** The fields that could be read, and the error that stopped the dissection, if any. */
export interface Dissection {
  readonly fields: readonly Field[];
  readonly malformed: Malformed | undefined;
}

const MESSAGES: Readonly<Record<number, () => Wire>> = {
  1: () => new NegotiateMessage(),
  2: () => new ChallengeMessage(),
  3: () => new AuthenticateMessage(),
};

/**
 * The fields of the NTLM message in the bytes `[from, to)`, with target information and NTLMv2 responses dissected.
 * Positions count from the start of `bytes`.
 */
export function dissectNtlm(bytes: Uint8Array, from = 0, to: number = bytes.length): Dissection {
  const make = isNtlm(bytes.subarray(from, to)) ? MESSAGES[bytes[from + 8] as number] : undefined;
  const io = new Dissector().reset(bytes, from, to);
  if (make === undefined) {
    io.rest('NTLM', bytes.subarray(from, to));
    return { fields: io.fields, malformed: undefined };
  }
  const { fields, malformed } = dissectWith(io, make());
  return { fields: fields.map((field) => opened(bytes, field)), malformed };
}

/** A field with its content, if that is a structure of its own. */
function opened(bytes: Uint8Array, field: Field): Field {
  const structure = structureOf(field);
  if (structure === undefined) return field;
  const io = new Dissector().reset(bytes, field.at, field.at + field.size);
  return { ...field, children: dissectWith(io, structure).fields };
}

function structureOf(field: Field): Wire | undefined {
  if (!(field.value instanceof Uint8Array)) return undefined;
  if (field.name === 'TargetInfo') return new AvPairs();
  if (field.name === 'NtChallengeResponse' && field.size > 24) return new Ntlmv2Response();
  if (field.name === 'LmChallengeResponse' && field.size === 24) return new Lmv2Response();
  return undefined;
}
