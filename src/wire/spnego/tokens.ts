import { EMPTY } from '../io/decoder.js';
import { Malformed } from '../io/malformed.js';
import type { NameTable } from '../io/names.js';
import { type Der, Tag } from './der.js';
import { DerReader } from './der-reader.js';
import { DerWriter } from './der-writer.js';
import { Oid } from './oids.js';

/** The value that [MS-SPNG] 3.2.5.2 prescribes for servers without a hint name. */
export const NO_HINT = 'not_defined_in_RFC4178@please_ignore';

/** RFC 4178 4.2.1 NegTokenInit, and [MS-SPNG] 2.2.1 NegTokenInit2 if `hasHints`. */
export class NegTokenInit {
  mechTypes: string[] = [];
  reqFlags: Uint8Array = EMPTY;
  mechToken: Uint8Array = EMPTY;
  hasHints = false;
  hintName = '';
  mechListMic: Uint8Array = EMPTY;

  layout(io: Der): void {
    io.constructed('GSS-API InitialContextToken', Tag.Application, () => {
      const oid = io.oid('thisMech', Oid.Spnego);
      if (oid !== Oid.Spnego) throw new Malformed('thisMech', 0, `is ${oid}, must be SPNEGO`);
      io.constructed('negTokenInit', Tag.Context, () =>
        io.constructed('NegTokenInit', Tag.Sequence, () => this.#body(io)),
      );
    });
  }

  #body(io: Der): void {
    io.optional('mechTypes', 0, this.mechTypes.length > 0, () => {
      this.mechTypes = mechList(io, this.mechTypes);
    });
    io.optional('reqFlags', 1, this.reqFlags.length > 0, () => {
      this.reqFlags = io.bits('ContextFlags', this.reqFlags);
    });
    io.optional('mechToken', 2, this.mechToken.length > 0, () => {
      this.mechToken = io.octets('mechToken', this.mechToken);
    });
    // [3] is the MIC in RFC 4178 but the hints in [MS-SPNG]: its content tells which.
    io.optional('[3]', 3, this.hasHints || this.mechListMic.length > 0, () => {
      this.hasHints = io.reading ? io.next === Tag.Sequence : this.hasHints;
      if (this.hasHints) io.constructed('negHints', Tag.Sequence, () => this.#hints(io));
      else this.mechListMic = io.octets('mechListMIC', this.mechListMic);
    });
    io.optional('[4]', 4, this.hasHints && this.mechListMic.length > 0, () => {
      this.mechListMic = io.octets('mechListMIC', this.mechListMic);
    });
  }

  #hints(io: Der): void {
    io.optional('hintName', 0, this.hintName !== '', () => {
      this.hintName = io.text('hintName', this.hintName);
    });
  }

  encode(): Uint8Array {
    return encoded(this);
  }
}

/** RFC 4178 4.2.2 negState. */
export const NegState = { AcceptCompleted: 0, AcceptIncomplete: 1, Reject: 2, RequestMic: 3 } as const;

const negStateNames: NameTable = {
  0: 'accept-completed',
  1: 'accept-incomplete',
  2: 'reject',
  3: 'request-mic',
};

/** RFC 4178 4.2.2 NegTokenResp. */
export class NegTokenResp {
  /** -1 for none. */
  negState = -1;
  /** Empty for none. */
  supportedMech = '';
  responseToken: Uint8Array = EMPTY;
  mechListMic: Uint8Array = EMPTY;

  layout(io: Der): void {
    io.constructed('negTokenResp', Tag.Context + 1, () =>
      io.constructed('NegTokenResp', Tag.Sequence, () => this.#body(io)),
    );
  }

  #body(io: Der): void {
    io.optional('negState', 0, this.negState !== -1, () => {
      this.negState = io.enumerated('negState', this.negState, negStateNames);
    });
    io.optional('supportedMech', 1, this.supportedMech !== '', () => {
      this.supportedMech = io.oid('supportedMech', this.supportedMech);
    });
    io.optional('responseToken', 2, this.responseToken.length > 0, () => {
      this.responseToken = io.octets('responseToken', this.responseToken);
    });
    io.optional('mechListMIC', 3, this.mechListMic.length > 0, () => {
      this.mechListMic = io.octets('mechListMIC', this.mechListMic);
    });
  }

  encode(): Uint8Array {
    return encoded(this);
  }
}

/** Maximum number of mechanisms read from an offer. */
const MAX_MECHS = 64;

function mechList(io: Der, v: readonly string[]): string[] {
  const list: string[] = [];
  io.constructed('MechTypeList', Tag.Sequence, () => {
    if (!io.reading) for (const oid of v) list.push(io.oid('MechType', oid));
    else while (io.next === Tag.Oid && list.length < MAX_MECHS) list.push(io.oid(`MechType[${list.length}]`, ''));
  });
  return list;
}

/** The DER of a MechTypeList, over which mechListMIC is computed. */
export function encodeMechList(mechTypes: readonly string[]): Uint8Array {
  const io = new DerWriter();
  mechList(io, mechTypes);
  return io.bytes();
}

function encoded(token: { layout(io: Der): void }): Uint8Array {
  const io = new DerWriter();
  token.layout(io);
  return io.bytes();
}

/** An empty structure for a token with this first byte; undefined if it is not a SPNEGO token. */
export function spnegoToken(firstByte: number | undefined): NegTokenInit | NegTokenResp | undefined {
  if (firstByte === Tag.Application) return new NegTokenInit();
  return firstByte === Tag.Context + 1 ? new NegTokenResp() : undefined;
}

/** Reads a token; throws `Malformed` if it is invalid. Byte fields are views of `bytes`. */
export function readSpnego(bytes: Uint8Array): NegTokenInit | NegTokenResp {
  const token = spnegoToken(bytes[0]);
  if (token === undefined) throw new Malformed('SPNEGO', 0, 'is neither NegTokenInit nor NegTokenResp');
  token.layout(new DerReader(bytes));
  return token;
}
