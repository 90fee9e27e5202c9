import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { CreateOptions } from '#wire/smb2/command/create.js';
import type { ServerCore } from '../core.js';
import type { DiskOpen } from '../state/open.js';
import type { Tree } from '../state/tree.js';
import { close } from './close.js';
import { checkRequest, dataAccess } from './create/check.js';
import { openExisting } from './create/existing.js';
import type { Created, CreateFacts, Creation } from './create/facts.js';
import { locate } from './create/locate.js';
import { createNew } from './create/make.js';
import { createForStream, openStreamOf } from './create/stream.js';
import { targetOf } from './create/target.js';

export type { Created, CreateFacts } from './create/facts.js';

/** Another client may create or remove the name between our look and our deed. */
const ATTEMPTS = 5;
const NOTHING = { read: false, write: false };

/**
 * Opens or creates a file, directory or stream ([MS-SMB2] 3.3.5.9, [MS-FSA] 2.1.5.1), in phases: what is asked for is
 * checked and its name read, the node is found, access to it is decided, the open is claimed at the coordinator, and
 * what the disposition says is done.
 */
export async function create(core: ServerCore, tree: Tree, facts: CreateFacts): Promise<Created> {
  checkRequest(facts);
  tree.require('read');
  const { backend } = tree.share;
  const target = targetOf(facts, backend);
  // Nobody could open the share's root any more while others still have it open.
  const deletes = (facts.options & CreateOptions.DeleteOnClose) !== 0;
  if (target.components.length === 0 && target.stream === '' && deletes) throw new StatusError(NtStatus.CannotDelete);
  const creation: Creation = { core, tree, backend, facts, target };
  for (let i = 0; i < ATTEMPTS; i++) {
    const created = await attempt(creation);
    if (!created) continue;
    await requireTree(core, created.open);
    return created;
  }
  throw new StatusError(NtStatus.SharingViolation);
}

/** Undefined when somebody else was faster and it has to be tried again. */
async function attempt(creation: Creation): Promise<Created | undefined> {
  const { tree, backend, facts, target } = creation;
  const { stream, components } = target;
  const located = await locate(backend, components, stream === '' ? dataAccess(facts, tree.right) : NOTHING);
  if (located === undefined) return undefined;
  if (located.opened !== undefined) {
    return stream === ''
      ? openExisting(creation, located.path, located.opened)
      : openStreamOf(creation, located.path, located.opened);
  }
  return stream === '' ? createNew(creation, located) : createForStream(creation, located);
}

// Whoever disconnected meanwhile must not leave an open behind that nobody can reach any more.
async function requireTree(core: ServerCore, open: DiskOpen): Promise<void> {
  if (!open.tree.closed) return;
  await close(core, open);
  throw new StatusError(NtStatus.NetworkNameDeleted);
}
