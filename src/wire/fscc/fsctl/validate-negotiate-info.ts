import { type Guid, NIL_GUID } from '../../dtyp/guid.js';
import type { Layout } from '../../io/layout.js';

/** [MS-SMB2] 2.2.31.4 VALIDATE_NEGOTIATE_INFO Request: repeats, signed, what the client sent in NEGOTIATE. */
export class ValidateNegotiateInfoRequest {
  capabilities = 0;
  guid: Guid = NIL_GUID;
  securityMode = 0;
  dialects: number[] = [];

  layout(io: Layout): void {
    this.capabilities = io.u32('Capabilities', this.capabilities);
    this.guid = io.guid('Guid', this.guid);
    this.securityMode = io.u16('SecurityMode', this.securityMode);
    const count = io.u16('DialectCount', this.dialects.length);
    this.dialects = io.u16s('Dialects', count, this.dialects);
  }
}

/** [MS-SMB2] 2.2.32.6 VALIDATE_NEGOTIATE_INFO Response: what the server answered to NEGOTIATE. */
export class ValidateNegotiateInfoResponse {
  capabilities = 0;
  guid: Guid = NIL_GUID;
  securityMode = 0;
  dialect = 0;

  layout(io: Layout): void {
    this.capabilities = io.u32('Capabilities', this.capabilities);
    this.guid = io.guid('Guid', this.guid);
    this.securityMode = io.u16('SecurityMode', this.securityMode);
    this.dialect = io.u16('Dialect', this.dialect);
  }
}
