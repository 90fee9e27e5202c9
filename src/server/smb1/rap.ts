import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { RapOpcode, RapRequest } from '#wire/rap/request.js';
import { NetServerGetInfoRequest, NetServerGetInfoResponse, RapServerInfo } from '#wire/rap/server-get-info.js';
import { NetApiStatus } from '#wire/rpc/srvsvc/interface.js';
import { SERVER_TYPE, VERSION } from '../rpc/srvsvc/server.js';
import type { Smb1Context } from './context.js';
import { decodeAs, encodeAs, type Transaction, type TransactionResult } from './transact.js';

/** Requests that old systems send over \PIPE\LANMAN instead of RPC ([MS-RAP] 3.2.5); others are NOT_SUPPORTED. */
export function rap({ parameters, maxDataCount }: Transaction, { core }: Smb1Context): TransactionResult {
  const request = decodeAs(new RapRequest(), parameters, false);
  if (request.opcode !== RapOpcode.NetServerGetInfo) throw new StatusError(NtStatus.NotSupported);
  const { infoLevel } = decodeAs(new NetServerGetInfoRequest(), request.rapParams, false);
  const response = new NetServerGetInfoResponse();
  if (infoLevel > 1) {
    response.win32ErrorCode = NetApiStatus.ErrorInvalidLevel;
    return { parameters: encodeAs(response, false) };
  }
  const info = Object.assign(new RapServerInfo(infoLevel), {
    name: core.name,
    versionMajor: VERSION.major,
    versionMinor: VERSION.minor,
    type: SERVER_TYPE,
  });
  const data = encodeAs(info, false);
  response.totalBytesAvailable = data.length;
  if (data.length > maxDataCount) response.win32ErrorCode = NetApiStatus.ErrorMoreData;
  return { parameters: encodeAs(response, false), data: data.subarray(0, maxDataCount) };
}
