import type { ClientConnection, Control } from '../protocol.js';
import type { ServerInfo } from './server-info.js';
import type { ServerUse } from './server-use.js';
import type { ListedShare } from './share-list.js';

// RPC is a fifth of the client's code and rarely used, so it is loaded on demand.

export async function sharesOf(connection: ClientConnection, control: Control): Promise<ListedShare[]> {
  const { enumerateShares } = await import('./share-list.js');
  return enumerateShares(connection, control);
}

export async function infoOf(connection: ClientConnection, control: Control): Promise<ServerInfo> {
  const { askServerInfo } = await import('./server-info.js');
  return askServerInfo(connection, control);
}

export async function useOf(connection: ClientConnection, control: Control): Promise<ServerUse> {
  const { serverUse } = await import('./server-use.js');
  return serverUse(connection, control);
}
