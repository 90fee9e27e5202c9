import { HandClock } from '#testing/hand-clock.js';
import { DfsReferral } from '#wire/dfsc/dfs-referral.js';
import { GetDfsReferralResponse } from '#wire/dfsc/get-dfs-referral.js';
import { ConnectionLost, StatusError } from '#wire/erref/errors.js';
import type { ShareRedirectError } from '#wire/smb2/error-data/share-redirect.js';
import type { SymbolicLinkError } from '#wire/smb2/error-data/symbolic-link.js';
import { abortable } from '../abort.js';
import { type Settings, settingsFrom } from '../options.js';
import type { ClientConnection, FileProtocol, Tree } from '../protocol.js';
import { PLAIN_SHARE } from '../share-facts.js';
import { type Dial, enter } from './enter.js';

export function referral(consumed: string, ttl: number, ...targets: string[]): GetDfsReferralResponse {
  return Object.assign(new GetDfsReferralResponse(), {
    pathConsumed: consumed.length * 2,
    referralEntries: targets.map((networkAddress) =>
      Object.assign(new DfsReferral(), { networkAddress, timeToLive: ttl }),
    ),
  });
}

/** Scripted servers: what they answer for each path and share. */
export interface Server {
  readonly stat?: (share: string, path: string) => void;
  readonly tree?: (share: string) => void;
  readonly referral?: (path: string) => GetDfsReferralResponse | undefined;
  readonly mkdir?: (path: string) => void;
  /** Neither accepts nor refuses connections. */
  readonly silent?: boolean;
  lost?: unknown;
}

function network(servers: Record<string, Server>): { dial: Dial; log: string[] } {
  const log: string[] = [];
  const dial: Dial = async ({ host, port, address }, signal) => {
    const name = address ?? host;
    log.push(`dial ${name}`);
    const server = servers[name];
    if (!server) throw new ConnectionLost(`nobody at ${name}`);
    if (server.silent) {
      const never = abortable(new Promise<ClientConnection>(() => undefined), signal);
      return never.finally(() => log.push(`give up ${name}`));
    }
    return {
      get lost() {
        return server.lost;
      },
      host,
      port,
      info: { dialect: '3.1.1' },
      tree: async (share: string): Promise<Tree> => {
        server.tree?.(share);
        const protocol = {
          stat: async (path: string) => {
            log.push(`${name}/${share}/${path}`);
            server.stat?.(share, path);
          },
          mkdir: async (path: string) => {
            log.push(`${name}/${share}/${path}`);
            server.mkdir?.(path);
          },
          open: async ({ path }: { path: string }) => ({ path }),
          close: async () => undefined,
          list: async function* () {
            yield [];
            yield [];
          },
          disconnect: async () => undefined,
        };
        return {
          protocol: protocol as unknown as FileProtocol,
          encrypted: false,
          facts: { ...PLAIN_SHARE, dfs: true },
        };
      },
      referral: async (path: string) => {
        log.push(`referral ${path}`);
        return server.referral?.(path);
      },
      close: async () => void log.push(`close ${name}`),
    } as unknown as ClientConnection;
  };
  return { dial, log };
}

export async function entered(
  servers: Record<string, Server>,
  options: Parameters<typeof settingsFrom>[1] = {},
  clock: HandClock = new HandClock(),
): Promise<{ protocol: FileProtocol; log: string[]; clock: HandClock }> {
  const settings: Settings = settingsFrom('smb://u:p@home/root', options);
  const { dial, log } = network(servers);
  const connection = await dial({ host: 'home', port: 445 });
  const { tree } = await enter(connection, 'root', { settings, dial, clock });
  return { protocol: tree.protocol, log, clock };
}

export const refuse = (status: number, data?: ShareRedirectError | SymbolicLinkError): never => {
  throw new StatusError(status, { data });
};
