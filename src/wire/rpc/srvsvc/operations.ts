import type { Wire } from '../../io/layout.js';
import { NetrRemoteTodRequest, NetrRemoteTodResponse } from './netr-remote-tod.js';
import { NetrServerGetInfoRequest, NetrServerGetInfoResponse } from './netr-server-get-info.js';
import { NetrShareEnumRequest, NetrShareEnumResponse } from './netr-share-enum.js';
import { NetrShareGetInfoRequest, NetrShareGetInfoResponse } from './netr-share-get-info.js';

/** [MS-SRVS] 3.1.4 Operation numbers. */
export const SrvsvcOpnum = {
  NetrShareEnum: 15,
  NetrShareGetInfo: 16,
  NetrServerGetInfo: 21,
  NetrRemoteTod: 28,
} as const;

/** An operation's name and what its stubs hold. */
export interface RpcOperation {
  readonly name: string;
  readonly request: new () => Wire;
  readonly response: new () => Wire;
}

/** By opnum. */
export const srvsvcOperations: Readonly<Record<number, RpcOperation>> = {
  [SrvsvcOpnum.NetrShareEnum]: {
    name: 'NetrShareEnum',
    request: NetrShareEnumRequest,
    response: NetrShareEnumResponse,
  },
  [SrvsvcOpnum.NetrShareGetInfo]: {
    name: 'NetrShareGetInfo',
    request: NetrShareGetInfoRequest,
    response: NetrShareGetInfoResponse,
  },
  [SrvsvcOpnum.NetrServerGetInfo]: {
    name: 'NetrServerGetInfo',
    request: NetrServerGetInfoRequest,
    response: NetrServerGetInfoResponse,
  },
  [SrvsvcOpnum.NetrRemoteTod]: {
    name: 'NetrRemoteTOD',
    request: NetrRemoteTodRequest,
    response: NetrRemoteTodResponse,
  },
};
