/** An offset/length pair: read before its payload, and filled in once the payload's position is known. */
export class Slot {
  /** Relative to the base; -1 when the pair has no offset field. */
  offset = -1;
  length = -1;
  /** Write the payload's offset even if it is empty. */
  keepOffset = false;
  /** Absolute positions and sizes of the fields, which the Encoder fills in later. */
  offsetAt = -1;
  offsetSize = 0;
  lengthAt = -1;
  lengthSize = 0;
  maxLengthAt = -1;
}
