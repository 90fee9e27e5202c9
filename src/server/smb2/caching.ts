import { type BreakNotice, Caching, type CachingState, type LeaseRequest } from '#coord/caching.js';
import { NIL_GUID } from '#wire/dtyp/guid.js';
import type { Wire } from '#wire/io/layout.js';
import { type CreateRequest, OplockLevel } from '#wire/smb2/command/create.js';
import {
  LeaseBreakFlags,
  LeaseBreakNotification,
  OplockBreak,
  OplockBreakResponse,
} from '#wire/smb2/command/oplock-break.js';
import { CreateLease, CreateLeaseV2, LeaseFlags, LeaseState } from '#wire/smb2/create-context/lease.js';
import { CreateContextTag } from '#wire/smb2/create-context/tag.js';
import { Dialect } from '#wire/smb2/dialect.js';
import type { CachingFacts } from '../action/caching.js';
import type { Created } from '../action/create.js';
import type { Tellers } from '../action/persistent-restore.js';
import type { DiskOpen } from '../state/open.js';
import { fileIdOf, type Smb2Context } from './context.js';

const ALL: number = LeaseState.ReadCaching | LeaseState.HandleCaching | LeaseState.WriteCaching;

/** The lease state equivalent to an oplock level; undefined if there is none. */
export function stateOfLevel(level: number): number | undefined {
  switch (level) {
    case OplockLevel.None:
      return Caching.None;
    case OplockLevel.Ii:
      return Caching.R;
    case OplockLevel.Exclusive:
      return Caching.RW;
    case OplockLevel.Batch:
      return Caching.RWH;
    default:
      return undefined;
  }
}

export function levelOfState(state: number): number {
  if ((state & LeaseState.WriteCaching) === 0) return state === Caching.None ? OplockLevel.None : OplockLevel.Ii;
  return (state & LeaseState.HandleCaching) === 0 ? OplockLevel.Exclusive : OplockLevel.Batch;
}

/** The oplock level to return in a CREATE response. */
export function grantedLevel(holder: CachingState | undefined): number {
  if (holder === undefined) return OplockLevel.None;
  return holder.lease ? OplockLevel.Lease : levelOfState(holder.state);
}

/** The caching requested by a CREATE ([MS-SMB2] 3.3.5.9: RequestedOplockLevel, 3.3.5.9.8, 3.3.5.9.11). */
export function cachingOf(request: CreateRequest, context: Smb2Context): CachingFacts | undefined {
  const { requestedOplockLevel } = request;
  if (requestedOplockLevel !== OplockLevel.Lease) {
    const wanted = stateOfLevel(requestedOplockLevel) ?? Caching.None;
    return wanted === Caching.None ? undefined : { wanted, lease: undefined, directories: false, tell: tellOplock };
  }
  const lease = leaseOf(request);
  const { connection } = context;
  const known = connection.dialect >= (lease instanceof CreateLeaseV2 ? Dialect.Smb300 : Dialect.Smb210);
  // Without the lease context, or in a dialect without leases, this oplock level means nothing.
  if (lease === undefined || !known) return undefined;
  const asked: LeaseRequest = {
    client: connection.clientGuid,
    key: lease.leaseKey,
    version: lease instanceof CreateLeaseV2 ? 2 : 1,
    epoch: lease instanceof CreateLeaseV2 ? lease.epoch : 0,
  };
  const directories = asked.version === 2 && connection.directoryLeasing;
  return { wanted: lease.leaseState & ALL, lease: asked, directories, tell: tellLease };
}

/** [MS-SMB2] 3.3.5.9.11: Open.ParentLeaseKey. */
export function parentKeyOf(request: CreateRequest, { connection }: Smb2Context): string | undefined {
  const lease = leaseOf(request);
  const says = lease instanceof CreateLeaseV2 && (lease.flags & LeaseFlags.ParentLeaseKeySet) !== 0;
  return says && connection.dialect >= Dialect.Smb300 ? lease.parentLeaseKey : undefined;
}

/** The lease context of a CREATE. */
export function leaseOf({ createContexts }: CreateRequest): CreateLease | CreateLeaseV2 | undefined {
  const data = createContexts.find(({ name }) => name === CreateContextTag.Lease)?.data;
  return data instanceof CreateLease || data instanceof CreateLeaseV2 ? data : undefined;
}

/**
 * [MS-SMB2] 3.3.5.9.8, 3.3.5.9.11: the current lease, in the version it was created with; undefined if there is none.
 */
export function leaseAnswer({ open }: Created, asked: Wire): Wire | undefined {
  const { holder } = open.claim;
  const lease = holder?.lease;
  if (!holder || !lease) return undefined;
  const common = { leaseKey: lease.key, leaseState: holder.state };
  const breaking = holder.breaking ? LeaseFlags.BreakInProgress : 0;
  if (lease.version === 1) return Object.assign(new CreateLease(), common, { leaseFlags: breaking });
  const hasParent = asked instanceof CreateLeaseV2 && (asked.flags & LeaseFlags.ParentLeaseKeySet) !== 0;
  return Object.assign(new CreateLeaseV2(), common, {
    flags: breaking | (hasParent ? LeaseFlags.ParentLeaseKeySet : 0),
    parentLeaseKey: hasParent ? asked.parentLeaseKey : NIL_GUID,
    epoch: lease.epoch,
  });
}

/** [MS-SMB2] 3.3.4.6. */
function tellOplock(open: DiskOpen, notice: BreakNotice): boolean {
  const message = new OplockBreakResponse();
  message.body = Object.assign(new OplockBreak(), { oplockLevel: levelOfState(notice.to), fileId: fileIdOf(open) });
  return send(open, message, notice, false);
}

/** [MS-SMB2] 3.3.4.7. */
function tellLease(open: DiskOpen, notice: BreakNotice): boolean {
  return send(open, leaseBreak(notice), notice, true);
}

/** Break notifications for clients whose opens have been restored after a restart. */
export const tellers: Tellers = { oplock: tellOplock, lease: tellLease };

export function leaseBreak({ from, to, acknowledge, lease }: BreakNotice): OplockBreakResponse {
  const message = new OplockBreakResponse();
  message.body = Object.assign(new LeaseBreakNotification(), {
    newEpoch: lease?.epoch ?? 0,
    flags: acknowledge ? LeaseBreakFlags.AckRequired : 0,
    leaseKey: lease?.key,
    currentLeaseState: from,
    newLeaseState: to,
  });
  return message;
}

function send(open: DiskOpen, message: OplockBreakResponse, notice: BreakNotice, anonymous: boolean): boolean {
  const { session, isSealed } = open.tree;
  return session.notify(message, { sealed: isSealed, anonymous, due: () => isDue(open, notice) });
}

/** Whether a break notification still matters: the client has not acknowledged it or been granted anything since. */
function isDue({ closed, claim: { holder } }: DiskOpen, { acknowledge, to }: BreakNotice): boolean {
  if (closed) return false;
  return acknowledge ? holder?.breaking === true : (holder?.state ?? Caching.None) === to;
}
