import { OpaqueStub } from '#wire/rpc/messages.js';
import { NetApiStatus } from '#wire/rpc/srvsvc/interface.js';
import { NetrParmErrResponse, NetrStatusResponse } from '#wire/rpc/srvsvc/single.js';
import { ComputerNameType, JoinStatus, WKSSVC } from '#wire/rpc/wkssvc/interface.js';
import {
  NetrUseEnumRequest,
  NetrUseEnumResponse,
  NetrUseGetInfoRequest,
  NetrUseGetInfoResponse,
  NetrWkstaTransportEnumRequest,
  NetrWkstaTransportEnumResponse,
  NetrWkstaUserEnumRequest,
  NetrWkstaUserEnumResponse,
  NetrWkstaUserGetInfoRequest,
  NetrWkstaUserGetInfoResponse,
  WkstaUserInfo,
} from '#wire/rpc/wkssvc/lists.js';
import {
  NetrEnumerateComputerNamesRequest,
  NetrEnumerateComputerNamesResponse,
  NetrGetJoinableOusResponse,
  NetrGetJoinInformationRequest,
  NetrGetJoinInformationResponse,
  NetrWorkstationStatisticsGetRequest,
  NetrWorkstationStatisticsGetResponse,
} from '#wire/rpc/wkssvc/names.js';
import { WkssvcOpnum } from '#wire/rpc/wkssvc/operations.js';
import {
  isWkstaLevel,
  NetrWkstaGetInfoRequest,
  NetrWkstaGetInfoResponse,
  WkstaInfo,
} from '#wire/rpc/wkssvc/wksta-info.js';
import { isKnown } from './callers.js';
import { on, type RpcCall, type RpcInterface, type RpcOperation } from './interface.js';
import { VERSION } from './srvsvc/server.js';

const refused = (status: number): RpcOperation => on(OpaqueStub, NetrStatusResponse, () => status);
const refusedWithIndex = (status: number): RpcOperation => on(OpaqueStub, NetrParmErrResponse, () => status);
const noOus = (status: number): RpcOperation => on(OpaqueStub, NetrGetJoinableOusResponse, () => status);

/**
 * [MS-WKST] 3.2.4.1: names for everybody, other levels for users. There is no redirector whose settings could be shown.
 */
const getInfo = on(NetrWkstaGetInfoRequest, NetrWkstaGetInfoResponse, (request, response, call) => {
  response.level = request.level;
  if (!isWkstaLevel(request.level)) return NetApiStatus.ErrorInvalidLevel;
  if (request.level !== 100 && !isKnown(call)) return NetApiStatus.ErrorAccessDenied;
  response.info = Object.assign(new WkstaInfo(), {
    computerName: call.core.name,
    lanGroup: call.core.domain,
    verMajor: VERSION.major,
    verMinor: VERSION.minor,
    lanRoot: '',
  });
  return NetApiStatus.Success;
});

/** An empty list; for users only, like everything that describes the machine. */
function nothing(
  request: { readonly info: { readonly level: number; readonly known: boolean }; readonly resumeHandle: number | null },
  response: { readonly info: { level: number }; resumeHandle: number | null },
  call: RpcCall,
): number {
  response.info.level = request.info.level;
  response.resumeHandle = request.resumeHandle === null ? null : 0;
  if (!request.info.known) return NetApiStatus.ErrorInvalidLevel;
  return isKnown(call) ? NetApiStatus.Success : NetApiStatus.ErrorAccessDenied;
}

/** Opnum 3: concerns the user at the machine's console, and there is none. */
const userGetInfo = on(NetrWkstaUserGetInfoRequest, NetrWkstaUserGetInfoResponse, (request, response) => {
  response.level = request.level;
  if (request.serverName !== null) return NetApiStatus.ErrorInvalidParameter;
  if (request.level === 0 || request.level === 1) return NetApiStatus.ErrorNoSuchLogonSession;
  if (request.level !== 1101) return NetApiStatus.ErrorInvalidLevel;
  response.info = Object.assign(new WkstaUserInfo(), { otherDomains: '' });
  return NetApiStatus.Success;
});

const useGetInfo = on(NetrUseGetInfoRequest, NetrUseGetInfoResponse, (request, response) => {
  response.level = request.level;
  return NetApiStatus.NerrUseNotFound;
});

const statistics = on(
  NetrWorkstationStatisticsGetRequest,
  NetrWorkstationStatisticsGetResponse,
  (request, response, call) => {
    if (!isKnown(call)) return NetApiStatus.ErrorAccessDenied;
    if (request.level !== 0) return NetApiStatus.ErrorInvalidLevel;
    if (request.options !== 0) return NetApiStatus.ErrorInvalidParameter;
    response.statisticsStartTime = call.core.startTime;
    return NetApiStatus.Success;
  },
);

