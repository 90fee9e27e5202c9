import type { Eventually, Removal } from '#coord/opens.js';
import type { ReadableBackend } from '#fs/backend.js';
import { notes } from '#tap/events.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { CompletionFilter, FileAction } from '#wire/fscc/notify.js';
import type { ServerCore } from '../core.js';
import { type DiskOpen, type Open, writable } from '../state/open.js';
import type { Session } from '../state/session.js';
import type { Tree } from '../state/tree.js';
import { giveAllOnMedium, hasOnMedium } from './medium-locks.js';

/** Closes an open: its watch, its claim, and the file itself if that was to be deleted ([MS-SMB2] 3.3.5.10). */
export async function close(core: ServerCore, open: Open): Promise<void> {
  if (!leave(core, open)) return;
  await settle(core, open);
  await finish(core, open, core.coordinator.opens.release([open.claim]));
}

/** Makes the open unreachable. True if there is more to clean up. */
function leave(core: ServerCore, open: Open): open is DiskOpen {
  if (open.closed) return false;
  open.tree.session.forget(open);
  if (open.kind === 'pipe') {
    open.pipe.close();
    return false;
  }
  core.apps.delete(open);
  open.watch?.end(NtStatus.NotifyCleanup);
  return true;
}

/**
 * Once no operation is in progress, releases what the open holds on the medium. Never throws: the claim must be
 * released in any case.
 */
async function settle(core: ServerCore, open: DiskOpen): Promise<void> {
  await open.work.idle();
  if (open.times) await orNote(open, 'write time not set', () => core.times.closing(open));
  if (open.written) core.notifier.publish(open.backend, open.claim.path, FileAction.Modified, 0, open.claim);
  if (hasOnMedium(open)) await orNote(open, 'locks not given back', () => giveAllOnMedium(open));
}

// A failing medium must not keep the file open forever.
async function orNote(open: DiskOpen, what: string, deed: () => Eventually<void>): Promise<void> {
  try {
    await deed();
  } catch (error) {
    const details = { path: open.claim.path, reason: String(error) };
    notes.publish({ level: 'warn', what, connection: undefined, details });
  }
}

/** Completes the release of an open, whose removal is number `at` of the result, and closes its handles. */
async function finish(core: ServerCore, open: DiskOpen, released: Eventually<Removal[]>, at = 0): Promise<void> {
  try {
    const removal = (await released)[at];
    if (removal !== undefined && removal !== 'nothing') await remove(core, open, removal);
    if (core.persistents.size > 0) await forget(core, open);
  } finally {
    await closeHandles(open);
  }
}

/**
 * The open may have left a delete mark, which the records of the remaining opens must include. The open itself is not
 * to be restored.
 */
async function forget(core: ServerCore, open: DiskOpen): Promise<void> {
  await core.persistents.delete(open);
  await core.persistents.saveAll(open.claim);
}

/** Ends a persistent open at shutdown: its record stays, for the next run to restore it. */
export async function leaveRecord(core: ServerCore, open: DiskOpen): Promise<void> {
  if (open.closed) return;
  open.tree.session.forget(open);
  core.apps.delete(open);
  await open.work.idle();
  try {
    await core.persistents.delete(open, true);
    await core.coordinator.opens.withdraw(open.claim);
  } finally {
    await closeHandles(open);
  }
}

/** Ends an open whose CREATE failed late: leaves nothing behind and deletes nothing. */
export async function withdraw(core: ServerCore, open: DiskOpen): Promise<void> {
  if (open.closed) return;
  open.tree.session.forget(open);
  core.apps.delete(open);
  try {
    await withdrawClaim(core, open);
    if (core.persistents.size > 0) await core.persistents.delete(open);
  } finally {
    await closeHandles(open);
  }
}

/** The parts of an open needed to withdraw its claim. */
type Claimed = Pick<DiskOpen, 'claim' | 'backend' | 'node' | 'handle' | 'isDirectory'>;

