import type { Field } from '../io/dissector.js';
import { Dissector, dissectWith } from '../io/dissector.js';
import { Malformed } from '../io/malformed.js';
import { type Dissection, dissectNtlm } from '../ntlm/dissect.js';
import { isNtlm } from '../ntlm/payload.js';
import { MessageSignature } from '../ntlm/responses.js';
import { DerReader } from './der-reader.js';
import { spnegoToken } from './tokens.js';

/**
 * The fields of the security token in the bytes `[from, to)`: SPNEGO containing an NTLM message, or bare NTLM.
 * Positions count from the start of `bytes`.
 */
export function dissectSpnego(bytes: Uint8Array, from = 0, to: number = bytes.length): Dissection {
  const token = spnegoToken(to > from ? bytes[from] : undefined);
  if (token === undefined) return dissectNtlm(bytes, from, to);
  const io = new DerReader(bytes, from, to);
  let malformed: Malformed | undefined;
  try {
    token.layout(io);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    malformed = error;
  }
  return { fields: io.fields.map((field) => opened(bytes, field)), malformed };
}

function opened(bytes: Uint8Array, field: Field): Field {
  if (field.children) return { ...field, children: field.children.map((child) => opened(bytes, child)) };
  if (!(field.value instanceof Uint8Array)) return field;
  const from = field.value.byteOffset - bytes.byteOffset;
  const to = from + field.value.length;
  if (isNtlm(field.value)) return { ...field, text: 'NTLM message', children: dissectNtlm(bytes, from, to).fields };
  if (field.name !== 'mechListMIC' || field.value.length !== 16 || field.value[0] !== 1) return field;
  const signature = dissectWith(new Dissector().reset(bytes, from, to), new MessageSignature());
  return { ...field, children: signature.fields };
}
