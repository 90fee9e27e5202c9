import type { Transport } from '#engine/transport.js';
import { UsageError } from '#wire/erref/errors.js';
import { machine, openClient } from './connection.js';
import { type Dial, enter } from './dfs/enter.js';
import type { ConnectOptions, Settings } from './options.js';
import { settingsFrom } from './options.js';
import { pool } from './pool.js';
import type { ClientConnection } from './protocol.js';
import { sharesOf, useOf } from './rpc/on-demand.js';
import type { ServerUse } from './rpc/server-use.js';
import type { ListedShare } from './rpc/share-list.js';
import { Share } from './share.js';

/**
 * Connects to a share. All shares of the same server and account use one connection, unless the options say otherwise;
 * closing the last of them closes it. A lost connection is re-established automatically.
 *
 * The URL is `smb://[DOMAIN;]USER[:PASSWORD]@HOST[:PORT]/SHARE`, or a UNC path, `\\HOST[@PORT]\SHARE`; the options
 * override it. Signing is required unless relaxed; encryption is used if the server or the share demands it.
 *
 * @example
 * const share = await connect('smb://ann@nas/photos', { password, encryption: 'required' })
 * console.log(share.info.dialect, share.info.cipher)
 * await share.close()
 */
export async function connect(url: string | URL, options: ConnectOptions = {}): Promise<Share> {
  const settings = settingsFrom(url, options);
  const name = shareOf(settings);
  return shareOn(await pool.take(settings), name, settings);
}

/** Like `connect`, over an existing transport. */
export async function connectOver(
  transport: Transport,
  url: string | URL,
  options: ConnectOptions = {},
): Promise<Share> {
  const settings = settingsFrom(url, options);
  const name = shareOf(settings);
  return shareOn(await openClient(transport, settings, machine), name, settings);
}

/**
 * Lists the shares of a server, including hidden ones.
 *
 * @example
 * for (const share of await listShares('smb://ann:secret@nas')) console.log(share.name, share.comment)
 */
export async function listShares(url: string | URL, options: ConnectOptions = {}): Promise<ListedShare[]> {
  const settings = settingsFrom(url, options);
  const connection = await pool.take(settings);
  try {
    return await sharesOf(connection, { signal: settings.signal });
  } finally {
    await connection.close();
  }
}

/**
 * Lists the sessions and open files of a server. Servers tell this only to administrators.
 *
 * @example
 * const { sessions, files } = await inspectServer('smb://admin:secret@nas')
 */
export async function inspectServer(url: string | URL, options: ConnectOptions = {}): Promise<ServerUse> {
  const settings = settingsFrom(url, options);
  const connection = await pool.take(settings);
  try {
    return await useOf(connection, { signal: settings.signal });
  } finally {
    await connection.close();
  }
}

function shareOf({ share, path }: Settings): string {
  if (share === undefined) throw new UsageError('the SMB URL names no share: smb://HOST/SHARE');
  if (path !== '')
    throw new UsageError(`the SMB URL goes on behind the share ('${path}'): pass paths to the share's methods`);
  return share;
}

async function shareOn(connection: ClientConnection, name: string, settings: Settings): Promise<Share> {
  try {
    const dial: Dial = (where, signal) =>
      pool.take({ ...settings, address: undefined, ...where, netbios: false, signal });
    const there = await enter(connection, name, { settings, dial, clock: machine.clock });
    return new Share(name, there.connection, there.tree);
  } catch (error) {
    await connection.close();
    throw error;
  }
}
