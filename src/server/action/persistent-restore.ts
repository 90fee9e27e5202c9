import type { RangeLock } from '#coord/locks.js';
import type { Backend, OpenAccess, Opened } from '#fs/backend.js';
import { notes } from '#tap/events.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { ServerCore } from '../core.js';
import { LockSequences } from '../state/lock-sequences.js';
import type { DiskOpen } from '../state/open.js';
import { DamagedRecord, decodeRecord, type PersistentRecord } from '../state/persistent-record.js';
import { Session } from '../state/session.js';
import type { Share } from '../state/share.js';
import { Tree } from '../state/tree.js';
import { volumeKey } from '../volume.js';
import { type CachingFacts, CachingOfOpen } from './caching.js';
import { newOpen } from './create/claim.js';
import { keepAway } from './durable.js';
import { takeOnMedium } from './medium-locks.js';

/** How to notify clients of breaks. */
export interface Tellers {
  readonly oplock: CachingFacts['tell'];
  readonly lease: CachingFacts['tell'];
}

/** A restored open, with the state that can only be set once all of them exist. */
interface Restored {
  readonly open: DiskOpen;
  readonly record: PersistentRecord;
}

/**
 * Restores the persistent opens of an earlier run before anything else is opened: each gets back its share mode, oplock
 * or lease, locks and delete-on-close, and waits for its client. One that cannot be restored, since the file is gone or
 * replaced or the share is missing, is logged and dropped.
 */
export async function restorePersistent(core: ServerCore, tellers: Tellers): Promise<void> {
  const { store } = core.persistents;
  if (store === undefined) return;
  const restored: Restored[] = [];
  for (const [key, bytes] of await store.load((what) => noteLost(what, 'damaged'))) {
    try {
      const record = decodeRecord(bytes);
      restored.push({ open: await reopen(core, record, tellers), record });
    } catch (error) {
      if (!(error instanceof StatusError) && !(error instanceof DamagedRecord)) throw error;
      noteLost(key, error instanceof StatusError ? error.statusName : error.message);
      await store.delete(key);
    }
  }
  for (const { open, record } of restored) {
    if (record.deletePending) await core.coordinator.opens.setDeletePending(open.claim, true);
  }
  for (const { open } of restored) await keepAway(core, open);
}

function noteLost(record: string, reason: string): void {
  notes.publish({
    level: 'warn',
    what: 'persistent open lost',
    connection: undefined,
    details: { record, reason },
  });
}

async function reopen(core: ServerCore, record: PersistentRecord, tellers: Tellers): Promise<DiskOpen> {
  const share = core.shares.get(record.share);
  if (share?.options.continuouslyAvailable !== true) throw new StatusError(NtStatus.BadNetworkName);
  const { backend } = share;
  if (volumeKey(backend) !== record.volume) throw new StatusError(NtStatus.ObjectNameNotFound);
  const found = await find(share, record);
  try {
    return await enter(core, share, found, tellers);
  } catch (error) {
    if (found.data !== found.node) await backend.close(found.data);
    await backend.close(found.node);
    throw error;
  }
}

function accessOf({ access }: PersistentRecord): OpenAccess {
  return {
    read: (access & (FileAccess.ReadData | FileAccess.Execute)) !== 0,
    write: (access & (FileAccess.WriteData | FileAccess.AppendData)) !== 0,
  };
}

/** What was open, and where it is now. */
interface Found {
  readonly record: PersistentRecord;
  readonly path: string;
  readonly node: unknown;
  readonly data: unknown;
}

/** Finds the node: at its recorded path, at the target of a rename in progress, or where the back end finds it. */
async function find(share: Share, record: PersistentRecord): Promise<Found> {
  try {
    return await findAt(share, record);
  } catch (error) {
    const { next, ...rest } = record;
    if (next !== undefined) return find(share, { ...rest, ...next });
    const path = await share.backend.pathOf?.(record.file);
    if (path === undefined || path === record.path) throw error;
    return findAt(share, { ...record, path });
  }
}

