import type { Claim } from '#coord/opens.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { RenameFlags } from '#wire/fscc/file-info/rename-ex.js';
import { CompletionFilter, FileAction } from '#wire/fscc/notify.js';
import type { ServerCore } from '../../core.js';
import { type DiskOpen, requireAccess, writable } from '../../state/open.js';
import type { Place } from '../../state/persistent-record.js';
import { Turns } from '../../state/turns.js';
import { parentPath } from '../../volume.js';
import { lookOut } from '../caching.js';
import { moving } from '../persistent.js';
import { leavePlace, makeWay, newPlace, type Replacing, requireSameState, requireUsableParent } from './new-place.js';
import { renameStream } from './stream-rename.js';

/** Serializes renames of one file and its streams, so that coordinator and medium end up with the same name. */
const turns = new Turns();

/** A new name as given by the client. */
export interface NewName {
  readonly fileName: string;
  /** Handle of the directory that the name is relative to; not supported in SMB2. */
  readonly rootDirectory: bigint;
}

/** [MS-FSA] 2.1.5.15.11 FileRenameInformation. */
export function setRename(core: ServerCore, open: DiskOpen, name: NewName, wanted: Replacing): Promise<void> {
  // [MS-SMB2] 3.3.5.21.1
  if (name.rootDirectory !== 0n) throw new StatusError(NtStatus.InvalidParameter);
  return rename(core, open, name.fileName, wanted);
}

/** Decodes the flags of FileRenameInformationEx; those about pinning and storage reserves have no effect here. */
export function replacingOf(flags: number): Replacing {
  const known = Object.values(RenameFlags).reduce((all, flag) => all | flag, 0);
  if ((flags & ~known) !== 0) throw new StatusError(NtStatus.InvalidParameter);
  return {
    replace: (flags & RenameFlags.ReplaceIfExists) !== 0,
    posix: (flags & RenameFlags.PosixSemantics) !== 0,
    ignoreReadonly: (flags & RenameFlags.IgnoreReadonlyAttribute) !== 0,
  };
}

/** Gives an open file, directory or stream a new name on the share. */
export async function rename(core: ServerCore, open: DiskOpen, name: string, wanted: Replacing): Promise<void> {
  requireAccess(open, FileAccess.Delete);
  open.tree.require('write');
  requireSameState(open);
  const { opens } = core.coordinator;
  await opens.prepareMove(open.claim, wanted.patience);
  if (open.closed) throw new StatusError(NtStatus.FileClosed);
  if (await opens.isDeletePending(open.claim)) throw new StatusError(NtStatus.AccessDenied);
  const { claim } = open;
  return turns.take(`${claim.volume} ${claim.file}`, () =>
    claim.stream === '' ? renameNode(core, open, name, wanted) : renameStream(core, open, name, wanted.replace),
  );
}

async function renameNode(core: ServerCore, open: DiskOpen, name: string, wanted: Replacing): Promise<void> {
  const { opens } = core.coordinator;
  const { path: from, volume } = open.claim;
  if (from === '') throw new StatusError(NtStatus.InvalidParameter);
  const { to, taken } = await newPlace(open, name);
  await requireUsableParent(core, open, to, wanted.patience);
  if (to === from) return;
  const replaced = taken ? await makeWay(core, open, to, wanted) : undefined;
  try {
    const place = ({ stream }: Claim): Place => ({ path: to, stream });
    await moving(core, open.claim, place, async () => {
      core.notifier.expect(open.backend, from, 'removed');
      core.notifier.expect(open.backend, to, 'added');
      await writable(open).rename(open.node, to, wanted.replace && taken);
      core.tunnel.remember(volume, from);
      await opens.moved(open.claim, to);
    });
  } finally {
    if (replaced) await leavePlace(core, open, replaced);
  }
  if (open.isDirectory) core.notifier.moved(open.backend, from, to);
  else lookOut(core, open);
  publishMove(core, open, from, to);
}

function publishMove(core: ServerCore, open: DiskOpen, from: string, to: string): void {
  const filter = open.isDirectory ? CompletionFilter.DirName : CompletionFilter.FileName;
  const stays = parentPath(from) === parentPath(to);
  const listing = open.claim;
  const halves = [
    { path: from, action: stays ? FileAction.RenamedOldName : FileAction.Removed, filter, listing },
    { path: to, action: stays ? FileAction.RenamedNewName : FileAction.Added, filter, listing },
  ];
  // Like Windows: those who do not watch names are told that a file, but not a directory, was modified.
  const changed = CompletionFilter.Attributes | CompletionFilter.Creation;
  const told = { path: to, action: FileAction.Modified, filter: changed, unless: filter };
  core.notifier.publishAll(open.backend, open.isDirectory ? halves : [...halves, told]);
}
