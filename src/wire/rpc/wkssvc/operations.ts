import { OpaqueStub } from '../messages.js';
import { operation, type RpcOperations } from '../operation.js';
import { NetrParmErrResponse, NetrStatusResponse } from '../srvsvc/single.js';
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
} from './lists.js';
import {
  NetrEnumerateComputerNamesRequest,
  NetrEnumerateComputerNamesResponse,
  NetrGetJoinableOusResponse,
  NetrGetJoinInformationRequest,
  NetrGetJoinInformationResponse,
  NetrWorkstationStatisticsGetRequest,
  NetrWorkstationStatisticsGetResponse,
} from './names.js';
import { NetrWkstaGetInfoRequest, NetrWkstaGetInfoResponse } from './wksta-info.js';

/** [MS-WKST] 3.2.4 Operation numbers. */
export const WkssvcOpnum = {
  NetrWkstaGetInfo: 0,
  NetrWkstaSetInfo: 1,
  NetrWkstaUserEnum: 2,
  NetrWkstaUserGetInfo: 3,
  NetrWkstaUserSetInfo: 4,
  NetrWkstaTransportEnum: 5,
  NetrWkstaTransportAdd: 6,
  NetrWkstaTransportDel: 7,
  NetrUseAdd: 8,
  NetrUseGetInfo: 9,
  NetrUseDel: 10,
  NetrUseEnum: 11,
  NetrMessageBufferSend: 12,
  NetrWorkstationStatisticsGet: 13,
  NetrLogonDomainNameAdd: 14,
  NetrLogonDomainNameDel: 15,
  NetrJoinDomain: 16,
  NetrUnjoinDomain: 17,
  NetrRenameMachineInDomain: 18,
  NetrValidateName: 19,
  NetrGetJoinInformation: 20,
  NetrGetJoinableOus: 21,
  NetrJoinDomain2: 22,
  NetrUnjoinDomain2: 23,
  NetrRenameMachineInDomain2: 24,
  NetrValidateName2: 25,
  NetrGetJoinableOus2: 26,
  NetrAddAlternateComputerName: 27,
  NetrRemoveAlternateComputerName: 28,
  NetrSetPrimaryComputerName: 29,
  NetrEnumerateComputerNames: 30,
} as const;

const refused = (name: string): RpcOperations[number] => operation(name, OpaqueStub, NetrStatusResponse);

/** By opnum. */
export const wkssvcOperations: RpcOperations = {
  [WkssvcOpnum.NetrWkstaGetInfo]: operation('NetrWkstaGetInfo', NetrWkstaGetInfoRequest, NetrWkstaGetInfoResponse),
  [WkssvcOpnum.NetrWkstaSetInfo]: operation('NetrWkstaSetInfo', OpaqueStub, NetrParmErrResponse),
  [WkssvcOpnum.NetrWkstaUserEnum]: operation('NetrWkstaUserEnum', NetrWkstaUserEnumRequest, NetrWkstaUserEnumResponse),
  [WkssvcOpnum.NetrWkstaUserGetInfo]: operation(
    'NetrWkstaUserGetInfo',
    NetrWkstaUserGetInfoRequest,
    NetrWkstaUserGetInfoResponse,
  ),
  [WkssvcOpnum.NetrWkstaUserSetInfo]: operation('NetrWkstaUserSetInfo', OpaqueStub, NetrParmErrResponse),
  [WkssvcOpnum.NetrWkstaTransportEnum]: operation(
    'NetrWkstaTransportEnum',
    NetrWkstaTransportEnumRequest,
    NetrWkstaTransportEnumResponse,
  ),
  [WkssvcOpnum.NetrWkstaTransportAdd]: operation('NetrWkstaTransportAdd', OpaqueStub, NetrParmErrResponse),
  [WkssvcOpnum.NetrWkstaTransportDel]: refused('NetrWkstaTransportDel'),
  [WkssvcOpnum.NetrUseAdd]: operation('NetrUseAdd', OpaqueStub, NetrParmErrResponse),
  [WkssvcOpnum.NetrUseGetInfo]: operation('NetrUseGetInfo', NetrUseGetInfoRequest, NetrUseGetInfoResponse),
  [WkssvcOpnum.NetrUseDel]: refused('NetrUseDel'),
  [WkssvcOpnum.NetrUseEnum]: operation('NetrUseEnum', NetrUseEnumRequest, NetrUseEnumResponse),
  [WkssvcOpnum.NetrMessageBufferSend]: refused('NetrMessageBufferSend'),
  [WkssvcOpnum.NetrWorkstationStatisticsGet]: operation(
    'NetrWorkstationStatisticsGet',
    NetrWorkstationStatisticsGetRequest,
    NetrWorkstationStatisticsGetResponse,
  ),
  [WkssvcOpnum.NetrLogonDomainNameAdd]: refused('NetrLogonDomainNameAdd'),
  [WkssvcOpnum.NetrLogonDomainNameDel]: refused('NetrLogonDomainNameDel'),
  [WkssvcOpnum.NetrJoinDomain]: refused('NetrJoinDomain'),
  [WkssvcOpnum.NetrUnjoinDomain]: refused('NetrUnjoinDomain'),
  [WkssvcOpnum.NetrRenameMachineInDomain]: refused('NetrRenameMachineInDomain'),
  [WkssvcOpnum.NetrValidateName]: refused('NetrValidateName'),
  [WkssvcOpnum.NetrGetJoinInformation]: operation(
    'NetrGetJoinInformation',
    NetrGetJoinInformationRequest,
    NetrGetJoinInformationResponse,
  ),
  [WkssvcOpnum.NetrGetJoinableOus]: operation('NetrGetJoinableOUs', OpaqueStub, NetrGetJoinableOusResponse),
  [WkssvcOpnum.NetrJoinDomain2]: refused('NetrJoinDomain2'),
  [WkssvcOpnum.NetrUnjoinDomain2]: refused('NetrUnjoinDomain2'),
  [WkssvcOpnum.NetrRenameMachineInDomain2]: refused('NetrRenameMachineInDomain2'),
  [WkssvcOpnum.NetrValidateName2]: refused('NetrValidateName2'),
  [WkssvcOpnum.NetrGetJoinableOus2]: operation('NetrGetJoinableOUs2', OpaqueStub, NetrGetJoinableOusResponse),
  [WkssvcOpnum.NetrAddAlternateComputerName]: refused('NetrAddAlternateComputerName'),
  [WkssvcOpnum.NetrRemoveAlternateComputerName]: refused('NetrRemoveAlternateComputerName'),
  [WkssvcOpnum.NetrSetPrimaryComputerName]: refused('NetrSetPrimaryComputerName'),
  [WkssvcOpnum.NetrEnumerateComputerNames]: operation(
    'NetrEnumerateComputerNames',
    NetrEnumerateComputerNamesRequest,
    NetrEnumerateComputerNamesResponse,
  ),
};
