import { ConnectionLost } from '#wire/erref/errors.js';
import { HeaderFlags, type Smb2Header } from '#wire/smb2/header.js';
import type { Outgoing } from './compose.js';
import type { SessionSecurity } from './security.js';
import type { ResponseOptions, Smb2ServerRequest } from './server-request.js';
import type { Incoming } from './split.js';

/** What one credit pays for. */
const CREDIT_BYTES = 65_536;
/** Header, fixed part, names and contexts, beside the data that credits pay for. */
const UNPAID_BYTES = 8192;

/** A message that can be sent. */
export interface Sendable extends Outgoing {
  readonly options: ResponseOptions;
}

/** A response that waits for the rest of its compound. */
export interface Ready extends Sendable {
  readonly request: Smb2ServerRequest;
}

/** One received frame while its requests are worked off, in order. */
export class Batch {
  readonly incoming: readonly Incoming[];
  /** The session that sealed the frame; its answers are sealed likewise, whatever becomes of the session meanwhile. */
  readonly sealing: SessionSecurity | undefined;
  next = 0;
  /** Inside `#advance`: an answer that comes now needs not resume it. */
  running = false;
  last: Smb2ServerRequest | undefined;
  readonly ready: Ready[] = [];
  /** Requests that are not answered yet; at zero the frame's memory is free. */
  open = 0;
  readonly release: () => void;
  /** Credits' worth of work that it stands for while it is under way. */
  charge: number;
  /** Message ids of requests that were cancelled before their turn came. */
  cancelled: Set<number> | undefined;
  /** Bytes as received. */
  readonly size: number;
  /** What it counts for while it waits to begin: its charge, or its size where that is more. */
  readonly weight: number;

  constructor(incoming: readonly Incoming[], size: number, sealing: SessionSecurity | undefined, release: () => void) {
    this.incoming = incoming;
    this.sealing = sealing;
    this.size = size;
    this.release = release;
    this.charge = chargeOf(incoming);
    this.weight = Math.max(this.charge, Math.floor(size / CREDIT_BYTES));
  }

  /** Whether the rest of the frame cannot go on before a request's answer, being related to it. */
  waitsFor(request: Smb2ServerRequest): boolean {
    const following = this.incoming[this.next]?.header;
    return this.last === request && following !== undefined && isRelated(following);
  }

  /** Marks the request that a CANCEL means, if its turn has not come. */
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

/** Credits that a frame's requests cost; CANCEL costs none and must never wait. */
function chargeOf(incoming: readonly Incoming[]): number {
  let charge = 0;
  for (const { header } of incoming) if (!header.isCancel) charge += Math.max(header.creditCharge, 1);
  return charge;
}

/** The message ids that a request takes: CreditCharge of them where there are multi-credit requests. */
export function idsOf({ header }: Incoming, dialect: number): number {
  return dialect >= 0x0210 ? Math.max(header.creditCharge, 1) : 1;
}

/** Whether a message is longer than its credits pay for ([MS-SMB2] 3.3.5.2.5). */
export function isUnderpaid(message: Incoming, dialect: number): boolean {
  return message.bytes.length > idsOf(message, dialect) * CREDIT_BYTES + UNPAID_BYTES;
}

// [MS-SMB2] 3.3.5.2.1.1: what was sealed for one session cannot speak for another that is there. Related requests take
// over the session of the one before, so the first one of a frame has to name it whatever it says of itself; CANCEL is
// related to nothing.
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
