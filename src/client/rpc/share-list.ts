import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { NetApiStatus, netApiStatusNames, SRVSVC } from '#wire/rpc/srvsvc/interface.js';
import { NetrShareEnumRequest, NetrShareEnumResponse } from '#wire/rpc/srvsvc/netr-share-enum.js';
import { SrvsvcOpnum } from '#wire/rpc/srvsvc/operations.js';
import { type ShareInfo, ShareType } from '#wire/rpc/srvsvc/share-info.js';
import type { ClientConnection, Control } from '../protocol.js';
import { RpcPipe } from './pipe.js';

/** A share as listed by the server. */
export interface ListedShare {
  readonly name: string;
  readonly kind: 'disk' | 'printer' | 'device' | 'pipe';
  /** Administrative shares and others that are not for browsing; most of their names end in `$`. */
  readonly hidden: boolean;
  readonly comment: string;
}

const KINDS = ['disk', 'printer', 'device', 'pipe'] as const;
/** Most responses for one enumeration. */
const MAX_ROUNDS = 1000;

/** Lists the shares through the server service ([MS-SRVS] 3.1.4.8). */
export function enumerateShares(connection: ClientConnection, control: Control): Promise<ListedShare[]> {
  return withServerService(connection, control, async (pipe) => {
    const shares: ListedShare[] = [];
    const request = new NetrShareEnumRequest();
    request.serverName = `\\\\${connection.host}`;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const answer = await pipe.call(SrvsvcOpnum.NetrShareEnum, request, new NetrShareEnumResponse(), control);
      shares.push(...answer.infoStruct.entries.map(listed));
      if (answer.status === NetApiStatus.Success) return shares;
      checkStatus(answer.status);
      request.resumeHandle = answer.resumeHandle;
    }
    return shares;
  });
}

/** Opens the server service's pipe, runs `work`, and disconnects. */
export async function withServerService<T>(
  connection: ClientConnection,
  control: Control,
  work: (pipe: RpcPipe) => Promise<T>,
): Promise<T> {
  const { protocol } = await connection.tree('IPC$', control);
  try {
    const pipe = await RpcPipe.open(protocol, 'srvsvc', SRVSVC, control);
    try {
      return await work(pipe);
    } finally {
      await pipe.close();
    }
  } finally {
    // The result is known, whatever comes of this.
    await protocol.disconnect().catch(() => undefined);
  }
}

function checkStatus(status: number): void {
  if (status === NetApiStatus.ErrorMoreData) return;
  const denied = status === NetApiStatus.ErrorAccessDenied;
  const hint = netApiStatusNames[status] ?? `error ${status}`;
  throw new StatusError(denied ? NtStatus.AccessDenied : NtStatus.Unsuccessful, { command: 'NetrShareEnum', hint });
}

function listed(info: ShareInfo): ListedShare {
  const name = info.netname ?? '';
  return {
    name,
    kind: KINDS[info.type & 3] ?? 'disk',
    hidden: info.type >>> 0 >= ShareType.Special || name.endsWith('$'),
    comment: info.remark ?? '',
  };
}
