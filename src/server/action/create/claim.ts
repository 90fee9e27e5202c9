import type { Claim, ClaimRequest, Eventually } from '#coord/opens.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { CreateOptions } from '#wire/smb2/command/create.js';
import type { DiskOpen } from '../../state/open.js';
import { Work } from '../../state/work.js';
import { volumeKey } from '../../volume.js';
import { CachingOfOpen } from '../caching.js';
import { MODE_OPTIONS } from '../facts.js';
import { type Creation, overwrites } from './facts.js';

/** What was to be opened has been removed while the open waited for others: to be looked for anew. */
export class GoneMeanwhile extends Error {}

/** An open node, and the stream of it that is meant, before others know of it. */
export interface Handles {
  readonly path: string;
  /** Of the node itself. */
  readonly node: unknown;
  /** Of the data: the node's own, or a named stream's. */
  readonly data: unknown;
  readonly file: bigint;
  readonly isDirectory: boolean;
}

/** Enters the open at the coordinator; SharingViolation or DeletePending if others stand in the way. */
function claimOpen(
  { core, tree, backend, facts, target }: Creation,
  handles: Handles,
  granted: number,
  caching: CachingOfOpen | undefined,
): Eventually<Claim | undefined> {
  const request: ClaimRequest = {
    volume: volumeKey(backend),
    file: handles.file,
    path: handles.path,
    stream: target.stream,
    access: granted,
    share: facts.shareAccess,
    deleteOnClose: (facts.options & CreateOptions.DeleteOnClose) !== 0,
    overwrites: overwrites(facts.disposition),
    owner: tree.session.owner,
    caching,
  };
  return core.coordinator.opens.claim(request, facts.patience);
}

/** InvalidParameter if the lease that is wanted is one of another file; asked before something new is made. */
export async function requireFreeLease({ core, facts }: Creation): Promise<void> {
  const lease = facts.caching?.lease;
  if (lease && (await core.coordinator.cachings.hasLease(lease.client, lease.key))) {
    throw new StatusError(NtStatus.InvalidParameter);
  }
}

/** The open as the session knows it from now on. */
function enterOpen({ tree, backend, facts, target }: Creation, handles: Handles, claim: Claim): DiskOpen {
  const { session } = tree;
  const open: DiskOpen = {
    kind: 'disk',
    durable: undefined,
    endReplays: undefined,
    id: session.nextOpenId(),
    tree,
    grantedAccess: claim.access,
    closed: false,
    backend,
    node: handles.node,
    handle: handles.data,
    get stream() {
      return claim.stream;
    },
    claim,
    isDirectory: handles.isDirectory && target.stream === '',
    options: facts.options,
    position: 0,
    mode: facts.options & MODE_OPTIONS,
    allocation: 0,
    times: undefined,
    enumeration: undefined,
    watch: undefined,
    work: new Work(),
    lockSequences: undefined,
  };
  session.add(open);
  return open;
}

/**
 * Claims the open and enters it into the session. `waited`: others had to give way first, so that what was known of
 * the file may be old. Throws without leaving anything behind.
 */
export async function claimAndEnter(
  creation: Creation,
  handles: Handles,
  granted: number,
): Promise<{ open: DiskOpen; waited: boolean }> {
  const { core, facts, tree, target } = creation;
  const isFile = !handles.isDirectory || target.stream !== '';
  const caching = isFile && facts.caching ? new CachingOfOpen(core, facts.caching) : undefined;
  const claiming = claimOpen(creation, handles, granted, caching);
  const waited = claiming instanceof Promise;
  const claim = waited ? await tree.session.opening(claiming) : claiming;
  if (claim === undefined) throw new GoneMeanwhile();
  try {
    const open = enterOpen(creation, handles, claim);
    caching?.entered(open);
    return { open, waited };
  } catch (error) {
    await creation.core.coordinator.opens.withdraw(claim);
    throw error;
  }
}

/** Takes an open back whose CREATE failed after all: it leaves nothing behind, and deletes nothing. */
export function withdraw({ core, tree }: Creation, open: DiskOpen): (error: unknown) => Promise<never> {
  return async (error) => {
    tree.session.forget(open);
    await core.coordinator.opens.withdraw(open.claim);
    throw error;
  };
}
