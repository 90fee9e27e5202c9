import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileInfoClass } from '#wire/fscc/file-info/classes.js';
import { FileDispositionInformation } from '#wire/fscc/file-info/disposition.js';
import { FileEndOfFileInformation } from '#wire/fscc/file-info/end-of-file.js';
import { FileRenameInformation } from '#wire/fscc/file-info/rename.js';
import { FsInfoClass } from '#wire/fscc/fs-info/classes.js';
import { FileFsFullSizeInformation } from '#wire/fscc/fs-info/full-size.js';
import type { Wire } from '#wire/io/layout.js';
import { CreateDisposition, CreateOptions } from '#wire/smb2/command/create.js';
import { InfoType } from '#wire/smb2/command/info-type.js';
import { QueryInfoRequest, type QueryInfoResponse } from '#wire/smb2/command/query-info.js';
import { SetInfoRequest } from '#wire/smb2/command/set-info.js';
import { Command } from '#wire/smb2/header.js';
import { basicInfo } from '../basic-info.js';
import { packed, unpacked } from '../packing.js';
import type { Control, InfoChange, InfoQuery, NodeInfo, SetFacts, VolumeFacts } from '../protocol.js';
import { allInfo } from './all-info.js';
import type { Caller } from './caller.js';
import { closeCall, createCall, type Smb2Handle } from './create.js';
import { type OnFile, treeCall } from './tree-call.js';

/** Room for a response that ends in a path of any length. */
const QUERY_SIZE = 65536;

/** A QUERY_INFO request. */
export function queryCall(caller: Caller, path: string, query: InfoQuery): OnFile {
  return (fileId) => {
    const body = new QueryInfoRequest();
    body.infoType = query.infoType;
    body.fileInfoClass = query.infoClass;
    body.additionalInformation = query.additional ?? 0;
    body.outputBufferLength = query.limit ?? QUERY_SIZE;
    body.fileId = fileId;
    if (query.input) body.input = query.input;
    const charge = caller.charge(Math.max(body.outputBufferLength, body.input.length));
    return treeCall(Command.QueryInfo, body, path, { charge });
  };
}

/** A SET_INFO request. */
export function setInfoCall(caller: Caller, path: string, change: InfoChange): OnFile {
  return (fileId) => {
    const body = new SetInfoRequest();
    body.infoType = change.infoType;
    body.fileInfoClass = change.infoClass;
    body.additionalInformation = change.additional ?? 0;
    body.fileId = fileId;
    body.buffer = change.data;
    return treeCall(Command.SetInfo, body, path, { charge: caller.charge(change.data.length) });
  };
}

export async function query(
  caller: Caller,
  handle: Smb2Handle,
  request: InfoQuery,
  control?: Control,
): Promise<Uint8Array> {
  const reply = await caller.call(queryCall(caller, handle.path, request)(handle.fileId), control);
  return (reply.body as QueryInfoResponse).output;
}

export async function setInfo(
  caller: Caller,
  handle: Smb2Handle,
  change: InfoChange,
  control?: Control,
): Promise<void> {
  await caller.call(setInfoCall(caller, handle.path, change)(handle.fileId), control);
}

function setCall(caller: Caller, path: string, infoClass: number, info: Wire): OnFile {
  return setInfoCall(caller, path, { infoType: InfoType.File, infoClass, data: packed(info) });
}

const queryAll = (caller: Caller, path: string): OnFile =>
  queryCall(caller, path, { infoType: InfoType.File, infoClass: FileInfoClass.All });

/** CREATE, QUERY_INFO and CLOSE in one round trip. */
export async function stat(caller: Caller, path: string, control?: Control): Promise<NodeInfo> {
  const open = createCall(caller, { path, access: FileAccess.ReadAttributes, disposition: CreateDisposition.Open });
  const replies = await caller.openDoClose(open, [queryAll(caller, path)], closeCall(path), control);
  return allInfo(((replies[1] as (typeof replies)[0]).body as QueryInfoResponse).output);
}

