import type { Smb2Reply } from '#engine/smb2/client-connection.js';
import type { FileId } from '#wire/io/file-id.js';
import { CloseFlags, CloseRequest, type CloseResponse } from '#wire/smb2/command/close.js';
import { CreateAction, CreateRequest, type CreateResponse, ShareAccess } from '#wire/smb2/command/create.js';
import { Command } from '#wire/smb2/header.js';
import type { Control, Handle, NodeInfo, OpenRequest } from '../protocol.js';
import type { Caller, OnFile, TreeCall } from './caller.js';

const SHARE_ALL = ShareAccess.Read | ShareAccess.Write | ShareAccess.Delete;

/** An open of SMB2. */
export class Smb2Handle implements Handle {
  readonly path: string;
  readonly fileId: FileId;
  readonly info: NodeInfo;
  readonly existed: boolean;

  constructor(path: string, reply: Smb2Reply) {
    const body = reply.body as CreateResponse;
    this.path = path;
    this.fileId = body.fileId;
    this.info = infoOf(body);
    this.existed = body.createAction !== CreateAction.Created;
  }
}

/** The request that opens or makes something. */
export function createCall(request: OpenRequest): TreeCall {
  const body = new CreateRequest();
  body.name = request.path;
  body.desiredAccess = request.access;
  body.createDisposition = request.disposition;
  body.createOptions = request.options ?? 0;
  body.fileAttributes = request.attributes ?? 0;
  body.shareAccess = request.share ?? SHARE_ALL;
  return { command: Command.Create, body, path: request.path };
}

/** The request that closes; with the facts as they are then if `query`. */
export function closeCall(path: string, query = false): OnFile {
  return (fileId) => {
    const body = new CloseRequest();
    body.fileId = fileId;
    if (query) body.flags = CloseFlags.PostqueryAttrib;
    return { command: Command.Close, body, path };
  };
}

export async function open(caller: Caller, request: OpenRequest, control?: Control): Promise<Smb2Handle> {
  const late = (reply: Smb2Reply): void => caller.closeQuietly(closeCall(request.path), reply);
  return new Smb2Handle(request.path, await caller.call(createCall(request), control, late));
}

export async function close(caller: Caller, handle: Smb2Handle, control?: Control): Promise<void> {
  await caller.call(closeCall(handle.path)(handle.fileId), control);
}

/** What CREATE and CLOSE tell of a file. */
export function infoOf(body: CreateResponse | CloseResponse): NodeInfo {
  return {
    size: body.endofFile,
    allocationSize: body.allocationSize,
    attributes: body.fileAttributes,
    creationTime: body.creationTime,
    lastAccessTime: body.lastAccessTime,
    lastWriteTime: body.lastWriteTime,
    changeTime: body.changeTime,
    id: 0n,
    links: 1,
  };
}
