import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileAttributes } from '#wire/fscc/attributes.js';
import { FileEndOfFileInformation } from '#wire/fscc/file-info/end-of-file.js';
import { FileFsSizeInformation } from '#wire/fscc/fs-info/size.js';
import { CreateDirectoryRequest } from '#wire/smb1/command/create-directory.js';
import { DeleteRequest } from '#wire/smb1/command/delete.js';
import { DeleteDirectoryRequest } from '#wire/smb1/command/delete-directory.js';
import { RenameRequest } from '#wire/smb1/command/rename.js';
import { QueryFileAllInfo } from '#wire/smb1/info/query-file-all-info.js';
import { QueryFileBasicInfo } from '#wire/smb1/info/query-file-info.js';
import { QueryFsLevel, QueryLevel, SetLevel } from '#wire/smb1/info-levels.js';
import { Smb1Command } from '#wire/smb1/smb1-command.js';
import {
  QueryFileInformationRequest,
  QueryFsInformationRequest,
  QueryPathInformationRequest,
  SetFileInformationRequest,
  SetPathInformationRequest,
} from '#wire/smb1/trans2/information.js';
import { Trans2Subcommand } from '#wire/smb1/trans2/trans2-subcommand.js';
import { attributesToSet } from '../basic-info.js';
import type { Control, NodeInfo, SetFacts, VolumeFacts } from '../protocol.js';
import { rooted, type Smb1Caller, single } from './caller.js';
import type { Smb1Handle } from './files.js';

/** Search attributes: hidden and system files, too; directories where they are allowed. */
const ANY_FILE = 0x06;
const ANY_NODE = 0x16;
const QUERY_SIZE = 4096;

function infoOf(all: QueryFileAllInfo): NodeInfo {
  return {
    size: all.endOfFile,
    allocationSize: all.allocationSize,
    attributes: all.extFileAttributes,
    creationTime: all.creationTime,
    lastAccessTime: all.lastAccessTime,
    lastWriteTime: all.lastWriteTime,
    changeTime: all.lastChangeTime,
    id: 0n,
    links: all.numberOfLinks,
    place: all.fileName,
  };
}

export async function stat(caller: Smb1Caller, path: string, control?: Control): Promise<NodeInfo> {
  const parameters = new QueryPathInformationRequest();
  parameters.informationLevel = QueryLevel.QueryFileAllInfo;
  parameters.fileName = rooted(path);
  const subcommand = Trans2Subcommand.QueryPathInformation;
  const reply = await caller.trans2({ subcommand, parameters, maxParameters: 2, maxData: QUERY_SIZE, path }, control);
  return infoOf(caller.unpacked(new QueryFileAllInfo(), reply.data));
}

export async function inspect(caller: Smb1Caller, handle: Smb1Handle, control?: Control): Promise<NodeInfo> {
  const parameters = new QueryFileInformationRequest();
  parameters.informationLevel = QueryLevel.QueryFileAllInfo;
  parameters.fid = handle.fid;
  const subcommand = Trans2Subcommand.QueryFileInformation;
  const request = { subcommand, parameters, maxParameters: 2, maxData: QUERY_SIZE, path: handle.path };
  const reply = await caller.trans2(request, control);
  return infoOf(caller.unpacked(new QueryFileAllInfo(), reply.data));
}

export async function set(caller: Smb1Caller, path: string, facts: SetFacts, control?: Control): Promise<void> {
  const parameters = new SetPathInformationRequest();
  parameters.informationLevel = SetLevel.SetFileBasicInfo;
  parameters.fileName = rooted(path);
  const data = new QueryFileBasicInfo();
  data.creationTime = facts.creationTime ?? 0n;
  data.lastAccessTime = facts.lastAccessTime ?? 0n;
  data.lastWriteTime = facts.lastWriteTime ?? 0n;
  data.lastChangeTime = facts.changeTime ?? 0n;
  data.extFileAttributes = attributesToSet(facts);
  const subcommand = Trans2Subcommand.SetPathInformation;
  await caller.trans2({ subcommand, parameters, data, maxParameters: 2, maxData: 0, path }, control);
}

export async function truncate(caller: Smb1Caller, handle: Smb1Handle, size: number, control?: Control): Promise<void> {
  const parameters = new SetFileInformationRequest();
  parameters.informationLevel = SetLevel.SetFileEndOfFileInfo;
  parameters.fid = handle.fid;
  const data = new FileEndOfFileInformation();
  data.endOfFile = size;
  const subcommand = Trans2Subcommand.SetFileInformation;
  const request = { subcommand, parameters, data, maxParameters: 2, maxData: 0, path: handle.path };
  await caller.trans2(request, control);
}

/** An SMB1 rename cannot replace a file. An existing one is removed first, which leaves a moment without either. */
export async function rename(
  caller: Smb1Caller,
  from: string,
  to: string,
  replace: boolean,
  control?: Control,
): Promise<void> {
  try {
    await renameOnce(caller, from, to, control);
  } catch (error) {
    const collides = error instanceof StatusError && error.status === NtStatus.ObjectNameCollision;
    if (!collides || !replace || from.toLowerCase() === to.toLowerCase()) throw error;
    const { attributes } = await stat(caller, from, control);
    if ((attributes & FileAttributes.Directory) !== 0) throw error;
    await remove(caller, to, false, control);
    await renameOnce(caller, from, to, control);
  }
}

async function renameOnce(caller: Smb1Caller, from: string, to: string, control?: Control): Promise<void> {
  const body = new RenameRequest();
  body.searchAttributes = ANY_NODE;
  body.oldFileName = single(from);
  body.newFileName = single(to);
  await caller.call({ command: Smb1Command.Rename, body, path: from }, control);
}

export async function remove(caller: Smb1Caller, path: string, directory: boolean, control?: Control): Promise<void> {
  if (directory) {
    const body = new DeleteDirectoryRequest();
    body.directoryName = single(path);
    await caller.call({ command: Smb1Command.DeleteDirectory, body, path }, control);
    return;
  }
  const body = new DeleteRequest();
  body.searchAttributes = ANY_FILE;
  body.fileName = single(path);
  await caller.call({ command: Smb1Command.Delete, body, path }, control);
}

export async function mkdir(caller: Smb1Caller, path: string, control?: Control): Promise<void> {
  const body = new CreateDirectoryRequest();
  body.directoryName = single(path);
  await caller.call({ command: Smb1Command.CreateDirectory, body, path }, control);
}

export async function volume(caller: Smb1Caller, control?: Control): Promise<VolumeFacts> {
  const parameters = new QueryFsInformationRequest();
  parameters.informationLevel = QueryFsLevel.QueryFsSizeInfo;
  const subcommand = Trans2Subcommand.QueryFsInformation;
  const reply = await caller.trans2({ subcommand, parameters, maxParameters: 0, maxData: QUERY_SIZE }, control);
  const info = caller.unpacked(new FileFsSizeInformation(), reply.data);
  const blockSize = info.sectorsPerAllocationUnit * info.bytesPerSector;
  const available = info.availableAllocationUnits * blockSize;
  return { total: info.totalAllocationUnits * blockSize, available, free: available, blockSize };
}