export async function inspect(caller: Caller, handle: Smb2Handle, control?: Control): Promise<NodeInfo> {
  const reply = await caller.call(queryAll(caller, handle.path)(handle.fileId), control);
  return allInfo((reply.body as QueryInfoResponse).output);
}

export async function set(caller: Caller, path: string, facts: SetFacts, control?: Control): Promise<void> {
  const open = createCall(caller, { path, access: FileAccess.WriteAttributes, disposition: CreateDisposition.Open });
  await caller.openDoClose(open, [setInfoCall(caller, path, basicInfo(facts))], closeCall(path), control);
}

export async function rename(
  caller: Caller,
  from: string,
  to: string,
  replace: boolean,
  control?: Control,
): Promise<void> {
  try {
    await renameOnce(caller, from, to, replace, control);
  } catch (error) {
    const isDirectory = error instanceof StatusError && error.status === NtStatus.FileIsADirectory;
    if (!replace || !isDirectory) throw error;
    await renameOnce(caller, from, to, false, control);
  }
}

/** With `replace`, only a file can be renamed: some servers would let a directory replace a file. */
async function renameOnce(
  caller: Caller,
  from: string,
  to: string,
  replace: boolean,
  control?: Control,
): Promise<void> {
  const info = new FileRenameInformation();
  info.replaceIfExists = replace;
  info.fileName = to;
  const access = FileAccess.Delete | FileAccess.ReadAttributes;
  const options = CreateOptions.OpenReparsePoint | (replace ? CreateOptions.NonDirectoryFile : 0);
  const open = createCall(caller, { path: from, access, disposition: CreateDisposition.Open, options });
  await caller.openDoClose(open, [setCall(caller, from, FileInfoClass.Rename, info)], closeCall(from), control);
}

export async function remove(caller: Caller, path: string, directory: boolean, control?: Control): Promise<void> {
  const info = new FileDispositionInformation();
  info.deletePending = true;
  const kind = directory ? CreateOptions.DirectoryFile : CreateOptions.NonDirectoryFile;
  const options = kind | CreateOptions.OpenReparsePoint;
  const open = createCall(caller, { path, access: FileAccess.Delete, disposition: CreateDisposition.Open, options });
  await caller.openDoClose(open, [setCall(caller, path, FileInfoClass.Disposition, info)], closeCall(path), control);
}

export async function mkdir(caller: Caller, path: string, control?: Control): Promise<void> {
  const options = CreateOptions.DirectoryFile;
  const open = createCall(caller, {
    path,
    access: FileAccess.ReadAttributes,
    disposition: CreateDisposition.Create,
    options,
  });
  await caller.openDoClose(open, [], closeCall(path), control);
}

export async function truncate(caller: Caller, handle: Smb2Handle, size: number, control?: Control): Promise<void> {
  const info = new FileEndOfFileInformation();
  info.endOfFile = size;
  await caller.call(setCall(caller, handle.path, FileInfoClass.EndOfFile, info)(handle.fileId), control);
}

export async function volume(caller: Caller, control?: Control): Promise<VolumeFacts> {
  const open = createCall(caller, { path: '', access: FileAccess.ReadAttributes, disposition: CreateDisposition.Open });
  const size = queryCall(caller, '', { infoType: InfoType.Filesystem, infoClass: FsInfoClass.FullSize });
  const replies = await caller.openDoClose(open, [size], closeCall(''), control);
  const { output } = (replies[1] as (typeof replies)[0]).body as QueryInfoResponse;
  const info = unpacked(new FileFsFullSizeInformation(), output);
  const blockSize = info.sectorsPerAllocationUnit * info.bytesPerSector;
  return {
    total: info.totalAllocationUnits * blockSize,
    available: info.callerAvailableAllocationUnits * blockSize,
    free: info.actualAvailableAllocationUnits * blockSize,
    blockSize,
  };
}