const joinInformation = on(NetrGetJoinInformationRequest, NetrGetJoinInformationResponse, (_, response, { core }) => {
  response.nameBuffer = core.domain;
  response.bufferType = JoinStatus.WorkgroupName;
  return NetApiStatus.Success;
});

const computerNames = on(
  NetrEnumerateComputerNamesRequest,
  NetrEnumerateComputerNamesResponse,
  ({ nameType }, response, { core }) => {
    if (nameType > ComputerNameType.All) return NetApiStatus.ErrorInvalidParameter;
    response.computerNames = nameType === ComputerNameType.Alternate ? [] : [core.name];
    return NetApiStatus.Success;
  },
);

/** The Workstation Service ([MS-WKST] 3.2.4) of a server without a redirector or domain. */
export const wkssvc: RpcInterface = {
  syntax: WKSSVC,
  operations: {
    [WkssvcOpnum.NetrWkstaGetInfo]: getInfo,
    [WkssvcOpnum.NetrWkstaSetInfo]: refusedWithIndex(NetApiStatus.ErrorAccessDenied),
    [WkssvcOpnum.NetrWkstaUserEnum]: on(NetrWkstaUserEnumRequest, NetrWkstaUserEnumResponse, nothing),
    [WkssvcOpnum.NetrWkstaUserGetInfo]: userGetInfo,
    [WkssvcOpnum.NetrWkstaUserSetInfo]: refusedWithIndex(NetApiStatus.ErrorNotSupported),
    [WkssvcOpnum.NetrWkstaTransportEnum]: on(NetrWkstaTransportEnumRequest, NetrWkstaTransportEnumResponse, nothing),
    // [MS-WKST] 3.2.4.5: no device can be bound.
    [WkssvcOpnum.NetrWkstaTransportAdd]: refusedWithIndex(NetApiStatus.ErrorInvalidParameter),
    [WkssvcOpnum.NetrWkstaTransportDel]: refused(NetApiStatus.ErrorNotSupported),
    [WkssvcOpnum.NetrUseAdd]: refusedWithIndex(NetApiStatus.ErrorNotSupported),
    [WkssvcOpnum.NetrUseGetInfo]: useGetInfo,
    [WkssvcOpnum.NetrUseDel]: refused(NetApiStatus.NerrUseNotFound),
    [WkssvcOpnum.NetrUseEnum]: on(NetrUseEnumRequest, NetrUseEnumResponse, nothing),
    [WkssvcOpnum.NetrMessageBufferSend]: refused(NetApiStatus.ErrorNotSupported),
    [WkssvcOpnum.NetrWorkstationStatisticsGet]: statistics,
    [WkssvcOpnum.NetrLogonDomainNameAdd]: refused(NetApiStatus.ErrorNotSupported),
    [WkssvcOpnum.NetrLogonDomainNameDel]: refused(NetApiStatus.ErrorNotSupported),
    [WkssvcOpnum.NetrJoinDomain]: refused(NetApiStatus.ErrorNotSupported),
    [WkssvcOpnum.NetrUnjoinDomain]: refused(NetApiStatus.ErrorNotSupported),
    [WkssvcOpnum.NetrRenameMachineInDomain]: refused(NetApiStatus.ErrorNotSupported),
    [WkssvcOpnum.NetrValidateName]: refused(NetApiStatus.ErrorNotSupported),
    [WkssvcOpnum.NetrGetJoinInformation]: joinInformation,
    [WkssvcOpnum.NetrGetJoinableOus]: noOus(NetApiStatus.ErrorNotSupported),
    [WkssvcOpnum.NetrJoinDomain2]: refused(NetApiStatus.ErrorAccessDenied),
    [WkssvcOpnum.NetrUnjoinDomain2]: refused(NetApiStatus.ErrorAccessDenied),
    [WkssvcOpnum.NetrRenameMachineInDomain2]: refused(NetApiStatus.ErrorAccessDenied),
    // Without a password encrypted with the session key, Windows refuses these two.
    [WkssvcOpnum.NetrValidateName2]: refused(NetApiStatus.RpcERemoteDisabled),
    [WkssvcOpnum.NetrGetJoinableOus2]: noOus(NetApiStatus.RpcERemoteDisabled),
    [WkssvcOpnum.NetrAddAlternateComputerName]: refused(NetApiStatus.ErrorAccessDenied),
    [WkssvcOpnum.NetrRemoveAlternateComputerName]: refused(NetApiStatus.ErrorAccessDenied),
    [WkssvcOpnum.NetrSetPrimaryComputerName]: refused(NetApiStatus.ErrorAccessDenied),
    [WkssvcOpnum.NetrEnumerateComputerNames]: computerNames,
  },
};
