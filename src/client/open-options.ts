import { randomUUID } from 'node:crypto';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { filetimeFromMs } from '#wire/dtyp/filetime.js';
import type { Guid } from '#wire/dtyp/guid.js';
import { UsageError } from '#wire/erref/errors.js';
import { isGmtToken, timeOfGmtToken } from '#wire/fscc/gmt-token.js';
import { CreateDisposition, CreateOptions, OplockLevel, ShareAccess } from '#wire/smb2/command/create.js';
import { CreateContextRequest } from '#wire/smb2/create-context/create-context-request.js';
import { CreateEaBuffer } from '#wire/smb2/create-context/ea-buffer.js';
import { CreateSdBuffer } from '#wire/smb2/create-context/sd-buffer.js';
import { CreateContextTag } from '#wire/smb2/create-context/tag.js';
import { bitsOf, named } from './arguments.js';
import { type CachingText, cachingState } from './caching.js';
import type { CallOptions } from './call-options.js';
import { type AccessControl, descriptorOf } from './operation/acl.js';
import { type AttributeValues, eaList } from './operation/extras.js';
import { packed } from './packing.js';
import type { LeaseRequest, OpenRequest } from './protocol.js';

/** How to open a file. */
export interface OpenOptions extends CallOptions {
  /** 'read' by default; or the bits of an access mask ([MS-SMB2] 2.2.13.1). */
  readonly access?: 'read' | 'write' | 'read-write' | number | undefined;
  /**
   * What to do if the file exists or not: 'never' (the default) opens an existing file, 'if-missing' creates the file
   * if necessary, 'exclusive' fails if it exists, 'truncate' empties or creates it.
   */
  readonly create?: 'never' | 'if-missing' | 'exclusive' | 'truncate' | undefined;
  /** What others may do with the file meanwhile; everything by default. */
  readonly share?: readonly ('read' | 'write' | 'delete')[] | undefined;
  /** Writes reach stable storage before they are acknowledged. */
  readonly writeThrough?: boolean | undefined;
  /** 'file' by default, which fails on a directory. */
  readonly kind?: 'file' | 'directory' | 'any' | undefined;
  /** Opens a symbolic link itself. */
  readonly noFollow?: boolean | undefined;
  /** Deletes the file when its last open is closed. */
  readonly deleteOnClose?: boolean | undefined;
  /** FILE_ATTRIBUTE_* bits for a file that is created. */
  readonly attributes?: number | undefined;
  /** Opens the file as of a snapshot: its date, or a token from `share.snapshots`. */
  readonly snapshot?: Date | string | undefined;
  /**
   * What to cache, as letters (`'rwh'`); or with a key, so that several opens of the file can share the lease. The
   * file's `caching` shows what was granted, and 'break' events when it is reduced. Servers before 2.1 have no leases.
   */
  readonly lease?:
    | CachingText
    | { readonly state: CachingText; readonly key?: Guid; readonly parentKey?: Guid }
    | undefined;
  /** The security descriptor of a file that is created: as objects, or as SDDL. */
  readonly acl?: AccessControl | string | undefined;
  /** Extended attributes of a file that is created. */
  readonly extendedAttributes?: AttributeValues | undefined;
  /** Like `lease`, but for this open only; supported in all dialects. */
  readonly oplock?: 'read' | 'exclusive' | 'batch' | undefined;
}

const READ = FileAccess.ReadData | FileAccess.ReadEa | FileAccess.ReadAttributes | FileAccess.ReadControl;
const WRITE = FileAccess.WriteData | FileAccess.AppendData | FileAccess.WriteEa | FileAccess.WriteAttributes;

const ACCESS: Readonly<Record<string, number>> = {
  read: READ | FileAccess.Synchronize,
  write: WRITE | FileAccess.ReadAttributes | FileAccess.Synchronize,
  'read-write': READ | WRITE | FileAccess.Synchronize,
};

