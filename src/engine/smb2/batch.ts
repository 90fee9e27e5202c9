import { ConnectionLost } from '#wire/erref/errors.js';
import { HeaderFlags, type Smb2Header } from '#wire/smb2/header.js';
import type { Outgoing } from './compose.js';
import type { SessionSecurity } from './security.js';
import type { ResponseOptions, Smb2ServerRequest } from './server-request.js';
import type { Incoming } from './split.js';

/** Payload bytes that one credit pays for. */
const CREDIT_BYTES = 65_536;
/** Allowance for header, fixed part, names and contexts, beyond the data that credits pay for. */
const UNPAID_BYTES = 8192;

/** A message ready to be sent. */
export interface Sendable extends Outgoing {
  readonly options: ResponseOptions;
}

/** A response waiting for the rest of its compound. */
export interface Ready extends Sendable {
  readonly request: Smb2ServerRequest;
}

/** A received frame whose requests are being processed in order. */
export class Batch {
  readonly incoming: readonly Incoming[];
  /** The session that encrypted the frame; encrypts the responses too, even if the session ends meanwhile. */
  readonly sealing: SessionSecurity | undefined;
  next = 0;
  /** `#advance` is running: an answer given meanwhile need not resume it. */
  running = false;
  last: Smb2ServerRequest | undefined;
  readonly ready: Ready[] = [];
  /** Unanswered requests; at zero the frame's memory is free. */
  open = 0;
  readonly release: () => void;
  /** Credits that it counts for while in progress. */
  charge: number;
  /** Message ids of requests that were cancelled before they began. */
  cancelled: Set<number> | undefined;
  /** Bytes received. */
  readonly size: number;
  /** Credits that it counts for while deferred: its charge, or its size in credits if larger. */
  readonly weight: number;

  constructor(incoming: readonly Incoming[], size: number, sealing: SessionSecurity | undefined, release: () => void) {
    this.incoming = incoming;
    this.sealing = sealing;
    this.size = size;
    this.release = release;
    this.charge = chargeOf(incoming);
    this.weight = Math.max(this.charge, Math.floor(size / CREDIT_BYTES));
  }

  /** Whether the rest of the frame is related to a request and so must wait for its answer. */
  waitsFor(request: Smb2ServerRequest): boolean {
    const following = this.incoming[this.next]?.header;
    return this.last === request && following !== undefined && isRelated(following);
  }

  /** Marks the request that a CANCEL refers to, if it has not begun. */
  cancel({ messageId, sessionId }: Smb2Header): void {
    let session = this.last?.sessionId ?? 0n;
    for (let at = this.next; at < this.incoming.length; at++) {
      const { header } = this.incoming[at] as Incoming;
      if (!isRelated(header)) session = header.sessionId;
      if (header.messageId !== messageId || session !== sessionId) continue;
      this.cancelled ??= new Set();
      this.cancelled.add(messageId);
    }
  }
}

const isRelated = ({ flags }: Smb2Header): boolean => (flags & HeaderFlags.RelatedOperations) !== 0;

/** Credits that a frame's requests cost; CANCEL is free and must never wait. */
function chargeOf(incoming: readonly Incoming[]): number {
  let charge = 0;
  for (const { header } of incoming) if (!header.isCancel) charge += Math.max(header.creditCharge, 1);
  return charge;
}

/** Message ids that a request consumes: CreditCharge of them in dialects with multi-credit requests. */
export function idsOf({ header }: Incoming, dialect: number): number {
  return dialect >= 0x0210 ? Math.max(header.creditCharge, 1) : 1;
}

/** Whether a message is longer than its credits pay for ([MS-SMB2] 3.3.5.2.5). */
export function isUnderpaid(message: Incoming, dialect: number): boolean {
  return message.bytes.length > idsOf(message, dialect) * CREDIT_BYTES + UNPAID_BYTES;
}

// [MS-SMB2] 3.3.5.2.1.1: a frame encrypted for one session must not act for another existing one. Related requests
// inherit the session of the request before them, so the first one must name it even if it claims to be related;
// CANCEL is never related.
export function checkSessions(
  incoming: readonly Incoming[],
  sessionId: bigint,
  isKnown: (sessionId: bigint) => boolean,
): void {
  incoming.forEach(({ header }, index) => {
    const related = index > 0 && isRelated(header) && !header.isCancel;
    if (!related && header.sessionId !== sessionId && isKnown(header.sessionId)) {
      throw new ConnectionLost('an encrypted message of another session', { retryable: false });
    }
  });
}
