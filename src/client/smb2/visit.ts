import type { Smb2Reply } from '#engine/smb2/client-connection.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { EMPTY } from '#wire/io/decoder.js';
import type { CreateResponse } from '#wire/smb2/command/create.js';
import type { IoctlResponse } from '#wire/smb2/command/ioctl.js';
import type { QueryInfoResponse } from '#wire/smb2/command/query-info.js';
import type { WriteResponse } from '#wire/smb2/command/write.js';
import type { Control, OpenRequest, Step, Visit } from '../protocol.js';
import type { Caller } from './caller.js';
import { closeCall, createCall, Smb2Handle } from './create.js';
import { queryCall, setInfoCall } from './info.js';
import { controlCall } from './ioctl.js';
import { dataOf, readCall, writeCall } from './read-write.js';
import type { OnFile } from './tree-call.js';

function callOf(caller: Caller, path: string, step: Step): OnFile {
  switch (step.verb) {
    case 'query':
      return queryCall(caller, path, step);
    case 'set':
      return setInfoCall(caller, path, step);
    case 'ioctl':
      return controlCall(caller, path, step);
    case 'read':
      return readCall(caller, path, step.offset, step.length);
    case 'write':
      return writeCall(caller, path, step.offset, step.data);
  }
}

function outputOf(path: string, step: Step, reply: Smb2Reply): Uint8Array {
  switch (step.verb) {
    case 'query':
      return (reply.body as QueryInfoResponse).output;
    case 'ioctl':
      return (reply.body as IoctlResponse).output;
    case 'read':
      return dataOf(reply, step.length);
    case 'write':
      if ((reply.body as WriteResponse).count >= step.data.length) return EMPTY;
      throw new StatusError(NtStatus.DiskFull, { command: 'WRITE', path });
    case 'set':
      return EMPTY;
  }
}

/** CREATE, the steps and CLOSE as one compound ([MS-SMB2] 3.2.4.1.4). */
export async function visit(
  caller: Caller,
  request: OpenRequest,
  steps: readonly Step[],
  control?: Control,
): Promise<Visit> {
  const { path } = request;
  const calls = steps.map((step) => callOf(caller, path, step));
  const replies = await caller.openDoClose(createCall(caller, request), calls, closeCall(path), control);
  const [opened, ...rest] = replies as [Smb2Reply, ...Smb2Reply[]];
  const { info, existed } = new Smb2Handle(path, opened);
  const { createContexts: contexts } = opened.body as CreateResponse;
  return { info, existed, contexts, outputs: steps.map((step, i) => outputOf(path, step, rest[i] as Smb2Reply)) };
}
