import { isWritable, type Opened, type WritableBackend } from '#fs/backend.js';
import type { Links } from '#fs/capabilities.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { ReparseData, ReparseTag, SymbolicLinkReparseData, SymlinkFlags } from '#wire/fscc/fsctl/reparse-data.js';
import { CompletionFilter, FileAction } from '#wire/fscc/notify.js';
import { CreateOptions } from '#wire/smb2/command/create.js';
import type { ServerCore } from '../core.js';
import { type DiskOpen, requireAccess } from '../state/open.js';
import { parentPath } from '../volume.js';

const NOTHING = { read: false, write: false };
const RANDOM_BYTES = 8;

/** The reparse data of a symlink that was opened itself ([MS-FSA] 2.1.5.10.16 FSCTL_GET_REPARSE_POINT). */
export async function reparsePoint(open: DiskOpen): Promise<ReparseData> {
  open.tree.require('read');
  const links = await requireLink(open);
  const target = await links.target(open.node);
  const data = new SymbolicLinkReparseData();
  data.substituteName = data.printName = target.replaceAll('/', '\\');
  data.flags = target.startsWith('/') ? 0 : SymlinkFlags.Relative;
  const answer = new ReparseData();
  answer.data = data;
  return answer;
}

/**
 * Turns the open file into a symlink ([MS-FSA] 2.1.5.10.38 FSCTL_SET_REPARSE_POINT): it must be an empty file or
 * directory, or a symlink, and not be open elsewhere. No other reparse tags are supported.
 */
export async function setReparsePoint(core: ServerCore, open: DiskOpen, point: ReparseData): Promise<void> {
  requireAccess(open, FileAccess.WriteData | FileAccess.WriteAttributes);
  open.tree.require('write');
  const { backend, links } = requireLinks(open);
  if (point.reparseTag === 0 || point.reparseTag === 1) throw new StatusError(NtStatus.IoReparseTagInvalid);
  if (point.reparseTag !== ReparseTag.Symlink || !(point.data instanceof SymbolicLinkReparseData)) {
    throw new StatusError(NtStatus.NotSupported);
  }
  const target = targetOf(open, point.data);
  await requireEmpty(open);
  await exchange(core, open, async (place) => {
    await links.make(place, target);
    return backend.open(place, { ...NOTHING, link: true });
  });
}

/** Turns a symlink into an empty file ([MS-FSA] 2.1.5.10.3 FSCTL_DELETE_REPARSE_POINT). */
export async function deleteReparsePoint(core: ServerCore, open: DiskOpen, tag: number): Promise<void> {
  requireAccess(open, FileAccess.WriteData | FileAccess.WriteAttributes);
  open.tree.require('write');
  const { backend } = requireLinks(open);
  await requireLink(open);
  if (tag !== ReparseTag.Symlink) throw new StatusError(NtStatus.IoReparseTagMismatch);
  await exchange(core, open, (place) => backend.create(place, 'file', 0));
}

function requireLinks(open: DiskOpen): { backend: WritableBackend<unknown>; links: Links<unknown> } {
  const { backend } = open;
  if (!isWritable(backend)) throw new StatusError(NtStatus.MediaWriteProtected);
  if (backend.links === undefined || open.claim.stream !== '') throw new StatusError(NtStatus.InvalidDeviceRequest);
  return { backend, links: backend.links };
}

async function requireLink(open: DiskOpen): Promise<Links<unknown>> {
  const { links } = open.backend;
  const { kind } = await open.backend.stat(open.node);
  if (links === undefined || kind !== 'symlink') throw new StatusError(NtStatus.NotAReparsePoint);
  return links;
}

// Any content would be lost: on the medium, a symlink stores nothing but its target.
async function requireEmpty(open: DiskOpen): Promise<void> {
  if (open.claim.path === '') throw new StatusError(NtStatus.AccessDenied);
  if (!open.isDirectory) {
    const { kind, size } = await open.backend.stat(open.node);
    if (kind === 'file' && size > 0) throw new StatusError(NtStatus.NotSupported, { hint: 'the file is not empty' });
    return;
  }
  for await (const batch of open.backend.list(open.node)) {
    if (batch.length > 0) throw new StatusError(NtStatus.DirectoryNotEmpty);
  }
}

/** The target as the medium stores it. It must stay within the share, since other programs follow it, too. */
function targetOf(open: DiskOpen, { substituteName, flags }: SymbolicLinkReparseData): string {
  const target = substituteName.replaceAll('\\', '/');
  if (target === '' || target.includes('\0')) throw new StatusError(NtStatus.IoReparseDataInvalid);
  if ((flags & SymlinkFlags.Relative) === 0 || target.startsWith('/')) {
    throw new StatusError(NtStatus.NotSupported, { hint: 'a symlink to an absolute path' });
  }
  let depth = parentPath(open.claim.path)
    .split('/')
    .filter((name) => name !== '').length;
  for (const name of target.split('/')) {
    if (name === '' || name === '.') continue;
    depth += name === '..' ? -1 : 1;
    if (depth < 0) throw new StatusError(NtStatus.AccessDenied, { hint: 'a symlink out of the share' });
  }
  return target;
}

/**
 * Replaces the open node. The new node is created beside it and then renamed over it, so that a failure leaves the old
 * one in place.
 */
async function exchange(
  core: ServerCore,
  open: DiskOpen,
  make: (place: string) => Opened<unknown> | Promise<Opened<unknown>>,
): Promise<void> {
  const { backend } = requireLinks(open);
  const { opens } = core.coordinator;
  if (await opens.hasOthers(open.claim)) throw new StatusError(NtStatus.SharingViolation);
  const { path, volume, share, owner, parentKey } = open.claim;
  const directory = parentPath(path);
  const name = `.reparse-${Buffer.from(core.random(RANDOM_BYTES)).toString('hex')}`;
  const place = directory === '' ? name : `${directory}/${name}`;
  for (const [at, what] of [
    [place, 'added'],
    [place, 'removed'],
    [path, 'removed'],
    [path, 'added'],
  ] as const) {
    core.notifier.expect(backend, at, what);
  }
  const made = await make(place);
  try {
    if (open.isDirectory) await backend.remove(open.node);
    await backend.rename(made.handle, path, true);
  } catch (error) {
    await backend.remove(made.handle);
    await backend.close(made.handle);
    throw error;
  }
  // The name leads to another node from now on.
  await opens.moved(open.claim, path);
  const claim = await opens.claim({
    volume,
    file: made.info.id,
    path,
    stream: '',
    access: open.grantedAccess,
    share,
    parentKey,
    deleteOnClose: (open.options & CreateOptions.DeleteOnClose) !== 0,
    overwrites: false,
    ...(owner !== undefined && { owner }),
  });
  await opens.removed(open.claim, await opens.withdraw(open.claim));
  const old = open.node;
  open.claim = claim;
  open.node = open.handle = made.handle;
  open.isDirectory = false;
  await backend.close(old);
  core.notifier.publish(backend, path, FileAction.Modified, CompletionFilter.Attributes, claim);
}
