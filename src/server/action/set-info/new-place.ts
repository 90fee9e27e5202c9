import type { ClaimRequest } from '#coord/opens.js';
import type { Patience } from '#coord/patience.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileAttributes } from '#wire/fscc/attributes.js';
import { pathComponents } from '#wire/fscc/file-name.js';
import { ShareAccess } from '#wire/smb2/command/create.js';
import { decideAccess, requireAdding } from '../../access/decide.js';
import type { ServerCore } from '../../core.js';
import type { DiskOpen } from '../../state/open.js';
import { parentPath } from '../../volume.js';

/** Where a rename or a link leads. */
export interface NewPlace {
  /** In the back end's spelling. */
  readonly to: string;
  /** Something else stands there. */
  readonly taken: boolean;
  /** It is where the open is, in whatever case. */
  readonly own: boolean;
}

/** What a new name does to what has it already. */
export interface Replacing {
  readonly replace: boolean;
  /** It may be open, if whoever has it open lets it be deleted. */
  readonly posix?: boolean;
  readonly ignoreReadonly?: boolean;
  /** To wait for those who keep a file open just in case. */
  readonly patience?: Patience | undefined;
}

const NOTHING = { read: false, write: false };

/** NotSameDevice for a name in the present for something in a former state of the share. */
export function requireSameState(open: DiskOpen): void {
  if (open.backend !== open.tree.share.backend) throw new StatusError(NtStatus.NotSameDevice);
}

/** A name as clients give it, relative to the share's root. A change of case only is a new place, not a taken one. */
export async function newPlace(open: DiskOpen, name: string): Promise<NewPlace> {
  const components = pathComponents(name);
  const wanted = components.at(-1);
  if (wanted === undefined) throw new StatusError(NtStatus.ObjectNameInvalid);
  const { path, missing } = await open.tree.share.resolve(open.backend, components);
  if (missing.length > 1) throw new StatusError(NtStatus.ObjectPathNotFound);
  const directory = missing.length === 1 ? path : parentPath(path);
  const to = directory === '' ? wanted : `${directory}/${wanted}`;
  if (missing.length === 1) return { to, taken: false, own: false };
  const own = path === open.claim.path;
  return { to: own ? to : path, taken: !own, own };
}

/**
 * Adding a name is a use of the directory, as if it was opened for writing without letting others delete it: who has it
 * open otherwise stands in the way. Entering the books for an instant tells.
 */
export async function requireUsableParent(
  core: ServerCore,
  open: DiskOpen,
  to: string,
  patience: Patience | undefined,
): Promise<void> {
  const path = parentPath(to);
  await requireAdding(core, open.tree, open.backend, path, open.isDirectory);
  const { handle, info } = await open.backend.open(path, NOTHING);
  await open.backend.close(handle);
  if (info.kind !== 'directory') throw new StatusError(NtStatus.ObjectPathNotFound);
  const share = ShareAccess.Read | ShareAccess.Write;
  await enterBriefly(core, open, { path, file: info.id, access: FileAccess.WriteData, share }, patience);
}

/** What stands at the new place may go only if it is a closed file and the client said so ([MS-FSA] 2.1.5.15.11). */
export async function makeWay(core: ServerCore, open: DiskOpen, to: string, wanted: Replacing): Promise<void> {
  if (!wanted.replace) throw new StatusError(NtStatus.ObjectNameCollision);
  const { backend, tree } = open;
  const { handle, info } = await backend.open(to, NOTHING);
  try {
    await decideAccess(core, tree, { backend, handle, info, path: to }, { desired: FileAccess.Delete });
  } finally {
    await backend.close(handle);
  }
  const readonly = (info.attributes & FileAttributes.Readonly) !== 0 && wanted.ignoreReadonly !== true;
  if (info.kind === 'directory' || readonly) throw new StatusError(NtStatus.AccessDenied);
  const others = await isOpenOtherwise(core, open, { path: to, file: info.id }, wanted);
  if (others && !wanted.posix) throw new StatusError(NtStatus.AccessDenied);
}

async function isOpenOtherwise(
  core: ServerCore,
  open: DiskOpen,
  place: { readonly path: string; readonly file: bigint },
  { posix, patience }: Replacing,
): Promise<boolean> {
  try {
    return await enterBriefly(core, open, { ...place, access: FileAccess.Delete, share: posix ? 7 : 0 }, patience);
  } catch (error) {
    const inUse = error instanceof StatusError && error.status === NtStatus.SharingViolation;
    throw inUse ? new StatusError(NtStatus.AccessDenied) : error;
  }
}

/** Whether others have a file open; throws if they would not let us open it so. */
async function enterBriefly(
  { coordinator }: ServerCore,
  open: DiskOpen,
  use: Pick<ClaimRequest, 'path' | 'file' | 'access' | 'share'>,
  patience?: Patience,
): Promise<boolean> {
  const { volume } = open.claim;
  const request = { ...use, volume, stream: '', deleteOnClose: false, overwrites: false };
  const claim = await coordinator.opens.claim(request, patience);
  // Gone while it waited: nobody has it open.
  if (claim === undefined) return false;
  const others = await coordinator.opens.hasOthers(claim);
  await coordinator.opens.withdraw(claim);
  return others;
}
