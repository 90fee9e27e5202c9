import { type NameTable, namesOf } from '../../io/names.js';
import { SyntaxId } from '../syntax.js';

/** [MS-SRVS] 1.9 The Server Service Remote Protocol, version 3.0, found at `\pipe\srvsvc`. */
export const SRVSVC: SyntaxId = SyntaxId.of('4b324fc8-1670-01d3-1278-5a47bf6ee188', 3, 0);

/** [MS-ERREF] 2.2 and [MS-SRVS] 2.2.2: the result of an operation. */
export const NetApiStatus = {
  Success: 0,
  ErrorFileNotFound: 2,
  ErrorAccessDenied: 5,
  ErrorInvalidHandle: 6,
  ErrorNotSupported: 50,
  ErrorInvalidParameter: 87,
  ErrorInvalidName: 123,
  ErrorInvalidLevel: 124,
  ErrorMoreData: 234,
  ErrorNoSuchLogonSession: 1312,
  NerrUseNotFound: 2250,
  NerrNetNameNotFound: 2310,
  NerrDeviceNotShared: 2311,
  NerrClientNameNotFound: 2312,
  NerrFileIdNotFound: 2314,
  /** An HRESULT: the operation is not available over the network. */
  RpcERemoteDisabled: 0x8001011c,
} as const;

export const netApiStatusNames: NameTable = namesOf(NetApiStatus);
