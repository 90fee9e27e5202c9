import { type Guid, NIL_GUID } from '../../dtyp/guid.js';
import type { Layout } from '../../io/layout.js';
import { type NameTable, namesOf } from '../../io/names.js';
import { AndXBlock, data, noData, words } from '../block.js';

/** [MS-CIFS] 2.2.4.64.1, [MS-SMB] 2.2.4.9.1 Flags. */
export const NtCreateFlags = {
  RequestOplock: 0x02,
  RequestOpbatch: 0x04,
  OpenTargetDir: 0x08,
  RequestExtendedResponse: 0x10,
} as const;

const FLAG_NAMES: NameTable = namesOf(NtCreateFlags, 'NT_CREATE_');

/** [MS-CIFS] 2.2.4.64.1 CreateDisposition. */
export const CreateDisposition = { Supersede: 0, Open: 1, Create: 2, OpenIf: 3, Overwrite: 4, OverwriteIf: 5 } as const;

export const CREATE_DISPOSITION_NAMES: NameTable = namesOf(CreateDisposition, 'FILE_');

/** [MS-CIFS] 2.2.4.64.2: the action taken. */
export const CreateAction = {
  Superseded: 0,
  Opened: 1,
  Created: 2,
  Overwritten: 3,
  Exists: 4,
  DoesNotExist: 5,
} as const;

export const CREATE_ACTION_NAMES: NameTable = namesOf(CreateAction, 'FILE_');

/** [MS-CIFS] 2.2.4.64.2 OpLockLevel. */
export const OplockLevel = { None: 0, Exclusive: 1, Batch: 2, LevelII: 3 } as const;

export const OPLOCK_LEVEL_NAMES: NameTable = { 0: 'NONE', 1: 'EXCLUSIVE', 2: 'BATCH', 3: 'LEVEL_II' };

/** [MS-CIFS] 2.2.4.64.2 ResourceType. */
export const ResourceType = { Disk: 0, ByteModePipe: 1, MessageModePipe: 2, Printer: 3, CommDevice: 4 } as const;

export const RESOURCE_TYPE_NAMES: NameTable = namesOf(ResourceType, 'FILE_TYPE_');

/** [MS-CIFS] 2.2.4.64.1 SMB_COM_NT_CREATE_ANDX Request. */
export class NtCreateAndXRequest extends AndXBlock {
  flags = 0;
  rootDirectoryFid = 0;
  desiredAccess = 0;
  allocationSize = 0;
  extFileAttributes = 0;
  shareAccess = 0;
  createDisposition = 0;
  createOptions = 0;
  impersonationLevel = 0;
  securityFlags = 0;
  fileName = '';

  layout(io: Layout): void {
    words(io, 24, () => this.#words(io));
    data(io, () => {
      this.fileName = io.text('FileName', this.fileName);
    });
  }

  #words(io: Layout): void {
    this.andX(io);
    io.skip('Reserved', 1);
    // Peers disagree on whether this counts the terminator, so it is ignored when reading.
    io.u16('NameLength', this.fileName.length * (io.unicode ? 2 : 1));
    this.flags = io.flags32('Flags', this.flags, FLAG_NAMES);
    this.rootDirectoryFid = io.u32('RootDirectoryFID', this.rootDirectoryFid);
    this.desiredAccess = io.u32('DesiredAccess', this.desiredAccess);
    this.allocationSize = io.u64('AllocationSize', this.allocationSize);
    this.extFileAttributes = io.u32('ExtFileAttributes', this.extFileAttributes);
    this.shareAccess = io.u32('ShareAccess', this.shareAccess);
    this.createDisposition = io.u32('CreateDisposition', this.createDisposition, CREATE_DISPOSITION_NAMES);
    this.createOptions = io.u32('CreateOptions', this.createOptions);
    this.impersonationLevel = io.u32('ImpersonationLevel', this.impersonationLevel);
    this.securityFlags = io.u8('SecurityFlags', this.securityFlags);
  }
}

/**
 * [MS-CIFS] 2.2.4.64.2, [MS-SMB] 2.2.4.9.2 SMB_COM_NT_CREATE_ANDX Response: 34 words, or the extended form, which has
 * 50 words but claims 42 (50 is accepted too).
 */
export class NtCreateAndXResponse extends AndXBlock {
  wordCount = 34;
  opLockLevel = 0;
  fid = 0;
  /** The action taken, a `CreateAction`; the specification uses the name of the request's field. */
  createDisposition = 0;
  createTime = 0n;
  lastAccessTime = 0n;
  lastWriteTime = 0n;
  lastChangeTime = 0n;
  extFileAttributes = 0;
  allocationSize = 0;
  endOfFile = 0;
  resourceType = 0;
  nmPipeStatusOrFileStatusFlags = 0;
  directory = 0;
  volumeGuid: Guid = NIL_GUID;
  fileId = 0n;
  maximalAccessRights = 0;
  guestMaximalAccessRights = 0;

  layout(io: Layout): void {
    this.wordCount = words(io, this.wordCount, (count) => this.#words(io, count), [34, 42, 50]);
    noData(io);
  }

  #words(io: Layout, count: number): void {
    this.andX(io);
    this.opLockLevel = io.u8('OpLockLevel', this.opLockLevel, OPLOCK_LEVEL_NAMES);
    this.fid = io.u16('FID', this.fid);
    this.createDisposition = io.u32('CreateDisposition', this.createDisposition, CREATE_ACTION_NAMES);
    this.createTime = io.time('CreateTime', this.createTime);
    this.lastAccessTime = io.time('LastAccessTime', this.lastAccessTime);
    this.lastWriteTime = io.time('LastWriteTime', this.lastWriteTime);
    this.lastChangeTime = io.time('LastChangeTime', this.lastChangeTime);
    this.extFileAttributes = io.u32('ExtFileAttributes', this.extFileAttributes);
    this.allocationSize = io.size64('AllocationSize', this.allocationSize);
    this.endOfFile = io.size64('EndOfFile', this.endOfFile);
    this.resourceType = io.u16('ResourceType', this.resourceType, RESOURCE_TYPE_NAMES);
    this.nmPipeStatusOrFileStatusFlags = io.u16('NMPipeStatus_or_FileStatusFlags', this.nmPipeStatusOrFileStatusFlags);
    this.directory = io.u8('Directory', this.directory);
    if (count === 34) return;
    this.volumeGuid = io.guid('VolumeGUID', this.volumeGuid);
    this.fileId = io.x64('FileId', this.fileId);
    this.maximalAccessRights = io.u32('MaximalAccessRights', this.maximalAccessRights);
    this.guestMaximalAccessRights = io.u32('GuestMaximalAccessRights', this.guestMaximalAccessRights);
  }
}
