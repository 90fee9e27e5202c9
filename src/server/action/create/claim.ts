import type { Claim, ClaimRequest, Eventually } from '#coord/opens.js';
import type { Backend } from '#fs/backend.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { CreateOptions } from '#wire/smb2/command/create.js';
import type { PersistentId } from '../../state/durable-opens.js';
import type { DiskOpen } from '../../state/open.js';
import type { Tree } from '../../state/tree.js';
import { Work } from '../../state/work.js';
import { volumeKey } from '../../volume.js';
import { CachingOfOpen, lookOut } from '../caching.js';
import { close, withdraw, withdrawClaim } from '../close.js';
import { MODE_OPTIONS } from '../facts.js';
import { type Creation, linkOf, overwrites, overwritingAccess } from './facts.js';
import { isMissing } from './locate.js';

const NOTHING = { read: false, write: false };

/** The node was removed or renamed before the open was claimed; it must be looked up again. */
export class GoneMeanwhile extends Error {}

/** Handles of an open node, and of the requested stream, before the open is claimed. */
export interface Handles {
  readonly path: string;
  /** Handle of the node itself. */
  readonly node: unknown;
  /** Handle of the data: the node's own, or a named stream's. */
  readonly data: unknown;
  readonly file: bigint;
  readonly isDirectory: boolean;
}

/** Claims the open at the coordinator; SharingViolation or DeletePending on a conflict. */
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
    opensBy: overwritingAccess(facts.disposition),
    owner: tree.session.owner,
    parentKey: facts.parentKey,
    caching,
  };
  return core.coordinator.opens.claim(request, facts.patience);
}

/** InvalidParameter if the lease key is in use for another file; checked before anything is created. */
export async function requireFreeLease({ core, facts }: Creation): Promise<void> {
  const lease = facts.caching?.lease;
  if (lease && (await core.coordinator.cachings.hasLease(lease.client, lease.key))) {
    throw new StatusError(NtStatus.InvalidParameter);
  }
}

/** Initial values of an open. */
export interface Beginning {
  readonly id: number;
  readonly persistentId: PersistentId;
  readonly tree: Tree;
  readonly backend: Backend;
  readonly claim: Claim;
  /** Handles of the node and of its data. */
  readonly node: unknown;
  readonly data: unknown;
  readonly isDirectory: boolean;
  /** CreateOptions. */
  readonly options: number;
}

export function newOpen({
  id,
  persistentId,
  tree,
  backend,
  claim,
  node,
  data,
  isDirectory,
  options,
}: Beginning): DiskOpen {
  return {
    kind: 'disk',
    persistentId,
    durable: undefined,
    app: undefined,
    endReplays: undefined,
    answered: undefined,
    id,
    tree,
    grantedAccess: claim.access,
    closed: false,
    channelSequence: undefined,
    backend,
    node,
    handle: data,
    claim,
    isDirectory,
    options,
    position: 0,
    mode: options & MODE_OPTIONS,
    allocation: 0,
    written: false,
    times: undefined,
    enumeration: undefined,
    watch: undefined,
    guard: undefined,
    work: new Work(),
    mediumLocks: undefined,
    lockSequences: undefined,
  };
}

/** Creates the open and adds it to the session. */
function enterOpen({ core, tree, backend, facts, target }: Creation, handles: Handles, claim: Claim): DiskOpen {
  const open = newOpen({
    id: tree.session.nextOpenId(),
    persistentId: core.durables.nextId(),
    tree,
    backend,
    claim,
    node: handles.node,
    data: handles.data,
    isDirectory: handles.isDirectory && target.stream === '',
    options: facts.options,
  });
  tree.session.add(open);
  return open;
}

/**
 * Claims the open and adds it to the session. `waited`: others had to give way first, so what was known about the file
 * may be outdated. Leaves nothing behind if it throws.
 */
export async function claimAndEnter(
  creation: Creation,
  handles: Handles,
  granted: number,
): Promise<{ open: DiskOpen; waited: boolean }> {
  const { core, facts, tree, target } = creation;
  const isFile = !handles.isDirectory || target.stream !== '';
  const wanted = isFile || facts.caching?.directories === true ? facts.caching : undefined;
  const caching = wanted && new CachingOfOpen(core, wanted, !isFile);
  const claiming = claimOpen(creation, handles, granted, caching);
  const waited = claiming instanceof Promise;
  const claim = waited ? await tree.session.opening(claiming) : claiming;
  if (claim === undefined) throw new GoneMeanwhile();
  try {
    if (!(await isStillThere(creation, handles))) throw new GoneMeanwhile();
    const open = enterOpen(creation, handles, claim);
    if (caching) open.answered = () => caching.answered(open);
    lookOut(core, open);
    return { open, waited };
  } catch (error) {
    const { node, data: handle, isDirectory } = handles;
    await withdrawClaim(creation.core, { claim, backend: creation.backend, node, handle, isDirectory });
    throw error;
  }
}

/** Whether the name still leads to the node. Only checked if any name has changed its meaning since the look-up. */
async function isStillThere({ core, backend, facts, upheavals }: Creation, handles: Handles): Promise<boolean> {
  if ((await core.coordinator.opens.upheavals()) === upheavals) return true;
  try {
    const { handle, info } = await backend.open(handles.path, { ...NOTHING, ...linkOf(facts, backend) });
    await backend.close(handle);
    return info.id === handles.file;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/**
 * Runs the rest of a CREATE once others can see the open. Ending the session waits for it. On failure the open is
 * withdrawn; if the CREATE had `made` the file and nobody else has it open, that is removed, too.
 */
export async function complete<T>({ core }: Creation, open: DiskOpen, deed: Promise<T>, made = false): Promise<T> {
  try {
    return await open.work.hold(deed);
  } catch (error) {
    const { opens } = core.coordinator;
    if (made && !(await opens.hasOthers(open.claim))) {
      await opens.setDeleteOnClose(open.claim, true);
      await close(core, open);
    } else await withdraw(core, open);
    throw error;
  }
}

/** Awaits an operation, and closes the handle if it fails. */
export async function orClose<T>(backend: Backend, handle: unknown, deed: Promise<T>): Promise<T> {
  try {
    return await deed;
  } catch (error) {
    await backend.close(handle);
    throw error;
  }
}
