import { NtStatus } from '#wire/erref/nt-status.js';
import { gmtToken } from '#wire/fscc/gmt-token.js';
import { EMPTY } from '#wire/io/decoder.js';
import type { Wire } from '#wire/io/layout.js';
import { CloseRequest } from '#wire/smb1/command/close.js';
import { FlushRequest } from '#wire/smb1/command/flush.js';
import { CreateAction, NtCreateAndXRequest, type NtCreateAndXResponse } from '#wire/smb1/command/nt-create-andx.js';
import { ReadAndXRequest, type ReadAndXResponse } from '#wire/smb1/command/read-andx.js';
import { TransactionRequest, TransSubcommand } from '#wire/smb1/command/transaction.js';
import { WriteAndXRequest, type WriteAndXResponse } from '#wire/smb1/command/write-andx.js';
import { Smb1Command } from '#wire/smb1/smb1-command.js';
import { ImpersonationLevel, ShareAccess } from '#wire/smb2/command/create.js';
import type { Caching, Control, Handle, NodeInfo, OpenRequest } from '../protocol.js';
import { rooted, type Smb1Caller } from './caller.js';
import { createWith } from './create.js';

const SHARE_ALL = ShareAccess.Read | ShareAccess.Write | ShareAccess.Delete;
/** All ones: the server sets the last write time itself. */
const TIME_OF_SERVER = 0xffffffff;

/** An open of SMB1. */
export class Smb1Handle implements Handle {
  readonly path: string;
  readonly fid: number;
  readonly info: NodeInfo;
  readonly existed: boolean;
  readonly contexts = [] as const;
  readonly caching: Caching = { state: 0, leaseKey: undefined };

  constructor(path: string, body: NtCreateAndXResponse) {
    this.path = path;
    this.fid = body.fid;
    this.existed = body.createDisposition !== CreateAction.Created;
    this.info = {
      size: body.endOfFile,
      allocationSize: body.allocationSize,
      attributes: body.extFileAttributes,
      creationTime: body.createTime,
      lastAccessTime: body.lastAccessTime,
      lastWriteTime: body.lastWriteTime,
      changeTime: body.lastChangeTime,
      id: body.fileId,
      links: 1,
    };
  }
}

export async function open(caller: Smb1Caller, request: OpenRequest, control?: Control): Promise<Smb1Handle> {
  const { snapshot } = request;
  const path = snapshot === undefined ? request.path : `${gmtToken(snapshot)}\\${request.path}`;
  const body = new NtCreateAndXRequest();
  body.fileName = rooted(path);
  body.desiredAccess = request.access;
  body.createDisposition = request.disposition;
  body.createOptions = request.options ?? 0;
  body.extFileAttributes = request.attributes ?? 0;
  body.shareAccess = request.share ?? SHARE_ALL;
  body.impersonationLevel = ImpersonationLevel.Impersonation;
  const made = (response: Wire): Smb1Handle => new Smb1Handle(path, response as NtCreateAndXResponse);
  // The open was aborted, so close the handle. If that fails, there is nothing left to close.
  const late = (response: Wire): void => void close(caller, made(response)).catch(() => undefined);
  if (request.contexts?.length) {
    return made(await createWith(caller, body, request.contexts, { path, control, late }));
  }
  const call = { command: Smb1Command.NtCreateAndX, body, path };
  return made((await caller.call(call, control, (reply) => late(reply.body))).body);
}

export async function close(caller: Smb1Caller, handle: Smb1Handle, control?: Control): Promise<void> {
  const body = new CloseRequest();
  body.fid = handle.fid;
  body.lastTimeModified = TIME_OF_SERVER;
  await caller.call({ command: Smb1Command.Close, body, path: handle.path }, control);
}

export async function read(
  caller: Smb1Caller,
  handle: Smb1Handle,
  offset: number,
  length: number,
  control?: Control,
): Promise<Uint8Array> {
  const body = new ReadAndXRequest();
  body.fid = handle.fid;
  body.offset = offset;
  body.maxCount = length;
  const call = { command: Smb1Command.ReadAndX, body, path: handle.path, accept: [NtStatus.EndOfFile] };
  const reply = await caller.call(call, control);
  if (reply.header.ntStatus === NtStatus.EndOfFile) return EMPTY;
  return (reply.body as ReadAndXResponse).data.subarray(0, length);
}

export async function write(
  caller: Smb1Caller,
  handle: Smb1Handle,
  offset: number,
  data: Uint8Array,
  control?: Control,
): Promise<number> {
  const body = new WriteAndXRequest();
  body.fid = handle.fid;
  body.offset = offset;
  body.data = data;
  const reply = await caller.call({ command: Smb1Command.WriteAndX, body, path: handle.path }, control);
  return Math.min((reply.body as WriteAndXResponse).count, data.length);
}

export async function flush(caller: Smb1Caller, handle: Smb1Handle, control?: Control): Promise<void> {
  const body = new FlushRequest();
  body.fid = handle.fid;
  await caller.call({ command: Smb1Command.Flush, body, path: handle.path }, control);
}

/** TRANS_TRANSACT_NMPIPE: what exceeds the response stays in the pipe. */
export async function transact(
  caller: Smb1Caller,
  handle: Smb1Handle,
  data: Uint8Array,
  limit: number,
  control?: Control,
): Promise<Uint8Array> {
  const body = new TransactionRequest();
  body.name = '\\PIPE\\';
  body.setup = [TransSubcommand.TransactNmpipe, handle.fid];
  body.data = data;
  body.maxDataCount = Math.min(limit, 0xffff);
  const reply = await caller.call({ command: Smb1Command.Transaction, body, path: handle.path }, control);
  return reply.data;
}
