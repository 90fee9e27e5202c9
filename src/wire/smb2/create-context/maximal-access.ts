import { fileAccessNames } from '../../dtyp/access-mask.js';
import { ntStatusNames } from '../../erref/nt-status.js';
import type { Layout } from '../../io/layout.js';

/** [MS-SMB2] 2.2.13.2.5 SMB2_CREATE_QUERY_MAXIMAL_ACCESS_REQUEST. */
export class CreateQueryMaximalAccessRequest {
  /** Optional: reply only if the file has changed since. */
  timestamp: bigint | null = null;

  layout(io: Layout): void {
    const present = io.reading ? io.left > 0 : this.timestamp !== null;
    this.timestamp = present ? io.time('Timestamp', this.timestamp ?? 0n) : null;
  }
}

/** [MS-SMB2] 2.2.14.2.5 SMB2_CREATE_QUERY_MAXIMAL_ACCESS_RESPONSE. */
export class CreateQueryMaximalAccessResponse {
  queryStatus = 0;
  maximalAccess = 0;

  layout(io: Layout): void {
    this.queryStatus = io.u32('QueryStatus', this.queryStatus, ntStatusNames);
    this.maximalAccess = io.flags32('MaximalAccess', this.maximalAccess, fileAccessNames);
  }
}
