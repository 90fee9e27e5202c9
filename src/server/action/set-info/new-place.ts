import type { Claim, ClaimRequest } from '#coord/opens.js';
import type { Patience } from '#coord/patience.js';
import type { Opened } from '#fs/backend.js';
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
import { withdrawClaim } from '../close.js';
import { isMissing } from '../create/locate.js';

/** The target of a rename or link. */
export interface NewPlace {
  /** Path in the back end's spelling. */
  readonly to: string;
  /** Another node exists there. */
  readonly taken: boolean;
  /** It is the open's own path, apart from case. */
  readonly own: boolean;
}

/** Whether and how an existing node may be replaced. */
export interface Replacing {
  readonly replace: boolean;
  /** It may be open, if its opens share delete access. */
  readonly posix?: boolean;
  readonly ignoreReadonly?: boolean;
  /** Allows waiting for others to give up handle caching. */
  readonly patience?: Patience | undefined;
}

/** Retries, since another client may put another file there between our check and our claim. */
const ATTEMPTS = 5;
const NOTHING = { read: false, write: false };

/** NotSameDevice for renaming or linking something in a snapshot. */
export function requireSameState(open: DiskOpen): void {
  if (open.backend !== open.tree.share.backend) throw new StatusError(NtStatus.NotSameDevice);
}

/** Resolves a client's new name, relative to the share's root. A name that differs only in case counts as free. */
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
 * Adding a name counts as opening the directory for writing without sharing delete access, so it fails if other opens
 * conflict with that. A short-lived claim checks it.
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
  const claim = await enter(core, open, { path, file: info.id, access: FileAccess.WriteData, share }, patience);
  if (claim) await core.coordinator.opens.withdraw(claim);
}

/**
 * An existing node may only be replaced if the client asked for it and it is a file that nobody has open
 * ([MS-FSA] 2.1.5.15.11). The returned claim keeps others from opening it until `leavePlace`; undefined: it has gone by
 * itself.
 */
export async function makeWay(
  core: ServerCore,
  open: DiskOpen,
  to: string,
  wanted: Replacing,
): Promise<Claim | undefined> {
  if (!wanted.replace) throw new StatusError(NtStatus.ObjectNameCollision);
  const { opens } = core.coordinator;
  for (let i = 0; i < ATTEMPTS; i++) {
    const upheavals = await opens.upheavals();
    const file = await replaceable(core, open, to, wanted);
    const claim = file === undefined ? undefined : await claimTarget(core, open, { path: to, file }, wanted);
    if ((await opens.upheavals()) === upheavals) return claim;
    // It may be another file by now.
    if (claim) await leavePlace(core, open, claim);
  }
  throw new StatusError(NtStatus.AccessDenied);
}

/** Number of the file to be replaced; undefined if it no longer exists. */
async function replaceable(
  core: ServerCore,
  open: DiskOpen,
  path: string,
  wanted: Replacing,
): Promise<bigint | undefined> {
  const { backend, tree } = open;
  const opened = await openIfThere(backend, path);
  if (opened === undefined) return undefined;
  const { handle, info } = opened;
  try {
    await decideAccess(core, tree, { backend, handle, info, path }, { desired: FileAccess.Delete });
  } finally {
    await backend.close(handle);
  }
  const readonly = (info.attributes & FileAttributes.Readonly) !== 0 && wanted.ignoreReadonly !== true;
  if (info.kind === 'directory' || readonly) throw new StatusError(NtStatus.AccessDenied);
  return info.id;
}

/** Releases the claim on the target. If that is marked for deletion and still exists, it is removed now. */
export async function leavePlace(core: ServerCore, { backend }: DiskOpen, claim: Claim): Promise<void> {
  const { opens } = core.coordinator;
  if (!(await opens.isDeletePending(claim))) return void (await opens.withdraw(claim));
  const there = await openIfThere(backend, claim.path);
  try {
    const node = there?.info.id === claim.file ? there.handle : undefined;
    if (node !== undefined) await withdrawClaim(core, { claim, backend, node, handle: node, isDirectory: false });
    else await opens.removed(claim, await opens.withdraw(claim));
  } finally {
    if (there) await backend.close(there.handle);
  }
}

async function openIfThere(backend: DiskOpen['backend'], path: string): Promise<Opened<unknown> | undefined> {
  try {
    return await backend.open(path, NOTHING);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function claimTarget(
  core: ServerCore,
  open: DiskOpen,
  place: { readonly path: string; readonly file: bigint },
  { posix, patience }: Replacing,
): Promise<Claim | undefined> {
  const { opens } = core.coordinator;
  const denied = new StatusError(NtStatus.AccessDenied);
  try {
    const claim = await enter(core, open, { ...place, access: FileAccess.Delete, share: posix ? 7 : 0 }, patience);
    if (claim === undefined || posix || !(await opens.hasOthers(claim))) return claim;
    await leavePlace(core, open, claim);
  } catch (error) {
    const inUse = error instanceof StatusError && error.status === NtStatus.SharingViolation;
    throw inUse ? denied : error;
  }
  throw denied;
}

/** Claims a file as if opened; throws on a conflict. Undefined if it has gone in the meantime. */
async function enter(
  { coordinator }: ServerCore,
  open: DiskOpen,
  use: Pick<ClaimRequest, 'path' | 'file' | 'access' | 'share'>,
  patience?: Patience,
): Promise<Claim | undefined> {
  const { volume } = open.claim;
  return coordinator.opens.claim({ ...use, volume, stream: '', deleteOnClose: false, overwrites: false }, patience);
}