const DISPOSITION: Readonly<Record<NonNullable<OpenOptions['create']>, number>> = {
  never: CreateDisposition.Open,
  'if-missing': CreateDisposition.OpenIf,
  exclusive: CreateDisposition.Create,
  truncate: CreateDisposition.OverwriteIf,
};

const SHARE = { read: ShareAccess.Read, write: ShareAccess.Write, delete: ShareAccess.Delete } as const;

const KIND = { file: CreateOptions.NonDirectoryFile, directory: CreateOptions.DirectoryFile, any: 0 } as const;

const OPLOCK = { read: OplockLevel.Ii, exclusive: OplockLevel.Exclusive, batch: OplockLevel.Batch } as const;

/** Translates the options into a CREATE request. */
export function openRequest(path: string, options: OpenOptions): OpenRequest {
  return {
    path,
    access: accessOf(options),
    disposition: named('way to create', DISPOSITION, options.create ?? 'never'),
    options: createOptions(options),
    ...(options.attributes === undefined ? {} : { attributes: bitsOf('attributes', options.attributes) }),
    ...(options.share ? { share: options.share.reduce((bits, name) => bits | named('sharing', SHARE, name), 0) } : {}),
    ...(options.snapshot === undefined ? {} : { snapshot: snapshotTime(options.snapshot) }),
    ...(options.lease === undefined ? {} : { lease: leaseRequest(options.lease) }),
    ...(options.acl === undefined && options.extendedAttributes === undefined ? {} : { contexts: contextsOf(options) }),
    ...(options.oplock === undefined ? {} : { oplock: named('oplock', OPLOCK, options.oplock) }),
  };
}

function contextsOf({ acl, extendedAttributes }: OpenOptions): CreateContextRequest[] {
  const contexts: CreateContextRequest[] = [];
  if (acl !== undefined) {
    const data = Object.assign(new CreateSdBuffer(), { securityDescriptor: packed(descriptorOf(acl)) });
    contexts.push(CreateContextRequest.of(CreateContextTag.SdBuffer, data));
  }
  if (extendedAttributes !== undefined) {
    const data = Object.assign(new CreateEaBuffer(), { eaBuffer: packed(eaList(extendedAttributes)) });
    contexts.push(CreateContextRequest.of(CreateContextTag.EaBuffer, data));
  }
  return contexts;
}

function accessOf({ access = 'read', deleteOnClose }: OpenOptions): number {
  const bits = typeof access === 'number' ? bitsOf('access', access) : named('access', ACCESS, access);
  return (bits | (deleteOnClose ? FileAccess.Delete : 0)) >>> 0;
}

function createOptions({ kind = 'file', writeThrough, noFollow, deleteOnClose }: OpenOptions): number {
  return (
    named('kind', KIND, kind) |
    (writeThrough ? CreateOptions.WriteThrough : 0) |
    (noFollow ? CreateOptions.OpenReparsePoint : 0) |
    (deleteOnClose ? CreateOptions.DeleteOnClose : 0)
  );
}

const GUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

function leaseRequest(lease: NonNullable<OpenOptions['lease']>): LeaseRequest {
  const wish = typeof lease === 'string' ? { state: lease } : lease;
  const { key = randomUUID(), parentKey } = wish as Exclude<typeof lease, string>;
  for (const guid of [key, parentKey]) {
    if (guid !== undefined && !GUID.test(guid)) throw new UsageError(`the key of a lease is a GUID, not '${guid}'`);
  }
  return { key, state: cachingState(wish.state), ...(parentKey === undefined ? {} : { parentKey }) };
}

/** A snapshot as the FILETIME that identifies it. */
function snapshotTime(snapshot: Date | string): bigint {
  if (snapshot instanceof Date) {
    if (Number.isNaN(snapshot.getTime())) throw new UsageError('the date of the snapshot is none');
    return filetimeFromMs(snapshot.getTime());
  }
  if (!isGmtToken(snapshot)) throw new UsageError(`no snapshot '${snapshot}': they look like @GMT-2026.11.23-10.50.36`);
  return filetimeFromMs(timeOfGmtToken(snapshot));
}
