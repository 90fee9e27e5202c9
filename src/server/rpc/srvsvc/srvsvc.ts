import { OpaqueStub } from '#wire/rpc/messages.js';
import {
  NetrCharDevEnumRequest,
  NetrCharDevEnumResponse,
  NetrCharDevQEnumRequest,
  NetrCharDevQEnumResponse,
  NetrServerTransportEnumRequest,
  NetrServerTransportEnumResponse,
} from '#wire/rpc/srvsvc/enumerations.js';
import { NetApiStatus, SRVSVC } from '#wire/rpc/srvsvc/interface.js';
import { SrvsvcOpnum } from '#wire/rpc/srvsvc/operations.js';
import { NetrParmErrResponse, NetrStatusResponse } from '#wire/rpc/srvsvc/single.js';
import { on, type RpcInterface, type RpcOperation } from '../interface.js';
import { enumDisks, getServerInfo, remoteTod, validateName } from './server.js';
import { checkShare, deleteShare, enumShares, enumStickyShares, getShareInfo } from './shares.js';
import { closeFile, deleteSession, enumConnections, enumFiles, enumSessions, getFileInfo } from './usage.js';

/** Remote configuration of the server is denied to everybody. */
const denied = (Response: typeof NetrParmErrResponse | typeof NetrStatusResponse): RpcOperation =>
  on(OpaqueStub, Response, () => NetApiStatus.ErrorAccessDenied);

/** The Server Service ([MS-SRVS] 3.1.4). */
export const srvsvc: RpcInterface = {
  syntax: SRVSVC,
  operations: {
    // As on every current server: character devices are obsolete.
    [SrvsvcOpnum.NetrCharDevEnum]: on(NetrCharDevEnumRequest, NetrCharDevEnumResponse, (request, response) => {
      response.infoStruct.level = request.infoStruct.level;
      response.resumeHandle = null;
      return NetApiStatus.ErrorNotSupported;
    }),
    [SrvsvcOpnum.NetrCharDevQEnum]: on(NetrCharDevQEnumRequest, NetrCharDevQEnumResponse, (request, response) => {
      response.infoStruct.level = request.infoStruct.level;
      response.resumeHandle = null;
      return NetApiStatus.ErrorNotSupported;
    }),
    [SrvsvcOpnum.NetrConnectionEnum]: enumConnections,
    [SrvsvcOpnum.NetrFileEnum]: enumFiles,
    [SrvsvcOpnum.NetrFileGetInfo]: getFileInfo,
    [SrvsvcOpnum.NetrFileClose]: closeFile,
    [SrvsvcOpnum.NetrSessionEnum]: enumSessions,
    [SrvsvcOpnum.NetrSessionDel]: deleteSession,
    [SrvsvcOpnum.NetrShareAdd]: denied(NetrParmErrResponse),
    [SrvsvcOpnum.NetrShareEnum]: enumShares,
    [SrvsvcOpnum.NetrShareGetInfo]: getShareInfo,
    [SrvsvcOpnum.NetrShareSetInfo]: denied(NetrParmErrResponse),
    [SrvsvcOpnum.NetrShareDel]: deleteShare,
    [SrvsvcOpnum.NetrShareDelSticky]: deleteShare,
    [SrvsvcOpnum.NetrShareCheck]: checkShare,
    [SrvsvcOpnum.NetrServerGetInfo]: getServerInfo,
    [SrvsvcOpnum.NetrServerSetInfo]: denied(NetrParmErrResponse),
    [SrvsvcOpnum.NetrServerDiskEnum]: enumDisks,
    [SrvsvcOpnum.NetrServerTransportAdd]: denied(NetrStatusResponse),
    [SrvsvcOpnum.NetrServerTransportEnum]: on(
      NetrServerTransportEnumRequest,
      NetrServerTransportEnumResponse,
      (request, response) => {
        response.infoStruct.level = request.infoStruct.level;
        response.resumeHandle = null;
        return NetApiStatus.ErrorNotSupported;
      },
    ),
    [SrvsvcOpnum.NetrServerTransportDel]: denied(NetrStatusResponse),
    [SrvsvcOpnum.NetrRemoteTod]: remoteTod,
    [SrvsvcOpnum.NetprNameValidate]: validateName,
    [SrvsvcOpnum.NetrShareEnumSticky]: enumStickyShares,
  },
};
