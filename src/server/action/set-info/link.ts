import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { CompletionFilter, FileAction } from '#wire/fscc/notify.js';
import type { ServerCore } from '../../core.js';
import { type DiskOpen, writable } from '../../state/open.js';
import { leavePlace, makeWay, newPlace, type Replacing, requireSameState, requireUsableParent } from './new-place.js';
import type { NewName } from './rename.js';

/** [MS-FSA] 2.1.5.15.6 FileLinkInformation: another name for an open file. */
export async function setLink(core: ServerCore, open: DiskOpen, name: NewName, wanted: Replacing): Promise<void> {
  open.tree.require('write');
  requireSameState(open);
  if (name.rootDirectory !== 0n) throw new StatusError(NtStatus.InvalidParameter);
  if (open.isDirectory) throw new StatusError(NtStatus.FileIsADirectory);
  const backend = writable(open);
  if (backend.hardLink === undefined || open.claim.stream !== '') throw new StatusError(NtStatus.NotSupported);
  if (await core.coordinator.opens.isDeletePending(open.claim)) throw new StatusError(NtStatus.AccessDenied);
  const { to, taken, own } = await newPlace(open, name.fileName);
  await requireUsableParent(core, open, to, wanted.patience);
  if (own) {
    if (!wanted.replace) throw new StatusError(NtStatus.ObjectNameCollision);
    return;
  }
  const replaced = taken ? await makeWay(core, open, to, wanted) : undefined;
  try {
    core.notifier.expect(backend, to, 'added');
    await backend.hardLink(open.node, to, wanted.replace && taken);
  } finally {
    if (replaced) await leavePlace(core, open, replaced);
  }
  core.notifier.publish(backend, to, FileAction.Added, CompletionFilter.FileName, open.claim);
}
