import type { Patience } from '#coord/patience.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileAttributes } from '#wire/fscc/attributes.js';
import { DispositionFlags } from '#wire/fscc/file-info/disposition-ex.js';
import { CreateOptions } from '#wire/smb2/command/create.js';
import type { ServerCore } from '../../core.js';
import { type DiskOpen, requireAccess, writable } from '../../state/open.js';

interface Wanted {
  /** Deletes read-only files, too. */
  readonly ignoreReadonly?: boolean;
  /** Removes the name when this handle is closed, whoever else has the file open. */
  readonly posix?: boolean;
  /** Allows waiting for others to give up handle caching. */
  readonly patience?: Patience | undefined;
}

/** Marks the file for deletion on last close, or clears the mark ([MS-FSA] 2.1.5.15.3). */
export async function setDisposition(
  core: ServerCore,
  open: DiskOpen,
  pending: boolean,
  wanted: Wanted = {},
): Promise<void> {
  requireAccess(open, FileAccess.Delete);
  open.tree.require('write');
  writable(open);
  if (pending) await requireDeletable(open, wanted.ignoreReadonly === true);
  const { posix = false, patience } = wanted;
  await core.coordinator.opens.setDeletePending(open.claim, pending, { posix, patience });
}

/** [MS-FSCC] 2.4.12 FileDispositionInformationEx. */
export async function setDispositionEx(
  core: ServerCore,
  open: DiskOpen,
  flags: number,
  patience?: Patience,
): Promise<void> {
  const known = Object.values(DispositionFlags).reduce((all, flag) => all | flag, 0);
  if ((flags & ~known) !== 0) throw new StatusError(NtStatus.InvalidParameter);
  const has = (flag: number): boolean => (flags & flag) !== 0;
  const pending = has(DispositionFlags.Delete);
  if (!has(DispositionFlags.OnClose)) {
    const wanted = {
      ignoreReadonly: has(DispositionFlags.IgnoreReadonlyAttribute),
      posix: has(DispositionFlags.PosixSemantics),
      patience,
    };
    return setDisposition(core, open, pending, wanted);
  }
  requireAccess(open, FileAccess.Delete);
  open.tree.require('write');
  // Only an open with FILE_DELETE_ON_CLOSE can change its delete-on-close state.
  if ((open.options & CreateOptions.DeleteOnClose) === 0) throw new StatusError(NtStatus.NotSupported);
  await core.coordinator.opens.setDeleteOnClose(open.claim, pending);
}

/** CannotDelete or DirectoryNotEmpty if it cannot be deleted. */
async function requireDeletable(open: DiskOpen, ignoreReadonly: boolean): Promise<void> {
  if (open.claim.path === '' && open.claim.stream === '') throw new StatusError(NtStatus.CannotDelete);
  const { attributes } = await open.backend.stat(open.node);
  const readonly = (attributes & FileAttributes.Readonly) !== 0;
  if (readonly && !ignoreReadonly && open.tree.share.options.deleteReadOnly !== true) {
    throw new StatusError(NtStatus.CannotDelete);
  }
  if (open.isDirectory) await requireEmpty(open);
}

async function requireEmpty(open: DiskOpen): Promise<void> {
  for await (const batch of open.backend.list(open.node)) {
    if (batch.length > 0) throw new StatusError(NtStatus.DirectoryNotEmpty);
  }
}
