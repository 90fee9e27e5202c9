import { SmbError } from '../erref/errors.js';

/** A peer's bytes cannot be what they claim to be. Nothing else may come out of a decoder. */
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
