import { type NameTable, namesOf } from '../../io/names.js';
import { SyntaxId } from '../syntax.js';

/** [MS-SRVS] 1.9 The Server Service Remote Protocol, version 3.0, found at `\pipe\srvsvc`. */
export const SRVSVC: SyntaxId = SyntaxId.of('4b324fc8-1670-01d3-1278-5a47bf6ee188', 3, 0);

/** [MS-ERREF] 2.2 and [MS-SRVS] 2.2.2: the result of an operation. */
export const NetApiStatus = {
  Success: 0,
  ErrorAccessDenied: 5,
  ErrorNotSupported: 50,
  ErrorInvalidParameter: 87,
  ErrorInvalidName: 123,
  ErrorInvalidLevel: 124,
  ErrorMoreData: 234,
  NerrNetNameNotFound: 2310,
} as const;

export const netApiStatusNames: NameTable = namesOf(NetApiStatus);
