import { NtStatus } from '#wire/erref/nt-status.js';
import { QuerySecurityDescResponse, SecurityDescRequest } from '#wire/smb1/nt-transact/security-desc.js';
import { querySecurity, setSecurity } from '../action/security.js';
import type { Smb1Context } from './context.js';
import { decodeAs, encodeAs, type Transaction, type TransactionResult } from './transact.js';

/** [MS-CIFS] 3.3.5.59.6, NT_TRANSACT_QUERY_SECURITY_DESC. If the buffer is too small, states the size needed. */
export async function querySecurityDesc(
  { parameters, maxDataCount }: Transaction,
  context: Smb1Context,
): Promise<TransactionResult> {
  const { fid, securityInformation } = decodeAs(new SecurityDescRequest(), parameters, context.unicode);
  const open = context.diskOpen(fid);
  const { bytes, required } = await querySecurity(context.core, open, securityInformation, maxDataCount);
  const response = Object.assign(new QuerySecurityDescResponse(), { lengthNeeded: required });
  const needed = encodeAs(response, context.unicode);
  return bytes === undefined
    ? { status: NtStatus.BufferTooSmall, parameters: needed }
    : { parameters: needed, data: bytes };
}

/** [MS-CIFS] 3.3.5.59.3, NT_TRANSACT_SET_SECURITY_DESC. */
export async function setSecurityDesc(
  { parameters, data }: Transaction,
  context: Smb1Context,
): Promise<TransactionResult> {
  const { fid, securityInformation } = decodeAs(new SecurityDescRequest(), parameters, context.unicode);
  await setSecurity(context.core, context.diskOpen(fid), securityInformation, data);
  return {};
}
