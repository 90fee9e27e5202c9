import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { NtTransactFunction } from '#wire/smb1/command/nt-transact.js';
import { QuerySecurityDescResponse, SecurityDescRequest } from '#wire/smb1/nt-transact/security-desc.js';
import type { Control, InfoChange, InfoQuery } from '../protocol.js';
import type { Smb1Caller } from './caller.js';
import type { Smb1Handle } from './files.js';

const USUAL = 65536;
/** LengthNeeded. */
const PARAMETERS = 4;

function about({ fid }: Smb1Handle, securityInformation: number): SecurityDescRequest {
  return Object.assign(new SecurityDescRequest(), { fid, securityInformation });
}

/** NT_TRANSACT_QUERY_SECURITY_DESC ([MS-CIFS] 2.2.7.6). */
export async function querySecurity(
  caller: Smb1Caller,
  handle: Smb1Handle,
  { additional = 0, limit = USUAL }: InfoQuery,
  control?: Control,
): Promise<Uint8Array> {
  const request = { function: NtTransactFunction.QuerySecurityDesc, parameters: about(handle, additional) };
  const room = { maxParameters: PARAMETERS, maxData: limit, path: handle.path, accept: [NtStatus.BufferTooSmall] };
  const reply = await caller.ntTransact({ ...request, ...room }, control);
  if (reply.header.ntStatus === NtStatus.Success) return reply.data;
  const { lengthNeeded: required } = caller.unpacked(new QuerySecurityDescResponse(), reply.parameters);
  const hint = `the descriptor has ${required} bytes`;
  throw new StatusError(NtStatus.BufferTooSmall, { command: 'NT_TRANSACT', path: handle.path, hint });
}

/** NT_TRANSACT_SET_SECURITY_DESC ([MS-CIFS] 2.2.7.3). */
export async function setSecurity(
  caller: Smb1Caller,
  handle: Smb1Handle,
  { additional = 0, data }: InfoChange,
  control?: Control,
): Promise<void> {
  const request = { function: NtTransactFunction.SetSecurityDesc, parameters: about(handle, additional), data };
  await caller.ntTransact({ ...request, maxParameters: 0, maxData: 0, path: handle.path }, control);
}
