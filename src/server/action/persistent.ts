import type { Claim } from '#coord/opens.js';
import { notes } from '#tap/events.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { ServerCore } from '../core.js';
import type { Durable } from '../state/durable-opens.js';
import { type DiskOpen, writable } from '../state/open.js';
import type { PersistentRecord, Place, RecordedCaching } from '../state/persistent-record.js';

/** Whether an open can be persistent: it must be a file on a continuously available share. */
export function canPersist(core: ServerCore, { tree, backend, isDirectory, claim }: DiskOpen): boolean {
  const { identity } = tree.session;
  return (
    tree.share.options.continuouslyAvailable === true &&
    backend === tree.share.backend &&
    identity.kind === 'user' &&
    !isDirectory &&
    claim.path !== '' &&
    core.persistents.hasRoom(identity.account.toLowerCase())
  );
}

/**
 * Makes an open persistent; its record has been stored when this resolves. False if that fails, with nothing changed.
 */
export async function makePersistent(core: ServerCore, open: DiskOpen, durable: Durable): Promise<boolean> {
  open.durable = durable;
  core.persistents.add(open);
  try {
    await core.persistents.save(open);
    return true;
  } catch (error) {
    noteFailure(open.claim, error);
    await core.persistents.delete(open).catch((failed) => noteFailure(open.claim, failed));
    open.durable = undefined;
    return false;
  }
}

/**
 * Flushes what a persistent open has written, so that it is there when the client returns even if the server crashes.
 */
export async function keepData(open: DiskOpen): Promise<void> {
  if (open.durable?.tenacity === 'persistent') await writable(open).flush(open.handle);
}

/** The current record of a persistent open. */
export async function describePersistent(core: ServerCore, open: DiskOpen): Promise<PersistentRecord> {
  const { claim, durable, app } = open;
  if (durable === undefined) throw new StatusError(NtStatus.InvalidHandle);
  const { id, creationTime } = await open.backend.stat(open.node);
  const locks = await core.coordinator.locks.held(claim);
  const deletePending = await core.coordinator.opens.isDeletePending(claim);
  // Read synchronously, as these values may change at any time.
  const caching = cachingOf(claim);
  const next = core.persistents.destinationOf(claim);
  return {
    id: open.persistentId,
    share: open.tree.name,
    volume: claim.volume,
    path: claim.path,
    stream: claim.stream,
    ...(next && { next }),
    file: id,
    born: creationTime,
    access: claim.access,
    shareAccess: claim.share,
    options: open.options,
    action: durable.action,
    deleteOnClose: claim.deleteOnClose,
    deletePending,
    owner: durable.owner,
    client: durable.client,
    createGuid: durable.createGuid,
    timeoutMs: durable.timeoutMs,
    locks,
    ...(caching && { caching }),
    ...(open.lockSequences && { lockSequences: open.lockSequences.list() }),
    ...(app && {
      app: { id: app.id, client: app.client, ...(app.version !== undefined && { version: app.version }) },
    }),
  };
}

function cachingOf({ holder }: Claim): RecordedCaching | undefined {
  if (holder === undefined) return undefined;
  const { kept, lease } = holder;
  if (lease === undefined) return { state: kept };
  const { client, key, version, epoch } = lease;
  return { state: kept, lease: { client, key, version, epoch } };
}

/** Called when what others cache of the file has changed; notifications to clients wait for `persistents.settled`. */
export function cachingChanged({ persistents }: ServerCore, claim: Claim): void {
  if (persistents.size > 0) persistents.saveLater(claim, (error) => noteFailure(claim, error));
}

/**
 * Renames a file for all who have it open, or a stream for its opens (`to`), so that a crash loses no persistent open.
 */
export function moving(
  { persistents }: ServerCore,
  claim: Claim,
  to: (claim: Claim) => Place | undefined,
  move: () => Promise<void>,
): Promise<void> {
  return persistents.moving(claim, to, move, (error) => noteFailure(claim, error));
}

function noteFailure({ path }: Claim, error: unknown): void {
  notes.publish({
    level: 'error',
    what: 'persistent open not recorded',
    connection: undefined,
    details: { path, reason: String(error) },
  });
}
