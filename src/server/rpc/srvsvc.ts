import type { Identity } from '#auth/mechanism.js';
import { NetApiStatus, SRVSVC } from '#wire/rpc/srvsvc/interface.js';
import { NetrServerGetInfoRequest, NetrServerGetInfoResponse } from '#wire/rpc/srvsvc/netr-server-get-info.js';
import { NetrShareEnumRequest, NetrShareEnumResponse } from '#wire/rpc/srvsvc/netr-share-enum.js';
import { NetrShareGetInfoRequest, NetrShareGetInfoResponse } from '#wire/rpc/srvsvc/netr-share-get-info.js';
import { SrvsvcOpnum } from '#wire/rpc/srvsvc/operations.js';
import { isServerLevel, ServerInfo, ServerType } from '#wire/rpc/srvsvc/server-info.js';
import { isShareLevel, ShareInfo, ShareType } from '#wire/rpc/srvsvc/share-info.js';
import type { ServerCore } from '../core.js';
import type { RpcInterface } from './rpc-connection.js';

/** Levels that tell of paths and permissions are for administrators, of whom we have none ([MS-SRVS] 3.1.4.8). */
const OPEN_LEVELS: readonly number[] = [0, 1];

/** The Server Service as far as clients need it to browse ([MS-SRVS]). */
export function srvsvc(core: ServerCore, identity: Identity): RpcInterface {
  return {
    pipe: 'srvsvc',
    syntax: SRVSVC,
    operations: {
      [SrvsvcOpnum.NetrShareEnum]: {
        request: () => new NetrShareEnumRequest(),
        call: (request) => shareEnum(core, identity, request as NetrShareEnumRequest),
      },
      [SrvsvcOpnum.NetrShareGetInfo]: {
        request: () => new NetrShareGetInfoRequest(),
        call: (request) => shareGetInfo(core, identity, request as NetrShareGetInfoRequest),
      },
      [SrvsvcOpnum.NetrServerGetInfo]: {
        request: () => new NetrServerGetInfoRequest(),
        call: (request) => serverGetInfo(core, request as NetrServerGetInfoRequest),
      },
    },
  };
}

/** What an identity gets to see: shares it may use, and IPC$. */
function visibleShares(core: ServerCore, identity: Identity): ShareInfo[] {
  const shares = core.shares
    .list()
    .filter((share) => share.options.hidden !== true && share.rightOf(identity) !== 'none')
    .map((share) => shareInfo(share.name, ShareType.Disktree, share.options.comment ?? ''));
  return [...shares, shareInfo('IPC$', (ShareType.Ipc | ShareType.Special) >>> 0, 'IPC Service')];
}

function shareInfo(netname: string, type: number, remark: string): ShareInfo {
  return Object.assign(new ShareInfo(), { netname, type, remark });
}

function shareEnum(core: ServerCore, identity: Identity, request: NetrShareEnumRequest): NetrShareEnumResponse {
  const response = new NetrShareEnumResponse();
  const { level } = request.infoStruct;
  response.infoStruct.level = level;
  response.resumeHandle = request.resumeHandle === null ? null : 0;
  if (!isShareLevel(level)) {
    response.status = NetApiStatus.ErrorInvalidLevel;
  } else if (!OPEN_LEVELS.includes(level)) {
    response.status = NetApiStatus.ErrorAccessDenied;
  } else {
    response.infoStruct.entries = visibleShares(core, identity);
    response.totalEntries = response.infoStruct.entries.length;
  }
  return response;
}

function shareGetInfo(
  core: ServerCore,
  identity: Identity,
  request: NetrShareGetInfoRequest,
): NetrShareGetInfoResponse {
  const response = new NetrShareGetInfoResponse();
  response.level = request.level;
  const wanted = request.netName.toLowerCase();
  const found = visibleShares(core, identity).find((info) => info.netname?.toLowerCase() === wanted);
  if (!isShareLevel(request.level)) response.status = NetApiStatus.ErrorInvalidLevel;
  else if (!OPEN_LEVELS.includes(request.level)) response.status = NetApiStatus.ErrorAccessDenied;
  else if (found) response.info = found;
  else response.status = NetApiStatus.NerrNetNameNotFound;
  return response;
}

function serverGetInfo(core: ServerCore, request: NetrServerGetInfoRequest): NetrServerGetInfoResponse {
  const response = new NetrServerGetInfoResponse();
  response.level = request.level;
  if (!isServerLevel(request.level)) {
    response.status = NetApiStatus.ErrorInvalidLevel;
    return response;
  }
  const info = new ServerInfo();
  info.name = core.name;
  info.versionMajor = 6;
  info.versionMinor = 1;
  info.type = ServerType.Workstation | ServerType.Server | ServerType.Nt;
  info.comment = '';
  response.info = info;
  return response;
}