/** Withdraws the claim of a failed open. If it turns out to be the last one of a delete-pending file, removes that. */
export async function withdrawClaim(core: ServerCore, claimed: Claimed): Promise<void> {
  const removal = await core.coordinator.opens.withdraw(claimed.claim);
  if (removal !== 'nothing') await remove(core, claimed, removal);
}

async function closeHandles({ backend, handle, node, enumeration, guard }: DiskOpen): Promise<void> {
  guard?.end();
  try {
    await enumeration?.close();
  } finally {
    try {
      if (handle !== node) await backend.close(handle);
    } finally {
      await backend.close(node);
    }
  }
}

async function remove(core: ServerCore, open: Claimed, removal: Removal): Promise<void> {
  const { claim } = open;
  try {
    if (removal === 'stream') await removeStream(core, open);
    else await removeFile(core, open);
  } catch (error) {
    // The directory may no longer be empty, or the name may be gone: the close succeeds anyway.
    if (!(error instanceof StatusError)) throw error;
    const details = { path: claim.path, status: error.statusName };
    notes.publish({ level: 'warn', what: 'delete on close failed', connection: undefined, details });
  } finally {
    await core.coordinator.opens.removed(claim, removal);
  }
}

async function removeFile(core: ServerCore, open: Claimed): Promise<void> {
  const { claim, backend } = open;
  core.notifier.expect(backend, claim.path, 'removed');
  await writable(open).remove(open.node);
  core.tunnel.remember(claim.volume, claim.path);
  const filter = open.isDirectory ? CompletionFilter.DirName : CompletionFilter.FileName;
  core.notifier.publish(backend, claim.path, FileAction.Removed, filter, claim);
}

async function removeStream(core: ServerCore, open: Claimed): Promise<void> {
  const { claim, backend } = open;
  core.notifier.expect(backend, claim.path, 'modified');
  await backend.streams?.remove(open.handle);
  const path = `${claim.path}:${claim.stream}`;
  core.notifier.publish(backend, path, FileAction.RemovedStream, CompletionFilter.StreamName);
}

/** Closes everything opened through a tree connect, and the tree connect itself. */
export async function closeTree(core: ServerCore, tree: Tree): Promise<void> {
  tree.session.disconnectTree(tree);
  await closeAll(core, [...tree.opens]);
}

/** Ends a session with everything it holds; `left`: opens already detached from it. */
export async function closeSession(core: ServerCore, session: Session, left: readonly Open[] = []): Promise<void> {
  const opens = [...left, ...session.opens.values()];
  for (const tree of [...session.trees.values()]) session.disconnectTree(tree);
  await closeAll(core, opens);
}

/**
 * Closes several opens. Those on one medium are released in one step, so that nobody who waits for one of them is
 * refused because of another. A hanging medium does not delay the others.
 */
export async function closeAll(core: ServerCore, opens: readonly Open[]): Promise<void> {
  const media = new Map<ReadableBackend<unknown>, DiskOpen[]>();
  for (const open of opens) {
    if (!leave(core, open)) continue;
    const same = media.get(open.backend);
    if (same) same.push(open);
    else media.set(open.backend, [open]);
  }
  await Promise.all([...media.values()].map((same) => closeTogether(core, same)));
}

async function closeTogether(core: ServerCore, opens: readonly DiskOpen[]): Promise<void> {
  await Promise.all(opens.map((open) => settle(core, open)));
  const released = core.coordinator.opens.release(opens.map(({ claim }) => claim));
  // A failure of one must not keep the others open.
  const outcomes = await Promise.allSettled(opens.map((open, at) => finish(core, open, released, at)));
  for (const outcome of outcomes) {
    if (outcome.status === 'fulfilled') continue;
    const details = { reason: String(outcome.reason) };
    notes.publish({ level: 'error', what: 'close failed', connection: undefined, details });
  }
}
