import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { type ReadRequest, ReadResponse } from '#wire/smb2/command/read.js';
import { read as readFile } from '../action/read.js';
import type { PipeData } from '../rpc/pipe.js';
import { type DiskOpen, type PipeOpen, requireAccess } from '../state/open.js';
import { Smb2Answer, type Smb2Context } from './context.js';
import { patienceOf } from './patience.js';

/** [MS-SMB2] 3.3.5.12. */
export function read(request: ReadRequest, context: Smb2Context): Smb2Answer | Promise<Smb2Answer> {
  context.requireCharge(request.length, context.connection.maxTransfer);
  const open = context.open(request.fileId);
  if (open.kind === 'pipe') return readPipe(request, context, open);
  return readDisk(request, context, open);
}

function readDisk(request: ReadRequest, context: Smb2Context, open: DiskOpen): Smb2Answer | Promise<Smb2Answer> {
  const { buffers } = context.core;
  const buffer = buffers.take(request.length);
  const release = (): void => buffers.give(buffer);
  const answer = (count: number): Smb2Answer => {
    if (count < Math.max(request.minimumCount, request.length > 0 ? 1 : 0)) throw new StatusError(NtStatus.EndOfFile);
    open.position = request.offset + count;
    const response = new ReadResponse();
    response.padding = context.connection.torture.readPadding;
    response.data = count === buffer.length ? buffer : buffer.subarray(0, count);
    return new Smb2Answer(response, NtStatus.Success, release);
  };
  try {
    const count = readFile(context.core, open, buffer, request.offset);
    return typeof count === 'number' ? answer(count) : count.then(answer).catch(giveBack(release));
  } catch (error) {
    return giveBack(release)(error);
  }
}

function giveBack(release: () => void): (error: unknown) => never {
  return (error) => {
    release();
    throw error;
  };
}

/** Waits if no data is available yet, with an interim response. */
function readPipe({ length }: ReadRequest, { request }: Smb2Context, open: PipeOpen): Smb2Answer | Promise<Smb2Answer> {
  requireAccess(open, FileAccess.ReadData);
  const data = open.pipe.read(length, patienceOf(request));
  return data instanceof Promise ? data.then(answerPipe) : answerPipe(data);
}

function answerPipe({ data, more }: PipeData): Smb2Answer {
  const response = new ReadResponse();
  response.data = data;
  return new Smb2Answer(response, more ? NtStatus.BufferOverflow : NtStatus.Success);
}
