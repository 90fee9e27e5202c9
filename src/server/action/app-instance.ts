import { FileAccess, FileGeneric } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { Dialect } from '#wire/smb2/dialect.js';
import { decideAccess } from '../access/decide.js';
import type { ServerCore } from '../core.js';
import type { AppInstance } from '../state/app-instances.js';
import type { DiskOpen } from '../state/open.js';
import type { Tree } from '../state/tree.js';
import { close } from './close.js';
import type { CreateFacts } from './create/facts.js';
import { targetOf } from './create/target.js';
import { endDurable } from './durable.js';

/**
 * Ends opens of the same file by the same application instance on another client, so that it can continue here without
 * waiting for that client to time out ([MS-SMB2] 3.3.5.9.13). FileForcedClosed: the other client's instance is not
 * older.
 */
export async function takeOver(
  core: ServerCore,
  tree: Tree,
  facts: CreateFacts,
  app: AppInstance,
  dialect: number,
): Promise<void> {
  const others = core.apps.ofOthers(app);
  if (others.length === 0) return;
  tree.require('read');
  const { share } = tree;
  const { components, stream } = targetOf(facts, share);
  const { path, missing } = await share.resolve(share.backend, components);
  if (missing.length > 0) return;
  for (const open of others) {
    const same = open.claim.path === path && open.claim.stream.toLowerCase() === stream.toLowerCase();
    if (open.closed || !same || open.backend !== share.backend || !isOn(open, tree)) continue;
    if (dialect >= Dialect.Smb311 && isNewer(open.app?.version, app.version)) {
      throw new StatusError(NtStatus.FileForcedClosed);
    }
    if (!(await mayRead(core, tree, open))) continue;
    if (core.durables.has(open)) await endDurable(core, open);
    else await close(core, open);
  }
}

function isOn(open: DiskOpen, tree: Tree): boolean {
  return open.tree.name.toLowerCase() === tree.name.toLowerCase();
}

function isNewer(known: bigint | undefined, asked: bigint | undefined): boolean {
  return known !== undefined && asked !== undefined && known >= asked;
}

/** An open may only be ended by somebody who could at least read its file. */
async function mayRead(core: ServerCore, tree: Tree, open: DiskOpen): Promise<boolean> {
  const info = await open.backend.stat(open.handle);
  const node = { backend: open.backend, handle: open.node, info, path: open.claim.path };
  const { maximal } = await decideAccess(core, tree, node, { desired: FileAccess.MaximumAllowed, maximal: true });
  return (maximal & FileGeneric.Read) === FileGeneric.Read;
}
