import { notes } from '#tap/events.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { type Guid, NIL_GUID } from '#wire/dtyp/guid.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { FileId } from '#wire/io/file-id.js';
import { CreateAction } from '#wire/smb2/command/create.js';
import { LeaseState } from '#wire/smb2/create-context/lease.js';
import { decideAccess } from '../access/decide.js';
import type { ServerCore } from '../core.js';
import type { Durable } from '../state/durable-opens.js';
import type { DiskOpen } from '../state/open.js';
import type { Session } from '../state/session.js';
import type { Tree } from '../state/tree.js';
import { baseName } from '../volume.js';
import { close, closeSession, leaveRecord } from './close.js';
import type { Created, CreateFacts } from './create/facts.js';
import { targetOf } from './create/target.js';
import { canPersist, makePersistent } from './persistent.js';

/** Default timeout of a resilient open, as on Windows. */
const RESILIENCY_MS = 120_000;

/** A durable handle requested by a CREATE. */
export interface DurableWish {
  readonly client: Guid;
  /** The nil GUID for version 1, which has none. */
  readonly createGuid: Guid;
  /** In milliseconds; 0 leaves it to the server. */
  readonly timeout: number;
  /** Asks for persistence, where possible. */
  readonly persistent: boolean;
}

/** A durable open that a CREATE wants to reconnect to. */
export interface Reconnection {
  readonly fileId: FileId;
  readonly client: Guid;
  /** Undefined for version 1, which does not check it. */
  readonly createGuid: Guid | undefined;
  readonly persistent: boolean;
  /** Key of the lease named in the CREATE. */
  readonly leaseKey: string | undefined;
}

/**
 * Makes an open durable if it caches the handle ([MS-SMB2] 3.3.5.9.6, 3.3.5.9.10). Not for guests: they could not prove
 * later that the open is theirs.
 */
export async function grantDurable(
  core: ServerCore,
  { open, action }: Pick<Created, 'open' | 'action'>,
  wish: DurableWish,
): Promise<void> {
  const { claim, tree, backend } = open;
  const { identity } = tree.session;
  const durable: Durable = {
    tenacity: 'durable',
    owner: ownerOf(tree),
    client: wish.client,
    createGuid: wish.createGuid,
    timeoutMs: timeOf(core, wish),
    action,
  };
  if (wish.persistent && canPersist(core, open)) {
    if (await makePersistent(core, open, { ...durable, tenacity: 'persistent' })) return;
  }
  const { holder } = claim;
  const keeps = holder !== undefined && !holder.breaking && (holder.state & LeaseState.HandleCaching) !== 0;
  if (!keeps || open.isDirectory || identity.kind !== 'user' || backend !== tree.share.backend) return;
  open.durable = durable;
}

// As on Windows; version 1 cannot name a timeout.
function timeOf({ limits }: ServerCore, { createGuid, timeout }: DurableWish): number {
  if (createGuid === NIL_GUID) return limits.firstDurableTimeMs;
  return Math.min(timeout === 0 ? limits.durableTimeMs : timeout, limits.longestDurableTimeMs);
}

/**
 * Makes an open resilient ([MS-SMB2] 3.3.5.15.9): it survives whatever others do while its client is away. Its
 * identification stays the same.
 */
export function requestResiliency(core: ServerCore, open: DiskOpen, client: Guid, timeoutMs: number): void {
  const { longestDurableTimeMs } = core.limits;
  const { tree, durable } = open;
  if (timeoutMs > longestDurableTimeMs) throw new StatusError(NtStatus.InvalidParameter);
  const provable = tree.session.identity.kind === 'user' && open.backend === tree.share.backend;
  if (!provable || open.isDirectory) throw new StatusError(NtStatus.NotSupported);
  // It survives already, and for longer.
  if (durable?.tenacity === 'persistent') return;
  open.durable = {
    tenacity: 'resilient',
    owner: ownerOf(tree),
    client,
    createGuid: durable?.createGuid ?? NIL_GUID,
    action: durable?.action ?? CreateAction.Opened,
    timeoutMs: timeoutMs === 0 ? Math.min(RESILIENCY_MS, longestDurableTimeMs) : timeoutMs,
  };
}

function ownerOf({ session }: Tree): string {
  return session.identity.account.toLowerCase();
}

/** A session's connection was lost ([MS-SMB2] 3.3.7.1): keeps durable opens for a while and closes the others. */
export async function loseSession(core: ServerCore, session: Session): Promise<void> {
  const opens = [...session.opens.values()].filter((open) => open.kind === 'disk');
  const left = await Promise.all(opens.map((open) => keep(core, open)));
  await closeSession(
    core,
    session,
    left.filter((open) => open !== undefined),
  );
}

/** Keeps an open that has left its session; returns it if it cannot be kept. */
async function keep(core: ServerCore, open: DiskOpen): Promise<DiskOpen | undefined> {
  const { durable } = open;
  if (durable === undefined) return undefined;
  const persistent = durable.tenacity === 'persistent';
  if (persistent && core.durables.closing) {
    await leaveRecord(core, open);
    return undefined;
  }
  if (!persistent && !core.durables.hasRoom(durable.owner)) return undefined;
  open.tree.session.detach(open);
  return (await stays(core, open, durable)) || !core.durables.take(open) ? undefined : open;
}

