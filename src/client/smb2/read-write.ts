import type { Smb2Reply } from '#engine/smb2/client-connection.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { EMPTY } from '#wire/io/decoder.js';
import { FlushRequest } from '#wire/smb2/command/flush.js';
import { ReadRequest, type ReadResponse } from '#wire/smb2/command/read.js';
import { WriteRequest, type WriteResponse } from '#wire/smb2/command/write.js';
import { Command } from '#wire/smb2/header.js';
import type { Control } from '../protocol.js';
import type { Caller } from './caller.js';
import type { Smb2Handle } from './create.js';

const ACCEPTED = [NtStatus.EndOfFile, NtStatus.BufferOverflow];

function askFor(
  caller: Caller,
  handle: Smb2Handle,
  offset: number,
  length: number,
  control?: Control,
): Promise<Smb2Reply> {
  const body = new ReadRequest();
  body.fileId = handle.fileId;
  body.offset = offset;
  body.length = length;
  return caller.call(
    {
      command: Command.Read,
      body,
      charge: caller.charge(length),
      accept: ACCEPTED,
      path: handle.path,
    },
    control,
  );
}

// A server that sends more than was asked for must not overrun anything.
function dataOf(reply: Smb2Reply, length: number): Uint8Array {
  return reply.header.status === NtStatus.EndOfFile ? EMPTY : (reply.body as ReadResponse).data.subarray(0, length);
}

export async function read(
  caller: Caller,
  handle: Smb2Handle,
  offset: number,
  length: number,
  control?: Control,
): Promise<Uint8Array> {
  return dataOf(await askFor(caller, handle, offset, length, control), length);
}

export async function readInto(
  caller: Caller,
  handle: Smb2Handle,
  offset: number,
  into: Uint8Array,
  control?: Control,
): Promise<number> {
  const reply = await askFor(caller, handle, offset, into.length, control);
  const data = dataOf(reply, into.length);
  into.set(data);
  reply.release();
  return data.length;
}

export async function write(
  caller: Caller,
  handle: Smb2Handle,
  offset: number,
  data: Uint8Array,
  control?: Control,
): Promise<number> {
  const body = new WriteRequest();
  body.fileId = handle.fileId;
  body.offset = offset;
  body.data = data;
  const charge = caller.charge(data.length);
  const reply = await caller.call({ command: Command.Write, body, charge, path: handle.path }, control);
  return Math.min((reply.body as WriteResponse).count, data.length);
}

export async function flush(caller: Caller, handle: Smb2Handle, control?: Control): Promise<void> {
  const body = new FlushRequest();
  body.fileId = handle.fileId;
  await caller.call({ command: Command.Flush, body, path: handle.path }, control);
}
