import type { Smb2Reply } from '#engine/smb2/client-connection.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { EMPTY } from '#wire/io/decoder.js';
import { FlushRequest } from '#wire/smb2/command/flush.js';
import { ReadRequest, type ReadResponse } from '#wire/smb2/command/read.js';
import { WriteRequest, type WriteResponse } from '#wire/smb2/command/write.js';
import { Command } from '#wire/smb2/header.js';
import type { Control, Lent } from '../protocol.js';
import type { Caller } from './caller.js';
import type { Smb2Handle } from './create.js';
import { type OnFile, treeCall } from './tree-call.js';

const ACCEPTED = [NtStatus.EndOfFile, NtStatus.BufferOverflow];

/** A READ request, with its credit charge and the statuses it may return at the end of the file. */
export function readCall(caller: Caller, path: string, offset: number, length: number): OnFile {
  return (fileId) => {
    const body = new ReadRequest();
    body.fileId = fileId;
    body.offset = offset;
    body.length = length;
    return treeCall(Command.Read, body, path, { charge: caller.charge(length), accept: ACCEPTED });
  };
}

/** A WRITE request. */
export function writeCall(caller: Caller, path: string, offset: number, data: Uint8Array): OnFile {
  return (fileId) => {
    const body = new WriteRequest();
    body.fileId = fileId;
    body.offset = offset;
    body.data = data;
    return treeCall(Command.Write, body, path, { charge: caller.charge(data.length) });
  };
}

function askFor(
  caller: Caller,
  handle: Smb2Handle,
  offset: number,
  length: number,
  control?: Control,
): Promise<Smb2Reply> {
  const part = caller.session.pace.readable(length);
  return caller.call(readCall(caller, handle.path, offset, part)(handle.fileId), control);
}

// A server that sends more than requested must not overrun a buffer.
export function dataOf(reply: Smb2Reply, length: number): Uint8Array {
  return reply.header.status === NtStatus.EndOfFile ? EMPTY : (reply.body as ReadResponse).data.subarray(0, length);
}

export async function read(
  caller: Caller,
  handle: Smb2Handle,
  offset: number,
  length: number,
  control?: Control,
): Promise<Uint8Array> {
  const { pace } = caller.session;
  const flight = pace.sent();
  const data = dataOf(await askFor(caller, handle, offset, length, control), length);
  pace.done(flight, data.length);
  return data;
}

export async function lend(
  caller: Caller,
  handle: Smb2Handle,
  offset: number,
  length: number,
  control?: Control,
): Promise<Lent> {
  const { pace } = caller.session;
  const flight = pace.sent();
  const reply = await askFor(caller, handle, offset, length, control);
  const bytes = dataOf(reply, length);
  pace.done(flight, bytes.length);
  return { bytes, release: reply.release };
}

export async function write(
  caller: Caller,
  handle: Smb2Handle,
  offset: number,
  data: Uint8Array,
  control?: Control,
): Promise<number> {
  const { pace } = caller.session;
  const length = pace.writable(data.length);
  const part = length < data.length ? data.subarray(0, length) : data;
  const flight = pace.sent(length);
  const reply = await caller.call(writeCall(caller, handle.path, offset, part)(handle.fileId), control);
  const count = Math.min((reply.body as WriteResponse).count, length);
  pace.done(flight, count);
  return count;
}

export async function flush(caller: Caller, handle: Smb2Handle, control?: Control): Promise<void> {
  const body = new FlushRequest();
  body.fileId = handle.fileId;
  await caller.call({ command: Command.Flush, body, path: handle.path }, control);
}
