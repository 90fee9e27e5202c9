import { type Backend, isWritable } from '#fs/backend.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { CreateAction, CreateOptions } from '#wire/smb2/command/create.js';
import type { ServerCore } from '../core.js';
import { LARGEST_FILE } from '../limits.js';
import type { DiskOpen } from '../state/open.js';
import type { Tree } from '../state/tree.js';
import { baseName, volumeKey } from '../volume.js';
import { close } from './close.js';
import { checkRequest, dataAccess } from './create/check.js';
import { complete, GoneMeanwhile } from './create/claim.js';
import { openExisting } from './create/existing.js';
import { type Created, type CreateFacts, type Creation, creates, linkOf } from './create/facts.js';
import { locate } from './create/locate.js';
import { createNew, type Place } from './create/make.js';
import { checkEas } from './create/new-eas.js';
import { createForStream, openStreamOf } from './create/stream.js';
import { targetOf } from './create/target.js';
import { reserve } from './set-info/size.js';

export type { Created, CreateFacts } from './create/facts.js';

/** Retries, since another client may create or remove the name between our check and our operation. */
const ATTEMPTS = 5;
const NOTHING = { read: false, write: false };

/**
 * Opens or creates a file, directory or stream ([MS-SMB2] 3.3.5.9, [MS-FSA] 2.1.5.1), in phases: check the request and
 * parse its name, locate the node, decide about access, claim the open at the coordinator, and carry out the
 * disposition.
 */
export async function create(core: ServerCore, tree: Tree, facts: CreateFacts): Promise<Created> {
  checkRequest(facts);
  tree.require('read');
  const { share } = tree;
  const target = targetOf(facts, share);
  const backend = await backendOf(share.backend, facts.snapshot ?? target.snapshot);
  checkEas(facts, backend);
  // The share's root must not become delete-pending, as nobody could open it any more.
  const deletes = (facts.options & CreateOptions.DeleteOnClose) !== 0;
  if (target.components.length === 0 && target.stream === '' && deletes) throw new StatusError(NtStatus.CannotDelete);
  if (backend !== share.backend && deletes) throw new StatusError(NtStatus.MediaWriteProtected);
  for (let i = 0; i < ATTEMPTS; i++) {
    const upheavals = await core.coordinator.opens.upheavals();
    const creation: Creation = { core, tree, backend, facts, target, upheavals };
    const created = await attempt(creation).catch(toldGone);
    if (!created) continue;
    await requireTree(core, created.open);
    const { info, ...rest } = await reserveSpace(creation, created);
    return { ...rest, info: share.shown(baseName(created.open.claim.path), info) };
  }
  throw new StatusError(NtStatus.SharingViolation);
}

/**
 * The back end of the share, or of one of its snapshots ([MS-SMB2] 3.3.5.9.8). Snapshots are opened like the present
 * state, but changes fail with MediaWriteProtected.
 */
async function backendOf(backend: Backend, snapshot: string | undefined): Promise<Backend> {
  if (snapshot === undefined) return backend;
  const former = await backend.snapshots?.open(snapshot);
  if (former === undefined) throw new StatusError(NtStatus.ObjectNameNotFound);
  return former;
}

/** Undefined if somebody else was faster: try again. */
async function attempt(creation: Creation): Promise<Created | undefined> {
  const { tree, backend, facts, target } = creation;
  const { stream, components } = target;
  const right = isWritable(backend) ? tree.right : 'read';
  const access = stream === '' ? dataAccess(facts, right) : NOTHING;
  const located = await locate(tree.share, backend, components, { ...access, ...linkOf(facts, backend) });
  if (located === undefined) return undefined;
  if (located.opened !== undefined) {
    return stream === ''
      ? openExisting(creation, located.path, located.opened)
      : openStreamOf(creation, located.path, located.opened);
  }
  const place = placeOf(creation, located);
  return stream === '' ? createNew(creation, place) : createForStream(creation, place);
}

function toldGone(error: unknown): undefined {
  if (!(error instanceof GoneMeanwhile)) throw error;
}

// An existing file that is merely opened keeps its allocation ([MS-FSA] 2.1.5.1).
async function reserveSpace(creation: Creation, created: Created): Promise<Created> {
  const { allocationSize } = creation.facts;
  const { open, action } = created;
  if (!allocationSize || action === CreateAction.Opened || open.isDirectory) return created;
  const size = Math.min(allocationSize, LARGEST_FILE);
  const reserved = reserve(creation.core, open, size).then(() => open.backend.stat(open.handle));
  return { ...created, info: await complete(creation, open, reserved, action === CreateAction.Created) };
}

/** Where a new node will be created. */
function placeOf({ core, backend, facts }: Creation, { parent, name }: { parent: string; name: string }): Place {
  const given = creates(facts.disposition) ? core.tunnel.nameFor(volumeKey(backend), parent, name) : name;
  return { parent, path: parent === '' ? given : `${parent}/${given}` };
}

// If the client disconnected in the meantime, the open would be unreachable and never closed.
async function requireTree(core: ServerCore, open: DiskOpen): Promise<void> {
  if (!open.tree.closed) return;
  await close(core, open);
  throw new StatusError(NtStatus.NetworkNameDeleted);
}
