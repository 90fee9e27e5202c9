import { OpaqueStub } from '../messages.js';
import { operation, type RpcOperations } from '../operation.js';
import {
  NetrCharDevEnumRequest,
  NetrCharDevEnumResponse,
  NetrCharDevQEnumRequest,
  NetrCharDevQEnumResponse,
  NetrConnectionEnumRequest,
  NetrConnectionEnumResponse,
  NetrFileEnumRequest,
  NetrFileEnumResponse,
  NetrServerTransportEnumRequest,
  NetrServerTransportEnumResponse,
  NetrSessionEnumRequest,
  NetrSessionEnumResponse,
} from './enumerations.js';
import { NetrRemoteTodRequest, NetrRemoteTodResponse } from './netr-remote-tod.js';
import { NetrServerGetInfoRequest, NetrServerGetInfoResponse } from './netr-server-get-info.js';
import { NetrShareEnumRequest, NetrShareEnumResponse } from './netr-share-enum.js';
import { NetrShareGetInfoRequest, NetrShareGetInfoResponse } from './netr-share-get-info.js';
import {
  NetprNameValidateRequest,
  NetrFileCloseRequest,
  NetrFileGetInfoRequest,
  NetrFileGetInfoResponse,
  NetrParmErrResponse,
  NetrServerDiskEnumRequest,
  NetrServerDiskEnumResponse,
  NetrSessionDelRequest,
  NetrShareCheckRequest,
  NetrShareCheckResponse,
  NetrShareDelRequest,
  NetrStatusResponse,
} from './single.js';

/** [MS-SRVS] 3.1.4 Operation numbers. */
export const SrvsvcOpnum = {
  NetrCharDevEnum: 0,
  NetrCharDevQEnum: 3,
  NetrConnectionEnum: 8,
  NetrFileEnum: 9,
  NetrFileGetInfo: 10,
  NetrFileClose: 11,
  NetrSessionEnum: 12,
  NetrSessionDel: 13,
  NetrShareAdd: 14,
  NetrShareEnum: 15,
  NetrShareGetInfo: 16,
  NetrShareSetInfo: 17,
  NetrShareDel: 18,
  NetrShareDelSticky: 19,
  NetrShareCheck: 20,
  NetrServerGetInfo: 21,
  NetrServerSetInfo: 22,
  NetrServerDiskEnum: 23,
  NetrServerTransportAdd: 25,
  NetrServerTransportEnum: 26,
  NetrServerTransportDel: 27,
  NetrRemoteTod: 28,
  NetprNameValidate: 33,
  NetrShareEnumSticky: 36,
} as const;

/** By opnum. */
export const srvsvcOperations: RpcOperations = {
  [SrvsvcOpnum.NetrCharDevEnum]: operation('NetrCharDevEnum', NetrCharDevEnumRequest, NetrCharDevEnumResponse),
  [SrvsvcOpnum.NetrCharDevQEnum]: operation('NetrCharDevQEnum', NetrCharDevQEnumRequest, NetrCharDevQEnumResponse),
  [SrvsvcOpnum.NetrConnectionEnum]: operation(
    'NetrConnectionEnum',
    NetrConnectionEnumRequest,
    NetrConnectionEnumResponse,
  ),
  [SrvsvcOpnum.NetrFileEnum]: operation('NetrFileEnum', NetrFileEnumRequest, NetrFileEnumResponse),
  [SrvsvcOpnum.NetrFileGetInfo]: operation('NetrFileGetInfo', NetrFileGetInfoRequest, NetrFileGetInfoResponse),
  [SrvsvcOpnum.NetrFileClose]: operation('NetrFileClose', NetrFileCloseRequest, NetrStatusResponse),
  [SrvsvcOpnum.NetrSessionEnum]: operation('NetrSessionEnum', NetrSessionEnumRequest, NetrSessionEnumResponse),
  [SrvsvcOpnum.NetrSessionDel]: operation('NetrSessionDel', NetrSessionDelRequest, NetrStatusResponse),
  [SrvsvcOpnum.NetrShareAdd]: operation('NetrShareAdd', OpaqueStub, NetrParmErrResponse),
  [SrvsvcOpnum.NetrShareEnum]: operation('NetrShareEnum', NetrShareEnumRequest, NetrShareEnumResponse),
  [SrvsvcOpnum.NetrShareGetInfo]: operation('NetrShareGetInfo', NetrShareGetInfoRequest, NetrShareGetInfoResponse),
  [SrvsvcOpnum.NetrShareSetInfo]: operation('NetrShareSetInfo', OpaqueStub, NetrParmErrResponse),
  [SrvsvcOpnum.NetrShareDel]: operation('NetrShareDel', NetrShareDelRequest, NetrStatusResponse),
  [SrvsvcOpnum.NetrShareDelSticky]: operation('NetrShareDelSticky', NetrShareDelRequest, NetrStatusResponse),
  [SrvsvcOpnum.NetrShareCheck]: operation('NetrShareCheck', NetrShareCheckRequest, NetrShareCheckResponse),
  [SrvsvcOpnum.NetrServerGetInfo]: operation('NetrServerGetInfo', NetrServerGetInfoRequest, NetrServerGetInfoResponse),
  [SrvsvcOpnum.NetrServerSetInfo]: operation('NetrServerSetInfo', OpaqueStub, NetrParmErrResponse),
  [SrvsvcOpnum.NetrServerDiskEnum]: operation(
    'NetrServerDiskEnum',
    NetrServerDiskEnumRequest,
    NetrServerDiskEnumResponse,
  ),
  [SrvsvcOpnum.NetrServerTransportAdd]: operation('NetrServerTransportAdd', OpaqueStub, NetrStatusResponse),
  [SrvsvcOpnum.NetrServerTransportEnum]: operation(
    'NetrServerTransportEnum',
    NetrServerTransportEnumRequest,
    NetrServerTransportEnumResponse,
  ),
  [SrvsvcOpnum.NetrServerTransportDel]: operation('NetrServerTransportDel', OpaqueStub, NetrStatusResponse),
  [SrvsvcOpnum.NetrRemoteTod]: operation('NetrRemoteTOD', NetrRemoteTodRequest, NetrRemoteTodResponse),
  [SrvsvcOpnum.NetprNameValidate]: operation('NetprNameValidate', NetprNameValidateRequest, NetrStatusResponse),
  [SrvsvcOpnum.NetrShareEnumSticky]: operation('NetrShareEnumSticky', NetrShareEnumRequest, NetrShareEnumResponse),
};
