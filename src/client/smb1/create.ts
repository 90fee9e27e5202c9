import type { Smb1Reply } from '#engine/smb1/client-connection.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { EMPTY } from '#wire/io/decoder.js';
import { type NtCreateAndXRequest, NtCreateAndXResponse } from '#wire/smb1/command/nt-create-andx.js';
import { NtTransactFunction } from '#wire/smb1/command/nt-transact.js';
import {
  NtTransactCreateData,
  NtTransactCreateRequest,
  NtTransactCreateResponse,
} from '#wire/smb1/nt-transact/create.js';
import type { CreateContextRequest } from '#wire/smb2/create-context/create-context-request.js';
import { CreateEaBuffer } from '#wire/smb2/create-context/ea-buffer.js';
import { CreateSdBuffer } from '#wire/smb2/create-context/sd-buffer.js';
import type { Control } from '../protocol.js';
import type { Smb1Caller } from './caller.js';

/** Size of the response: the fixed part and its extended form. */
const ROOM = 101;

/**
 * NT_TRANSACT_CREATE ([MS-CIFS] 2.2.7.1): creates a file with a security descriptor or extended attributes. SMB1
 * supports no other contexts.
 */
export async function createWith(
  caller: Smb1Caller,
  open: NtCreateAndXRequest,
  contexts: readonly CreateContextRequest[],
  { path, control, late }: { path: string; control: Control | undefined; late: (made: NtCreateAndXResponse) => void },
): Promise<NtCreateAndXResponse> {
  const data = dataOf(contexts, path);
  const parameters = Object.assign(new NtTransactCreateRequest(), {
    desiredAccess: open.desiredAccess,
    extFileAttributes: open.extFileAttributes,
    shareAccess: open.shareAccess,
    createDisposition: open.createDisposition,
    createOptions: open.createOptions,
    impersonationLevel: open.impersonationLevel,
    securityDescriptorLength: data.securityDescriptor.length,
    eaLength: data.extendedAttributes.length,
    name: open.fileName,
  });
  const bytes = caller.packed(Object.assign(new NtTransactCreateData(parameters), data));
  const request = { function: NtTransactFunction.Create, parameters, data: bytes, maxParameters: ROOM, maxData: 0 };
  const made = (reply: Smb1Reply): NtCreateAndXResponse =>
    responseOf(caller.unpacked(new NtTransactCreateResponse(), reply.parameters));
  return made(await caller.ntTransact({ ...request, path }, control, (reply) => late(made(reply))));
}

function dataOf(
  contexts: readonly CreateContextRequest[],
  path: string,
): Pick<NtTransactCreateData, 'securityDescriptor' | 'extendedAttributes'> {
  let [securityDescriptor, extendedAttributes] = [EMPTY, EMPTY];
  for (const { data } of contexts) {
    if (data instanceof CreateSdBuffer) securityDescriptor = data.securityDescriptor;
    else if (data instanceof CreateEaBuffer) extendedAttributes = data.eaBuffer;
    else throw new StatusError(NtStatus.NotSupported, { command: 'SMB_COM_NT_TRANSACT', path });
  }
  return { securityDescriptor, extendedAttributes };
}

function responseOf(made: NtTransactCreateResponse): NtCreateAndXResponse {
  return Object.assign(new NtCreateAndXResponse(), {
    fid: made.fid,
    createDisposition: made.createAction,
    createTime: made.creationTime,
    lastAccessTime: made.lastAccessTime,
    lastWriteTime: made.lastWriteTime,
    lastChangeTime: made.lastChangeTime,
    extFileAttributes: made.extFileAttributes,
    allocationSize: made.allocationSize,
    endOfFile: made.endOfFile,
  });
}
