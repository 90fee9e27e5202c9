import { type Guid, NIL_GUID } from '../../dtyp/guid.js';
import { EMPTY } from '../../io/decoder.js';
import type { Layout, Wire } from '../../io/layout.js';
import { Slot } from '../../io/slot.js';
import { counted } from '../block.js';
import {
  CREATE_ACTION_NAMES,
  CREATE_DISPOSITION_NAMES,
  OPLOCK_LEVEL_NAMES,
  RESOURCE_TYPE_NAMES,
} from '../command/nt-create-andx.js';

/** [MS-CIFS] 2.2.7.1.1 NT_TRANSACT_CREATE Request, its parameters. */
export class NtTransactCreateRequest implements Wire {
  flags = 0;
  rootDirectoryFid = 0;
  desiredAccess = 0;
  allocationSize = 0;
  extFileAttributes = 0;
  shareAccess = 0;
  createDisposition = 0;
  createOptions = 0;
  /** Length of the descriptor in the data; the extended attributes follow it. */
  securityDescriptorLength = 0;
  eaLength = 0;
  impersonationLevel = 0;
  securityFlags = 0;
  name = '';

  layout(io: Layout): void {
    this.flags = io.u32('Flags', this.flags);
    this.rootDirectoryFid = io.u32('RootDirectoryFID', this.rootDirectoryFid);
    this.desiredAccess = io.u32('DesiredAccess', this.desiredAccess);
    this.allocationSize = io.u64('AllocationSize', this.allocationSize);
    this.extFileAttributes = io.u32('ExtFileAttributes', this.extFileAttributes);
    this.shareAccess = io.u32('ShareAccess', this.shareAccess);
    this.createDisposition = io.u32('CreateDisposition', this.createDisposition, CREATE_DISPOSITION_NAMES);
    this.createOptions = io.u32('CreateOptions', this.createOptions);
    this.securityDescriptorLength = io.u32('SecurityDescriptorLength', this.securityDescriptorLength);
    this.eaLength = io.u32('EALength', this.eaLength);
    const length = io.length32('NameLength');
    this.impersonationLevel = io.u32('ImpersonationLevel', this.impersonationLevel);
    this.securityFlags = io.u8('SecurityFlags', this.securityFlags);
    if (io.unicode) io.align(2);
    const name = counted(io, 'Name', length, this.name);
    // Some clients count the terminator.
    if (io.reading) this.name = name.replace(/\0.*$/s, '');
  }
}

/** [MS-CIFS] 2.2.7.1.1 NT_TRANSACT_CREATE Request, its data: a security descriptor and extended attributes. */
export class NtTransactCreateData implements Wire {
  readonly #descriptor = new Slot();
  readonly #attributes = new Slot();
  securityDescriptor: Uint8Array = EMPTY;
  extendedAttributes: Uint8Array = EMPTY;

  constructor(request: NtTransactCreateRequest) {
    this.#descriptor.length = request.securityDescriptorLength;
    this.#attributes.length = request.eaLength;
  }

  layout(io: Layout): void {
    this.securityDescriptor = io.bytesAt('SecurityDescriptor', this.#descriptor, this.securityDescriptor);
    // Extended attributes start at a multiple of 4.
    if (this.#attributes.length > 0) io.align(4);
    this.extendedAttributes = io.bytesAt('ExtendedAttributes', this.#attributes, this.extendedAttributes);
  }
}

/** [MS-CIFS] 2.2.7.1.2, [MS-SMB] 2.2.7.1.2 NT_TRANSACT_CREATE Response, its parameters: 69 bytes, or 101 extended. */
export class NtTransactCreateResponse implements Wire {
  opLockLevel = 0;
  /** 1: the extended form. */
  responseType = 0;
  fid = 0;
  createAction = 0;
  eaErrorOffset = 0;
  creationTime = 0n;
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
    this.opLockLevel = io.u8('OpLockLevel', this.opLockLevel, OPLOCK_LEVEL_NAMES);
    this.responseType = io.u8('ResponseType', this.responseType);
    this.fid = io.u16('FID', this.fid);
    this.createAction = io.u32('CreateAction', this.createAction, CREATE_ACTION_NAMES);
    this.eaErrorOffset = io.u32('EAErrorOffset', this.eaErrorOffset);
    this.creationTime = io.time('CreationTime', this.creationTime);
    this.lastAccessTime = io.time('LastAccessTime', this.lastAccessTime);
    this.lastWriteTime = io.time('LastWriteTime', this.lastWriteTime);
    this.lastChangeTime = io.time('LastChangeTime', this.lastChangeTime);
    this.extFileAttributes = io.u32('ExtFileAttributes', this.extFileAttributes);
    this.allocationSize = io.size64('AllocationSize', this.allocationSize);
    this.endOfFile = io.size64('EndOfFile', this.endOfFile);
    this.resourceType = io.u16('ResourceType', this.resourceType, RESOURCE_TYPE_NAMES);
    this.nmPipeStatusOrFileStatusFlags = io.u16('NMPipeStatus_or_FileStatusFlags', this.nmPipeStatusOrFileStatusFlags);
    this.directory = io.u8('Directory', this.directory);
    if (this.responseType === 0) return;
    this.volumeGuid = io.guid('VolumeGUID', this.volumeGuid);
    this.fileId = io.x64('FileId', this.fileId);
    this.maximalAccessRights = io.u32('MaximalAccessRights', this.maximalAccessRights);
    this.guestMaximalAccessRights = io.u32('GuestMaximalAccessRights', this.guestMaximalAccessRights);
  }
}
