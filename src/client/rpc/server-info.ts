import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { NetApiStatus, netApiStatusNames } from '#wire/rpc/srvsvc/interface.js';
import { NetrServerGetInfoRequest, NetrServerGetInfoResponse } from '#wire/rpc/srvsvc/netr-server-get-info.js';
import { SrvsvcOpnum } from '#wire/rpc/srvsvc/operations.js';
import { serverTypeNames } from '#wire/rpc/srvsvc/server-info.js';
import type { ClientConnection, Control } from '../protocol.js';
import { withServerService } from './share-list.js';

/** What a server says about itself. */
export interface ServerInfo {
  readonly name: string;
  readonly comment: string;
  /** Version of the reported operating system: `10.0`. */
  readonly version: string;
  /** What the server is: `Workstation`, `DomainCtrl`, `PrintqServer` … */
  readonly roles: readonly string[];
}

/** Everyone may query level 101. */
const LEVEL = 101;

/** Queries the server service about the server ([MS-SRVS] 3.1.4.17). */
export function askServerInfo(connection: ClientConnection, control: Control): Promise<ServerInfo> {
  return withServerService(connection, control, async (pipe) => {
    const request = Object.assign(new NetrServerGetInfoRequest(), {
      serverName: `\\\\${connection.host}`,
      level: LEVEL,
    });
    const answer = await pipe.call(SrvsvcOpnum.NetrServerGetInfo, request, new NetrServerGetInfoResponse(), control);
    const { status, info } = answer;
    if (status !== NetApiStatus.Success || info === null) {
      const denied = status === NetApiStatus.ErrorAccessDenied;
      const hint = netApiStatusNames[status] ?? `error ${status}`;
      throw new StatusError(denied ? NtStatus.AccessDenied : NtStatus.Unsuccessful, {
        command: 'NetrServerGetInfo',
        hint,
      });
    }
    return {
      name: info.name ?? '',
      comment: info.comment ?? '',
      version: `${info.versionMajor & 0x0f}.${info.versionMinor}`,
      roles: Object.entries(serverTypeNames)
        .filter(([bit]) => (info.type & Number(bit)) !== 0)
        .map(([, name]) => name.replace(/^SV_TYPE_/, '')),
    };
  });
}
