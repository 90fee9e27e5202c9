import type { Incoming } from '#engine/smb2/split.js';
import type { Guid } from '#wire/dtyp/guid.js';
import { Decoder } from '#wire/io/decoder.js';
import type { FileId } from '#wire/io/file-id.js';
import { OplockLevel } from '#wire/smb2/command/create.js';
import {
  LeaseBreak,
  LeaseBreakFlags,
  LeaseBreakNotification,
  OplockBreak,
  OplockBreakRequest,
  OplockBreakResponse,
} from '#wire/smb2/command/oplock-break.js';
import { LeaseState } from '#wire/smb2/create-context/lease.js';
import { Smb2Header } from '#wire/smb2/header.js';
import type { CachingBreak } from '../protocol.js';

const { None, ReadCaching: R, WriteCaching: W, HandleCaching: H } = LeaseState;
/** Breaks of opens whose response has not reached the caller yet; the oldest are dropped. */
const MAX_EARLY = 64;

const decoder = new Decoder();

/** The LeaseState bits equivalent to an oplock level. */
export function stateOf(level: number): number {
  if (level === OplockLevel.Ii) return R;
  if (level === OplockLevel.Exclusive) return R | W;
  return level === OplockLevel.Batch ? R | W | H : None;
}

function levelOf(state: number): number {
  if ((state & W) === 0) return state === None ? OplockLevel.None : OplockLevel.Ii;
  return (state & H) === 0 ? OplockLevel.Exclusive : OplockLevel.Batch;
}

/** An open that may receive breaks. */
interface Holder {
  readonly fileId: FileId;
  /** The lease key; undefined for an oplock. */
  readonly leaseKey: Guid | undefined;
  /** LeaseState bits granted by the open. */
  readonly granted: number;
  /** Notifies the user, or acknowledges the break itself. */
  broken(event: CachingBreak): void;
}

interface Shared {
  state: number;
  readonly leaseKey: Guid | undefined;
  readonly holders: Set<Holder>;
  /** The server waits for an acknowledgment. */
  pending: boolean;
}

/** What is cached on one connection: leases by key, oplocks by open ([MS-SMB2] 3.2.5.19). */
export class Breaks {
  readonly #shared = new Map<string, Shared>();
  readonly #early = new Map<string, LeaseBreakNotification | OplockBreak>();

  /** Adds an open that was granted caching. */
  enter(holder: Holder): void {
    const { granted, leaseKey } = holder;
    const key = keyOf(holder);
    const shared = this.#shared.get(key) ?? { state: None, leaseKey, holders: new Set(), pending: false };
    shared.holders.add(holder);
    // While a break is pending, the granted state is the one before the break.
    if (!shared.pending) shared.state = granted;
    this.#shared.set(key, shared);
    const early = this.#early.get(key);
    if (early === undefined) return;
    this.#early.delete(key);
    this.#tell(key, early);
  }

  leave(holder: Holder): void {
    const key = keyOf(holder);
    const shared = this.#shared.get(key);
    if (shared?.holders.delete(holder) && shared.holders.size === 0) this.#shared.delete(key);
  }

  /** The LeaseState bits that a holder currently has. */
  stateOf(holder: Holder): number {
    return this.#shared.get(keyOf(holder))?.state ?? None;
  }

  /** Handles an unsolicited message from the server. */
  take({ bytes }: Incoming): void {
    const message = new OplockBreakResponse();
    new Smb2Header().layout(decoder.reset(bytes));
    message.layout(decoder);
    decoder.release();
    const { body } = message;
    if (body instanceof LeaseBreak) return;
    const key = body instanceof LeaseBreakNotification ? body.leaseKey : body.fileId.toString();
    if (this.#shared.has(key)) return this.#tell(key, body);
    this.#early.delete(key);
    this.#early.set(key, body);
    // Most unclaimed breaks are for opens that have been closed.
    if (this.#early.size > MAX_EARLY) this.#early.delete(this.#early.keys().next().value as string);
  }

  #tell(key: string, body: LeaseBreakNotification | OplockBreak): void {
    const shared = this.#shared.get(key);
    if (!shared) return;
    const lease = body instanceof LeaseBreakNotification;
    const from = shared.state;
    const to = lease ? body.newLeaseState : stateOf(body.oplockLevel);
    // [MS-SMB2] 3.2.5.19.1: a break from level II needs no acknowledgment.
    const mustAcknowledge = lease ? (body.flags & LeaseBreakFlags.AckRequired) !== 0 : (from & W) !== 0;
    shared.pending = mustAcknowledge;
    if (!mustAcknowledge) shared.state = to;
    for (const holder of [...shared.holders]) holder.broken({ from, to, mustAcknowledge });
  }

  /** The acknowledgment to send; undefined if none is due, because another open of the lease was faster. */
  acknowledgment(holder: Holder, state: number): OplockBreakRequest | undefined {
    const shared = this.#shared.get(keyOf(holder));
    if (!shared?.pending) return undefined;
    shared.pending = false;
    shared.state = state;
    const request = new OplockBreakRequest();
    request.body =
      shared.leaseKey === undefined
        ? Object.assign(new OplockBreak(), { oplockLevel: levelOf(state), fileId: holder.fileId })
        : Object.assign(new LeaseBreak(), { leaseKey: shared.leaseKey, leaseState: state });
    return request;
  }
}

function keyOf({ leaseKey, fileId }: Holder): string {
  return leaseKey ?? fileId.toString();
}