async function stays(core: ServerCore, open: DiskOpen, durable: Durable): Promise<boolean> {
  const over = core.clock.after(durable.timeoutMs, () => void endDurable(core, open));
  core.durables.add(open, durable, over);
  return core.coordinator.durables.disconnect(open.claim, durable.tenacity);
}

/** Keeps an open without a session until its client reconnects or its timeout expires. */
export async function keepAway(core: ServerCore, open: DiskOpen): Promise<void> {
  if (open.durable && !(await stays(core, open, open.durable))) await endDurable(core, open);
}

/** Closes a disconnected durable open: it timed out, or others need what it holds. Never throws. */
export async function endDurable(core: ServerCore, open: DiskOpen): Promise<void> {
  if (!core.durables.take(open)) return;
  try {
    await close(core, open);
  } catch (error) {
    const details = { path: open.claim.path, reason: String(error) };
    notes.publish({ level: 'error', what: 'close failed', connection: undefined, details });
  }
}

/** Closes all of them at shutdown. Persistent opens are restored by the next run. */
export async function endDurables(core: ServerCore): Promise<void> {
  const ends = core.durables.list().map((open) => {
    if (open.durable?.tenacity !== 'persistent') return endDurable(core, open);
    core.durables.take(open);
    return leaveRecord(core, open);
  });
  await Promise.all(ends);
}

/**
 * Reconnects a durable open ([MS-SMB2] 3.3.5.9.7, 3.3.5.9.12). From the CREATE, only what identifies the open matters.
 */
export async function reconnect(
  core: ServerCore,
  tree: Tree,
  reconnection: Reconnection,
  facts: CreateFacts,
): Promise<Created> {
  tree.require('read');
  const open = find(core, reconnection);
  if (!open?.durable || !isMeant(open, open.durable, reconnection, tree)) {
    throw new StatusError(NtStatus.ObjectNameNotFound);
  }
  if (open.durable.owner !== ownerOf(tree)) throw new StatusError(NtStatus.AccessDenied);
  if (open.claim.holder?.lease && !(await isNamed(core, open, tree, facts))) {
    throw new StatusError(NtStatus.InvalidParameter);
  }
  await giveBack(core, open, tree);
  // The open is still durable, but the response does not repeat it.
  return { ...(await describe(core, tree, open, facts)), untoldDurable: true };
}

/** The result of a CREATE that refers to an existing open. */
export async function describe(core: ServerCore, tree: Tree, open: DiskOpen, facts: CreateFacts): Promise<Created> {
  const info = await open.backend.stat(open.handle);
  const { path } = open.claim;
  const node = { backend: open.backend, handle: open.node, info, path };
  const wish = { desired: FileAccess.MaximumAllowed, maximal: facts.wantsMaximalAccess === true };
  const { maximal } = await decideAccess(core, tree, node, wish);
  return { open, action: CreateAction.Opened, info: tree.share.shown(baseName(path), info), maximalAccess: maximal };
}

/**
 * [MS-SMB2] 3.3.5.9.12: a persistent open is also found by CreateGuid, as the client may not have seen the response.
 */
function find(core: ServerCore, { fileId, client, createGuid, persistent }: Reconnection): DiskOpen | undefined {
  const known = core.durables.find(fileId);
  if (known || !persistent || createGuid === undefined) return known;
  const made = core.persistents.findByCreate(client, createGuid);
  return made && core.durables.has(made) ? made : undefined;
}

function isMeant(open: DiskOpen, durable: Durable, reconnection: Reconnection, tree: Tree): boolean {
  const { client, createGuid, leaseKey, persistent } = reconnection;
  if (persistent !== (durable.tenacity === 'persistent')) return false;
  const lease = open.claim.holder?.lease;
  if (createGuid !== undefined && createGuid !== durable.createGuid) return false;
  if (lease?.key !== leaseKey || (lease && durable.client !== client)) return false;
  return tree.name.toLowerCase() === open.tree.name.toLowerCase() && tree.share.backend === open.backend;
}

/** Whether the CREATE names the open's file; a file that is being deleted may have lost its name. */
async function isNamed(core: ServerCore, open: DiskOpen, tree: Tree, facts: CreateFacts): Promise<boolean> {
  if (await core.coordinator.opens.isDeletePending(open.claim)) return true;
  const { components, stream } = targetOf(facts, tree.share);
  const { path, missing } = await tree.share.resolve(open.backend, components);
  return missing.length === 0 && path === open.claim.path && stream.toLowerCase() === open.claim.stream.toLowerCase();
}

async function giveBack(core: ServerCore, open: DiskOpen, tree: Tree): Promise<void> {
  const id = tree.session.nextOpenId();
  if (tree.closed) throw new StatusError(NtStatus.NetworkNameDeleted);
  if (!core.durables.take(open)) throw new StatusError(NtStatus.ObjectNameNotFound);
  tree.session.adopt(open, tree, id);
  if (await core.coordinator.durables.reconnect(open.claim)) return;
  await close(core, open);
  throw new StatusError(NtStatus.ObjectNameNotFound);
}
