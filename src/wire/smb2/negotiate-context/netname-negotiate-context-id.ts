import type { Layout } from '../../io/layout.js';

/** [MS-SMB2] 2.2.3.1.4 SMB2_NETNAME_NEGOTIATE_CONTEXT_ID: the server name used by the client. */
export class NetnameNegotiateContextId {
  netName = '';

  layout(io: Layout): void {
    this.netName = io.utf16Rest('NetName', this.netName);
  }
}
