import { type Backend, isWritable, type NodeInfo } from '#fs/backend.js';
import { resolveAttributes } from '#wire/fscc/attributes.js';
import type { EntryFacts, FileFacts, NodeFacts } from '#wire/fscc/file-facts.js';
import type { FsFacts } from '#wire/fscc/fs-facts.js';
import { FileSystemAttributes } from '#wire/fscc/fs-info/attribute.js';
import { shortNameOf } from '#wire/fscc/short-name.js';
import { CreateOptions } from '#wire/smb2/command/create.js';
import type { ServerCore } from '../core.js';
import type { DiskOpen } from '../state/open.js';
import type { Tree } from '../state/tree.js';
import { baseName } from '../volume.js';
import { volumeObjectId } from './object-id.js';

/** FILE_DEVICE_DISK and FILE_DEVICE_IS_MOUNTED ([MS-FSCC] 2.5.10). */
const DEVICE_DISK = 7;
const DEVICE_IS_MOUNTED = 0x20;
const SECTOR = 512;
const MODE_OPTIONS =
  CreateOptions.WriteThrough |
  CreateOptions.SequentialOnly |
  CreateOptions.NoIntermediateBuffering |
  CreateOptions.SynchronousIoAlert |
  CreateOptions.SynchronousIoNonalert;

/** A node's facts as the information classes want them; `name` when its 8.3 name matters. */
export function nodeFacts(info: NodeInfo, name = ''): NodeFacts {
  const directory = info.kind === 'directory';
  return {
    id: info.id,
    size: directory ? 0 : info.size,
    allocationSize: directory ? 0 : info.allocationSize,
    attributes: resolveAttributes(info.attributes, directory),
    creationTime: info.creationTime,
    lastAccessTime: info.lastAccessTime,
    lastWriteTime: info.lastWriteTime,
    changeTime: info.changeTime,
    eaSize: info.eaSize ?? 0,
    reparseTag: 0,
    shortName: shortNameOf(name),
  };
}

export function entryFacts(name: string, info: NodeInfo): EntryFacts {
  return { ...nodeFacts(info, name), name };
}

/** All that is known of an open file now. */
export async function fileFacts(core: ServerCore, open: DiskOpen): Promise<FileFacts> {
  const info = await open.backend.stat(open.handle);
  const name = baseName(open.claim.path);
  const facts = nodeFacts(info, name);
  const deletePending = await core.coordinator.opens.isDeletePending(open.claim);
  return {
    ...facts,
    // A name that is an 8.3 name is its own alternate.
    shortName: facts.shortName || name,
    directory: open.isDirectory,
    links: deletePending ? Math.max(0, info.links - 1) : open.isDirectory ? 1 : info.links,
    deletePending,
    name: `\\${open.claim.path.replaceAll('/', '\\')}`,
    accessGranted: open.grantedAccess,
    mode: open.options & MODE_OPTIONS,
    position: open.position,
    alignment: 0,
    volumeSerial: BigInt(open.backend.volume.serial),
    streams: open.isDirectory ? [] : [{ name: '', size: facts.size, allocationSize: facts.allocationSize }],
    pipe: undefined,
  };
}

/** The volume behind a share. */
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
    attributes: volumeAttributes(share.backend) | (readOnly ? FileSystemAttributes.ReadOnlyVolume : 0),
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

/** What a volume can do ([MS-FSCC] 2.5.1): what its back end offers, and what is done above all of them. */
function volumeAttributes(backend: Backend): number {
  const is = FileSystemAttributes;
  const writable = isWritable(backend) ? backend : undefined;
  return (
    is.CasePreservedNames |
    is.UnicodeOnDisk |
    is.SupportsObjectIds |
    (backend.descriptors ? is.PersistentAcls : 0) |
    (backend.streams ? is.NamedStreams : 0) |
    (backend.eas ? is.SupportsExtendedAttributes : 0) |
    (backend.extents ? is.SupportsSparseFiles : 0) |
    (backend.links ? is.SupportsReparsePoints : 0) |
    (backend.pathOf ? is.SupportsOpenByFileId : 0) |
    (writable?.hardLink ? is.SupportsHardLinks : 0) |
    (writable?.copies?.clone ? is.SupportsBlockRefcounting : 0)
  );
}
