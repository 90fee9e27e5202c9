import { FileAccess } from '#wire/dtyp/access-mask.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { Capabilities } from '#wire/smb1/command/negotiate.js';
import { type ReadAndXRequest, ReadAndXResponse } from '#wire/smb1/command/read-andx.js';
import { read } from '../action/read.js';
import type { PipeData } from '../rpc/pipe.js';
import { type DiskOpen, type PipeOpen, requireAccess } from '../state/open.js';
import { Smb1Answer, type Smb1Context } from './context.js';
import { patienceOf } from './pipes.js';

/** Size of a response without its data: header, words, ByteCount and padding. */
const AROUND = 64;
/** With CAP_LARGE_READX; the session service limits a message to 131,071 bytes. */
const LARGEST_READ = 0x1fff0 - AROUND;

/** [MS-CIFS] 3.3.5.36, [MS-SMB] 2.2.4.2. At or beyond the end, returns no data rather than an error. */
export function readAndX(request: ReadAndXRequest, context: Smb1Context): Smb1Answer | Promise<Smb1Answer> {
  const open = context.open(request.fid);
  const room = roomOf(request, context);
  if (open.kind === 'disk') return readDisk(request.offset, context, open, room);
  requireAccess(open, FileAccess.ReadData);
  const data = open.pipe.read(room, patienceOf(context));
  return data instanceof Promise ? data.then((done) => answerPipe(open, done)) : answerPipe(open, data);
}

function answerPipe(open: PipeOpen, { data, more }: PipeData): Smb1Answer {
  const response = new ReadAndXResponse();
  response.data = data;
  response.available = Math.min(open.pipe.available, 0xffff);
  return new Smb1Answer(response, more ? NtStatus.BufferOverflow : NtStatus.Success);
}

/** Without the capability, the high part of the length is ignored and the response must fit the client's buffer. */
function roomOf(request: ReadAndXRequest, { connection }: Smb1Context): number {
  const large = (connection.clientCapabilities & Capabilities.LargeReadx) !== 0;
  return large
    ? Math.min(request.maxCount, LARGEST_READ)
    : Math.min(request.maxCountOfBytesToReturn, connection.clientBuffer - AROUND);
}

function readDisk(
  offset: number,
  { core, request }: Smb1Context,
  open: DiskOpen,
  room: number,
): Smb1Answer | Promise<Smb1Answer> {
  const buffer = core.buffers.take(room);
  const release = (): void => core.buffers.give(buffer);
  const answer = (count: number): Smb1Answer => {
    const response = new ReadAndXResponse();
    response.data = count === buffer.length ? buffer : buffer.subarray(0, count);
    return Object.assign(new Smb1Answer(response), { release });
  };
  try {
    const count = read(core, open, buffer, offset, request.header.pid);
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
