import type { NodeInfo, Opened } from '#fs/backend.js';
import { FileAccess, mapGenericAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { CreateAction, CreateDisposition, CreateOptions } from '#wire/smb2/command/create.js';
import { type Access, decideAccess } from '../../access/decide.js';
import type { DiskOpen } from '../../state/open.js';
import { claimAndEnter, complete, orClose } from './claim.js';
import { type Created, type Creation, overwrites, overwritingAccess, wishOf } from './facts.js';
import { requireEaKnowledge } from './new-eas.js';
import { isReadonly, overwriteAction, overwriteFile, writableOf } from './overwrite.js';

const WRITING = FileAccess.WriteData | FileAccess.AppendData;
/** Rights that MAXIMUM_ALLOWED does not include for a read-only file. */
const NOT_READONLY = WRITING | FileAccess.DeleteChild;

/** Opens an existing file or directory ([MS-FSA] 2.1.5.1.2); closes the handle on failure. */
export async function openExisting(creation: Creation, path: string, opened: Opened<unknown>): Promise<Created> {
  const { backend, facts } = creation;
  const { handle, info } = opened;
  const { open, waited, maximal } = await orClose(backend, handle, enter(creation, path, opened));
  const done = { open, maximalAccess: maximal };
  if (overwrites(facts.disposition)) {
    const now = await complete(creation, open, overwriteFile(creation, open, info));
    return { ...done, action: overwriteAction(facts.disposition), info: now };
  }
  // Those who had to give way may have written to the file.
  const now = waited ? await complete(creation, open, Promise.resolve(backend.stat(handle))) : info;
  return { ...done, action: CreateAction.Opened, info: now };
}

async function enter(
  creation: Creation,
  path: string,
  opened: Opened<unknown>,
): Promise<{ open: DiskOpen; waited: boolean; maximal: number }> {
  const { handle, info } = opened;
  checkKind(creation, info);
  const { granted, maximal } = await accessTo(creation, path, opened);
  const handles = { path, node: handle, data: handle, file: info.id, isDirectory: info.kind === 'directory' };
  return { ...(await claimAndEnter(creation, handles, granted)), maximal };
}

function checkKind({ facts, target }: Creation, info: NodeInfo): void {
  const directory = info.kind === 'directory';
  if (facts.disposition === CreateDisposition.Create) throw new StatusError(NtStatus.ObjectNameCollision);
  if (directory && target.kind === 'file') throw new StatusError(NtStatus.FileIsADirectory);
  if (!directory && target.kind === 'directory') throw new StatusError(NtStatus.NotADirectory);
  if (directory && overwrites(facts.disposition)) throw new StatusError(NtStatus.InvalidParameter);
}

/**
 * The access granted on an existing node ([MS-FSA] 2.1.5.1.2.1). Overwriting requires rights beyond those granted;
 * `more`: further rights required.
 */
export async function accessTo(
  creation: Creation,
  path: string,
  { handle, info }: Opened<unknown>,
  more = 0,
): Promise<Access> {
  const { core, tree, backend, facts } = creation;
  const { desiredAccess, disposition } = facts;
  const deletes = (facts.options & CreateOptions.DeleteOnClose) !== 0;
  if (overwrites(disposition)) {
    tree.require('write');
    writableOf(backend);
  }
  const asked = mapGenericAccess(desiredAccess);
  const readonly = isReadonly(info);
  if (readonly && (asked & WRITING) !== 0) throw new StatusError(NtStatus.AccessDenied);
  if (readonly && deletes && tree.share.options.deleteReadOnly !== true) throw new StatusError(NtStatus.CannotDelete);
  const needed = more | (overwrites(disposition) ? overwritingNeeds(disposition) : 0);
  const node = { backend, handle, info, path };
  const wish = wishOf(facts, (desiredAccess | needed) >>> 0);
  const { granted, maximal } = await decideAccess(core, tree, node, wish);
  await requireEaKnowledge(facts, backend, handle);
  if (readonly && overwrites(disposition)) throw new StatusError(NtStatus.AccessDenied);
  const maximum = (asked & FileAccess.MaximumAllowed) !== 0;
  const allowed = maximum ? (readonly ? ~NOT_READONLY : -1) : asked;
  const kept = (granted & allowed) >>> 0;
  if (deletes && (kept & FileAccess.Delete) === 0) throw new StatusError(NtStatus.AccessDenied);
  return { granted: kept, maximal };
}

function overwritingNeeds(disposition: number): number {
  return overwritingAccess(disposition) | FileAccess.WriteEa | FileAccess.WriteAttributes;
}
