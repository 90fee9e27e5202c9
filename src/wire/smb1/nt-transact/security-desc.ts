import type { Layout, Wire } from '../../io/layout.js';
import type { NameTable } from '../../io/names.js';

const SECURITY_INFORMATION: NameTable = {
  1: 'OWNER_SECURITY_INFORMATION',
  2: 'GROUP_SECURITY_INFORMATION',
  4: 'DACL_SECURITY_INFORMATION',
  8: 'SACL_SECURITY_INFORMATION',
};

/**
 * [MS-CIFS] 2.2.7.3.1 NT_TRANSACT_SET_SECURITY_DESC and 2.2.7.6.1 NT_TRANSACT_QUERY_SECURITY_DESC Request: the
 * parameters. The descriptor is in the data of the SET request and of the QUERY response.
 */
export class SecurityDescRequest implements Wire {
  fid = 0;
  securityInformation = 0;

  layout(io: Layout): void {
    this.fid = io.u16('FID', this.fid);
    io.skip('Reserved', 2);
    this.securityInformation = io.flags32('SecurityInformation', this.securityInformation, SECURITY_INFORMATION);
  }
}

/** [MS-CIFS] 2.2.7.6.2 NT_TRANSACT_QUERY_SECURITY_DESC Response, its parameters. */
export class QuerySecurityDescResponse implements Wire {
  lengthNeeded = 0;

  layout(io: Layout): void {
    this.lengthNeeded = io.u32('LengthNeeded', this.lengthNeeded);
  }
}
