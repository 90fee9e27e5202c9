import { isWritable, type NodeInfo } from '#fs/backend.js';
import { FileAttributes, resolveAttributes } from '#wire/fscc/attributes.js';
import type { EntryFacts, FileFacts, NodeFacts, StreamFacts } from '#wire/fscc/file-facts.js';
import type { FsFacts } from '#wire/fscc/fs-facts.js';
import { FileSystemAttributes } from '#wire/fscc/fs-info/attribute.js';
import { ReparseTag } from '#wire/fscc/fsctl/reparse-data.js';
import { shortNameOf } from '#wire/fscc/short-name.js';
import { upcase } from '#wire/fscc/upcase.js';
import { CreateOptions } from '#wire/smb2/command/create.js';
import type { ServerCore } from '../core.js';
import type { DiskOpen } from '../state/open.js';
import type { Share } from '../state/share.js';
import type { Tree } from '../state/tree.js';
import { baseName } from '../volume.js';
import { volumeObjectId } from './object-id.js';

/** FILE_DEVICE_DISK and FILE_DEVICE_IS_MOUNTED ([MS-FSCC] 2.5.10). */
const DEVICE_DISK = 7;
const DEVICE_IS_MOUNTED = 0x20;
const SECTOR = 512;
/** Unit of allocation sizes, in bytes. */
const CLUSTER = 4096;
export const MODE_OPTIONS: number =
  CreateOptions.WriteThrough |
  CreateOptions.SequentialOnly |
  CreateOptions.NoIntermediateBuffering |
  CreateOptions.SynchronousIoAlert |
  CreateOptions.SynchronousIoNonalert;

/** Facts about a node for information classes; `name` if its 8.3 name is needed. `stream`: the facts of a stream. */
export function nodeFacts(info: NodeInfo, name = '', stream = false): NodeFacts {
  const directory = info.kind === 'directory';
  const link = info.kind === 'symlink';
  const sized = stream || !directory;
  return {
    id: info.id,
    size: sized ? info.size : 0,
    allocationSize: sized ? info.allocationSize : 0,
    attributes: resolveAttributes(link ? info.attributes | FileAttributes.ReparsePoint : info.attributes, directory),
    creationTime: info.creationTime,
    lastAccessTime: info.lastAccessTime,
    lastWriteTime: info.lastWriteTime,
    changeTime: info.changeTime,
    eaSize: info.eaSize ?? 0,
    reparseTag: link ? ReparseTag.Symlink : 0,
    shortName: shortNameOf(name),
  };
}

export function entryFacts(name: string, info: NodeInfo): EntryFacts {
  return { ...nodeFacts(info, name), name };
}

/** Everything known about an open file; `streams` only on demand, since listing them takes extra work. */
export async function fileFacts(core: ServerCore, open: DiskOpen, streams = false): Promise<FileFacts> {
  const name = baseName(open.claim.path);
  const info = open.tree.share.shown(name, await open.backend.stat(open.handle));
  const facts = nodeFacts(info, name, open.claim.stream !== '');
  const deletePending = await core.coordinator.opens.isDeletePending(open.claim);
  const allStreams = streams ? await streamsOf(open) : [];
  return {
    ...facts,
    // A name that is a valid 8.3 name is its own short name.
    shortName: facts.shortName || name,
    allocationSize: allocationOf(open, facts.allocationSize),
    directory: open.isDirectory,
    links: deletePending ? Math.max(0, info.links - 1) : open.isDirectory ? 1 : info.links,
    deletePending,
    name: nameOf(open, allStreams),
    accessGranted: open.grantedAccess,
    mode: open.mode,
    position: open.position,
    alignment: 0,
    volumeSerial: BigInt(open.backend.volume.serial),
    streams: allStreams,
    pipe: undefined,
  };
}

/**
 * Allocation size as this handle reports it: includes the size requested by the client, rounded up to whole clusters.
 */
export function allocationOf(open: DiskOpen, allocationSize: number): number {
  return Math.max(allocationSize, Math.ceil(open.allocation / CLUSTER) * CLUSTER);
}

/** Path from the share's root; a stream's name as stored, if known. */
function nameOf(open: DiskOpen, streams: readonly StreamFacts[]): string {
  const path = `\\${open.claim.path.replaceAll('/', '\\')}`;
  if (open.claim.stream === '') return path;
  const key = upcase(open.claim.stream);
  return `${path}:${streams.find(({ name }) => upcase(name) === key)?.name ?? open.claim.stream}`;
}

async function streamsOf(open: DiskOpen): Promise<StreamFacts[]> {
  const { backend, node } = open;
  const named = (await open.tree.share.streamsOf(open.backend)?.list(node)) ?? [];
  const { kind, size, allocationSize } = await backend.stat(node);
  return kind === 'directory' ? [...named] : [{ name: '', size, allocationSize }, ...named];
}

/** Facts about the volume behind a share. */
export async function fsFacts(tree: Tree): Promise<FsFacts> {
  const { share } = tree;
  const { volume } = share.backend;
  const space = await share.backend.space?.();
  const readOnly = share.options.readOnly === true;
  return {
    label: volume.label || share.name,
    serial: volume.serial,
    creationTime: volume.creationTime,
    fileSystem: volume.fileSystem,
    maxNameLength: volume.maxNameLength,
    attributes: volumeAttributes(share) | (readOnly ? FileSystemAttributes.ReadOnlyVolume : 0),
    deviceType: DEVICE_DISK,
    characteristics: DEVICE_IS_MOUNTED,
    total: space?.total ?? 0,
    free: space?.free ?? 0,
    available: space?.free ?? 0,
    unit: space?.unit ?? 4096,
    sectorSize: SECTOR,
    trim: share.backend.extents !== undefined,
    objectId: volumeObjectId(volume),
  };
}

/** The volume's capabilities ([MS-FSCC] 2.5.1): those of the back end, and those this server adds. */
function volumeAttributes(share: Share): number {
  const is = FileSystemAttributes;
  const { backend } = share;
  const writable = isWritable(backend) ? backend : undefined;
  return (
    is.CasePreservedNames |
    is.UnicodeOnDisk |
    is.SupportsObjectIds |
    (backend.volume.caseSensitive ? is.CaseSensitiveSearch : 0) |
    (writable ? is.SupportsPosixUnlinkRename : 0) |
    (backend.descriptors ? is.PersistentAcls : 0) |
    (share.streamsOf() ? is.NamedStreams : 0) |
    (backend.eas ? is.SupportsExtendedAttributes : 0) |
    (backend.extents ? is.SupportsSparseFiles : 0) |
    (backend.links ? is.SupportsReparsePoints : 0) |
    (writable?.hardLink ? is.SupportsHardLinks : 0) |
    (writable?.copies?.clone ? is.SupportsBlockRefcounting : 0)
  );
}
