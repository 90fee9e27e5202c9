import { NetApiStatus } from '#wire/rpc/srvsvc/interface.js';
import { NetrShareEnumRequest, NetrShareEnumResponse } from '#wire/rpc/srvsvc/netr-share-enum.js';
import { NetrShareGetInfoRequest, NetrShareGetInfoResponse } from '#wire/rpc/srvsvc/netr-share-get-info.js';
import { isShareLevel, ShareInfo, ShareType } from '#wire/rpc/srvsvc/share-info.js';
import {
  NetrShareCheckRequest,
  NetrShareCheckResponse,
  NetrShareDelRequest,
  NetrStatusResponse,
} from '#wire/rpc/srvsvc/single.js';
import { treesOf } from '../../state/overview.js';
import { isKnown } from '../callers.js';
import { on, type RpcCall, type RpcOperation } from '../interface.js';

/** SHI1005_FLAGS_* ([MS-SRVS] 2.2.4.29). */
const ACCESS_BASED_DIRECTORY_ENUM = 0x0800;
const ENCRYPT_DATA = 0x8000;

/** Levels supported by the two enumerations ([MS-SRVS] 3.1.4.8, 3.1.4.9), and those open to anybody. */
const ENUM_LEVELS: readonly number[] = [0, 1, 2, 501, 502];
const STICKY_LEVELS: readonly number[] = [0, 1, 2, 502];
const OPEN_ENUM_LEVELS: readonly number[] = [0, 1];
const OPEN_LEVELS: readonly number[] = [0, 1, 501, 1005];

/** Shares visible to the caller: those he may use, and IPC$. */
function visibleShares({ core, identity }: RpcCall): ShareInfo[] {
  const uses = new Map<string, number>();
  for (const { tree } of treesOf(core)) uses.set(tree.name, (uses.get(tree.name) ?? 0) + 1);
  const info = (netname: string, type: number, remark: string, flags = 0): ShareInfo => {
    // Local paths are unknown: back ends do not reveal them.
    const facts = { netname, type, remark, flags, path: '', passwd: '', currentUses: uses.get(netname) ?? 0 };
    return Object.assign(new ShareInfo(), facts);
  };
  const shares = core.shares
    .list()
    .filter((share) => share.options.hidden !== true && share.rightOf(identity) !== 'none')
    .map(({ name, options }) => {
      const sealed = options.encryption === 'required' ? ENCRYPT_DATA : 0;
      const hiding = options.hideUnreadable ? ACCESS_BASED_DIRECTORY_ENUM : 0;
      return info(name, ShareType.Disktree, options.comment ?? '', sealed | hiding);
    });
  return [...shares, info('IPC$', (ShareType.Ipc | ShareType.Special) >>> 0, 'IPC Service')];
}

function shareEnum(sticky: boolean) {
  return (request: NetrShareEnumRequest, response: NetrShareEnumResponse, call: RpcCall): number => {
    const { level } = request.infoStruct;
    response.infoStruct.level = level;
    response.resumeHandle = request.resumeHandle === null ? null : 0;
    if (!(sticky ? STICKY_LEVELS : ENUM_LEVELS).includes(level)) return NetApiStatus.ErrorInvalidLevel;
    if (!isKnown(call) && !OPEN_ENUM_LEVELS.includes(level)) return NetApiStatus.ErrorAccessDenied;
    // Shares the server creates by itself are not sticky.
    const shares = visibleShares(call).filter(({ type }) => !sticky || type === ShareType.Disktree);
    response.infoStruct.entries = shares;
    response.totalEntries = shares.length;
    return NetApiStatus.Success;
  };
}

function shareGetInfo(request: NetrShareGetInfoRequest, response: NetrShareGetInfoResponse, call: RpcCall): number {
  response.level = request.level;
  if (!isShareLevel(request.level)) return NetApiStatus.ErrorInvalidLevel;
  if (!isKnown(call) && !OPEN_LEVELS.includes(request.level)) return NetApiStatus.ErrorAccessDenied;
  const wanted = request.netName.toLowerCase();
  response.info = visibleShares(call).find(({ netname }) => netname?.toLowerCase() === wanted) ?? null;
  return response.info === null ? NetApiStatus.NerrNetNameNotFound : NetApiStatus.Success;
}

function shareCheck({ device }: NetrShareCheckRequest, response: NetrShareCheckResponse, call: RpcCall): number {
  const found = visibleShares(call).find(({ path }) => path === device);
  if (found === undefined) return NetApiStatus.NerrDeviceNotShared;
  response.type = found.type;
  return NetApiStatus.Success;
}

/** Shares are configured where the server is started and cannot be changed remotely. */
function shareDel({ netName }: NetrShareDelRequest, _response: NetrStatusResponse, call: RpcCall): number {
  const wanted = netName.toLowerCase();
  const there = visibleShares(call).some(({ netname }) => netname?.toLowerCase() === wanted);
  return there ? NetApiStatus.ErrorAccessDenied : NetApiStatus.NerrNetNameNotFound;
}

export const enumShares: RpcOperation = on(NetrShareEnumRequest, NetrShareEnumResponse, shareEnum(false));
export const enumStickyShares: RpcOperation = on(NetrShareEnumRequest, NetrShareEnumResponse, shareEnum(true));
export const getShareInfo: RpcOperation = on(NetrShareGetInfoRequest, NetrShareGetInfoResponse, shareGetInfo);
export const checkShare: RpcOperation = on(NetrShareCheckRequest, NetrShareCheckResponse, shareCheck);
export const deleteShare: RpcOperation = on(NetrShareDelRequest, NetrStatusResponse, shareDel);