async function findAt(share: Share, record: PersistentRecord): Promise<Found> {
  const { backend } = share;
  const { path } = record;
  const node = await openSame(backend, path, record);
  try {
    return { record, path, node: node.handle, data: await dataOf(share, node, record) };
  } catch (error) {
    await backend.close(node.handle);
    throw error;
  }
}

async function openSame(backend: Backend, path: string, record: PersistentRecord): Promise<Opened<unknown>> {
  const access = record.stream === '' ? accessOf(record) : { read: false, write: false };
  const node = await backend.open(path, access);
  const { id, creationTime, kind } = node.info;
  const same = id === record.file && creationTime === record.born && (kind === 'file' || record.stream !== '');
  if (same) return node;
  await backend.close(node.handle);
  throw new StatusError(NtStatus.ObjectNameNotFound);
}

async function dataOf(share: Share, node: Opened<unknown>, record: PersistentRecord): Promise<unknown> {
  if (record.stream === '') return node.handle;
  const stream = await share.streamsOf()?.open(node.handle, record.stream, accessOf(record));
  if (stream === undefined) throw new StatusError(NtStatus.ObjectNameNotFound);
  return stream.handle;
}

async function enter(core: ServerCore, share: Share, found: Found, tellers: Tellers): Promise<DiskOpen> {
  const { record, path, node, data } = found;
  const { backend } = share;
  const tree = formerTree(core, share, record.owner);
  const caching = cachingOf(core, record, tellers);
  const { opens } = core.coordinator;
  const claim = await opens.claim({
    volume: record.volume,
    file: record.file,
    path,
    stream: record.stream,
    access: record.access,
    share: record.shareAccess,
    deleteOnClose: record.deleteOnClose,
    overwrites: false,
    owner: tree.session.owner,
    caching,
  });
  const { id: persistentId, options } = record;
  const open = newOpen({ id: 0, persistentId, tree, backend, claim, node, data, isDirectory: false, options });
  if (!(await lockAgain(core, open, record.locks))) {
    await opens.withdraw(claim);
    throw new StatusError(NtStatus.LockNotGranted);
  }
  open.durable = {
    tenacity: 'persistent',
    owner: record.owner,
    client: record.client,
    createGuid: record.createGuid,
    timeoutMs: Math.min(record.timeoutMs, core.limits.longestDurableTimeMs),
    action: record.action,
  };
  if (record.lockSequences) open.lockSequences = new LockSequences(record.lockSequences);
  if (record.app) core.apps.add(open, { version: undefined, ...record.app });
  core.persistents.add(open);
  caching?.answered(open);
  return open;
}

/** Retakes the recorded locks. False if another program has locked any of the ranges on the medium in the meantime. */
async function lockAgain(core: ServerCore, open: DiskOpen, locks: readonly RangeLock[]): Promise<boolean> {
  if (locks.length === 0) return true;
  const outcome = await core.coordinator.locks.lock({ claim: open.claim, process: 0 }, locks);
  return outcome === 'granted' && (await takeOnMedium(open, locks));
}

function cachingOf(core: ServerCore, { caching }: PersistentRecord, tellers: Tellers): CachingOfOpen | undefined {
  if (caching === undefined) return undefined;
  const { state, lease } = caching;
  const tell = lease ? tellers.lease : tellers.oplock;
  return new CachingOfOpen(core, { wanted: state, lease, directories: false, tell }, false);
}

/** Stands in for the session and tree connect of the earlier run. */
function formerTree(core: ServerCore, share: Share, account: string): Tree {
  const identity = { account, domain: '', kind: 'user', sessionKey: new Uint8Array(), workstation: '' } as const;
  const tree = new Tree(0, new Session('of a former run', identity, core.limits), core.shares, share);
  tree.closed = true;
  return tree;
}
