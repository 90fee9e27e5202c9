import { SmbError } from '../erref/errors.js';

/** A peer's bytes are invalid. Decoders throw no other error. */
export class Malformed extends SmbError {
  /** The field as the specification spells it. */
  readonly field: string;
  /** Byte position relative to the message. */
  readonly at: number;

  constructor(field: string, at: number, why: string) {
    super('SMB_MALFORMED', `${field} at byte ${at}: ${why}`);
    this.field = field;
    this.at = at;
  }
}
