import { fileAccessNames } from '../../dtyp/access-mask.js';
import { fileAttributeNames } from '../../fscc/attributes.js';
import { FileId } from '../../io/file-id.js';
import type { Layout } from '../../io/layout.js';
import { type NameTable, namesOf } from '../../io/names.js';
import { CreateContextRequest } from '../create-context/create-context-request.js';
import { CreateContextResponse } from '../create-context/create-context-response.js';

/** [MS-SMB2] 2.2.13 RequestedOplockLevel. */
export const OplockLevel = { None: 0x00, Ii: 0x01, Exclusive: 0x08, Batch: 0x09, Lease: 0xff } as const;

export const oplockLevelNames: NameTable = namesOf(OplockLevel);

/** [MS-SMB2] 2.2.13 ImpersonationLevel. */
export const ImpersonationLevel = { Anonymous: 0, Identification: 1, Impersonation: 2, Delegate: 3 } as const;

const impersonationNames: NameTable = namesOf(ImpersonationLevel);

/** [MS-SMB2] 2.2.13 ShareAccess. */
export const ShareAccess = { Read: 0x01, Write: 0x02, Delete: 0x04 } as const;

const shareAccessNames: NameTable = namesOf(ShareAccess);

/** [MS-SMB2] 2.2.13 CreateDisposition. */
export const CreateDisposition = {
  Supersede: 0,
  Open: 1,
  Create: 2,
  OpenIf: 3,
  Overwrite: 4,
  OverwriteIf: 5,
} as const;

const dispositionNames: NameTable = namesOf(CreateDisposition, 'FILE_');

/** [MS-SMB2] 2.2.13 CreateOptions. */
export const CreateOptions = {
  DirectoryFile: 0x00000001,
  WriteThrough: 0x00000002,
  SequentialOnly: 0x00000004,
  NoIntermediateBuffering: 0x00000008,
  SynchronousIoAlert: 0x00000010,
  SynchronousIoNonalert: 0x00000020,
  NonDirectoryFile: 0x00000040,
  CompleteIfOplocked: 0x00000100,
  NoEaKnowledge: 0x00000200,
  OpenRemoteInstance: 0x00000400,
  RandomAccess: 0x00000800,
  DeleteOnClose: 0x00001000,
  OpenByFileId: 0x00002000,
  OpenForBackupIntent: 0x00004000,
  NoCompression: 0x00008000,
  OpenRequiringOplock: 0x00010000,
  DisallowExclusive: 0x00020000,
  ReserveOpfilter: 0x00100000,
  OpenReparsePoint: 0x00200000,
  OpenNoRecall: 0x00400000,
  OpenForFreeSpaceQuery: 0x00800000,
} as const;

const optionNames: NameTable = namesOf(CreateOptions, 'FILE_');

/** [MS-SMB2] 2.2.14 CreateAction. */
export const CreateAction = { Superseded: 0, Opened: 1, Created: 2, Overwritten: 3 } as const;

const actionNames: NameTable = namesOf(CreateAction, 'FILE_');

/** [MS-SMB2] 2.2.14 Flags. */
export const CreateResponseFlags = { Reparsepoint: 0x01 } as const;

const responseFlagNames: NameTable = namesOf(CreateResponseFlags);

/** [MS-SMB2] 2.2.13 SMB2 CREATE Request. */
export class CreateRequest {
  requestedOplockLevel = 0;
  impersonationLevel: number = ImpersonationLevel.Impersonation;
  desiredAccess = 0;
  fileAttributes = 0;
  shareAccess = 0;
  createDisposition = 0;
  createOptions = 0;
  /** Relative to the share, with `\` between components and no leading one. */
  name = '';
  createContexts: CreateContextRequest[] = [];

  layout(io: Layout): void {
    io.same16('StructureSize', 57);
    io.skip('SecurityFlags', 1);
    this.requestedOplockLevel = io.u8('RequestedOplockLevel', this.requestedOplockLevel, oplockLevelNames);
    this.impersonationLevel = io.u32('ImpersonationLevel', this.impersonationLevel, impersonationNames);
    io.skip('SmbCreateFlags', 8);
    io.skip('Reserved', 8);
    this.desiredAccess = io.flags32('DesiredAccess', this.desiredAccess, fileAccessNames);
    this.fileAttributes = io.flags32('FileAttributes', this.fileAttributes, fileAttributeNames);
    this.shareAccess = io.flags32('ShareAccess', this.shareAccess, shareAccessNames);
    this.createDisposition = io.u32('CreateDisposition', this.createDisposition, dispositionNames);
    this.createOptions = io.flags32('CreateOptions', this.createOptions, optionNames);
    const name = io.offset16('NameOffset');
    io.length16('NameLength', name);
    name.keepOffset = true;
    const contexts = io.offset32('CreateContextsOffset');
    io.length32('CreateContextsLength', contexts);
    this.name = io.utf16At('Name', name, this.name);
    const make = (): CreateContextRequest => new CreateContextRequest();
    this.createContexts = io.chain('CreateContext', this.createContexts, make, 8, contexts);
    // The Buffer must have at least one byte.
    if (!io.reading && this.name === '' && this.createContexts.length === 0) io.skip('Buffer', 1);
  }
}

/** [MS-SMB2] 2.2.14 SMB2 CREATE Response. */
export class CreateResponse {
  oplockLevel = 0;
  flags = 0;
  createAction = 0;
  creationTime = 0n;
  lastAccessTime = 0n;
  lastWriteTime = 0n;
  changeTime = 0n;
  allocationSize = 0;
  endofFile = 0;
  fileAttributes = 0;
  fileId: FileId = FileId.none;
  createContexts: CreateContextResponse[] = [];

  layout(io: Layout): void {
    io.same16('StructureSize', 89);
    this.oplockLevel = io.u8('OplockLevel', this.oplockLevel, oplockLevelNames);
    this.flags = io.flags8('Flags', this.flags, responseFlagNames);
    this.createAction = io.u32('CreateAction', this.createAction, actionNames);
    this.creationTime = io.time('CreationTime', this.creationTime);
    this.lastAccessTime = io.time('LastAccessTime', this.lastAccessTime);
    this.lastWriteTime = io.time('LastWriteTime', this.lastWriteTime);
    this.changeTime = io.time('ChangeTime', this.changeTime);
    this.allocationSize = io.size64('AllocationSize', this.allocationSize);
    this.endofFile = io.size64('EndofFile', this.endofFile);
    this.fileAttributes = io.flags32('FileAttributes', this.fileAttributes, fileAttributeNames);
    io.skip('Reserved2', 4);
    this.fileId = io.fileId('FileId', this.fileId);
    const contexts = io.offset32('CreateContextsOffset');
    io.length32('CreateContextsLength', contexts);
    const make = (): CreateContextResponse => new CreateContextResponse();
    this.createContexts = io.chain('CreateContext', this.createContexts, make, 8, contexts);
  }
}
