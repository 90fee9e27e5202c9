import { type Guid, NIL_GUID } from '../dtyp/guid.js';
import type { Layout } from '../io/layout.js';

/** [C706] 12.6.3.1 p_syntax_id_t: an interface or a transfer syntax with its version. */
export class SyntaxId {
  uuid: Guid = NIL_GUID;
  major = 0;
  minor = 0;

  layout(io: Layout): void {
    this.uuid = io.guid('if_uuid', this.uuid);
    // A single number with the major version in the low half, which comes second in big-endian order.
    const version = io.u32('if_version', ((this.minor << 16) | this.major) >>> 0);
    this.major = version & 0xffff;
    this.minor = version >>> 16;
  }

  equals(other: SyntaxId): boolean {
    return this.uuid === other.uuid && this.major === other.major && this.minor === other.minor;
  }

  static of(uuid: Guid, major: number, minor: number): SyntaxId {
    return Object.assign(new SyntaxId(), { uuid, major, minor });
  }
}

/** [MS-RPCE] 2.2.4.12 The NDR transfer syntax. */
export const NDR: SyntaxId = SyntaxId.of('8a885d04-1ceb-11c9-9fe8-08002b104860', 2, 0);

/** [MS-RPCE] 2.2.4.13 The NDR64 transfer syntax, which is not supported here. */
export const NDR64: SyntaxId = SyntaxId.of('71710533-beba-4937-8319-b5dbef9ccc36', 1, 0);

const FEATURE_PREFIX = '6cb71c2c-9812-4540-';

/** [MS-RPCE] 2.2.2.14 Bind time features. */
export const BindTimeFeature = {
  SecurityContextMultiplexing: 0x0001,
  KeepConnectionOnOrphan: 0x0002,
} as const;

/**
 * [MS-RPCE] 2.2.2.14 Bind Time Feature Negotiation: the features that a transfer syntax requests, -1 if it is an
 * ordinary one. The reply is the result `NegotiateAck` with the features in its reason.
 */
export function bindTimeFeatures(syntax: SyntaxId): number {
  if (!syntax.uuid.startsWith(FEATURE_PREFIX)) return -1;
  const digits = syntax.uuid.slice(FEATURE_PREFIX.length);
  return Number.parseInt(digits.slice(0, 2), 16) | (Number.parseInt(digits.slice(2, 4), 16) << 8);
}

/** [MS-RPCE] 2.2.2.14 The transfer syntax that requests features. */
export function bindTimeSyntax(features: number): SyntaxId {
  const byte = (value: number): string => (value & 0xff).toString(16).padStart(2, '0');
  return SyntaxId.of(`${FEATURE_PREFIX}${byte(features)}${byte(features >> 8)}-000000000000`, 1, 0);
}
