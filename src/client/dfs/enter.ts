import type { Clock } from '#engine/transport.js';
import { ConnectionLost, StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { type MoveDstIpAddr, MoveDstIpAddrType, ShareRedirectError } from '#wire/smb2/error-data/share-redirect.js';
import { abortable } from '../abort.js';
import type { Settings } from '../options.js';
import type { ClientConnection, Tree } from '../protocol.js';
import { Namespace } from './namespace.js';
import { Patience } from './patience.js';
import { isUnreachable, type Place, Places, type Where } from './places.js';
import { ReferralCache } from './referral-cache.js';
import { Resolver } from './resolver.js';
import { parseUnc, sameName, uncText } from './unc-path.js';

/** Connects to another server with the account and policies of the first one. */
export type Dial = (
  where: { host: string; port: number; address?: string },
  signal?: AbortSignal,
) => Promise<ClientConnection>;

export interface EnterTerms {
  readonly settings: Settings;
  readonly dial: Dial;
  readonly clock: Clock;
}

/** Upper bound on the servers tried for one share, whether through redirects or DFS. */
const MAX_TRIES = 16;

/**
 * Connects to a share wherever it is: if the server says that another one has it (a share redirect of a cluster, or a
 * DFS root), the connection is replaced by one to that server. On failure, the original connection is left untouched.
 */
export async function enter(
  connection: ClientConnection,
  share: string,
  terms: EnterTerms,
): Promise<{ connection: ClientConnection; tree: Tree }> {
  const { settings, clock } = terms;
  const asked = { server: connection.host, port: connection.port, share };
  const patience = (): Patience => new Patience(clock, settings.timeoutMs);
  const budget = { left: MAX_TRIES, patience: patience() };
  const place = await arrive({ ...asked, connection }, terms, budget, settings.signal);
  const { facts } = place.tree;
  const leads = (facts.dfs && settings.dfs) || settings.symlinks;
  if (!leads || facts.kind !== 'disk' || place.connection.info.dialect === 'NT1') {
    return { connection: place.connection, tree: place.tree };
  }
  const reach = async (where: Where, signal: AbortSignal): Promise<Place> =>
    treeOf(await terms.dial({ host: where.server, port: where.port }, signal), where, signal);
  const places = new Places(place, reach, clock);
  const referrals = new ReferralCache(() => clock.now());
  const resolver = new Resolver({ home: place, places, referrals, symlinks: settings.symlinks, patience });
  return { connection: place.connection, tree: { ...place.tree, protocol: new Namespace(place, places, resolver) } };
}

type Asked = Omit<Place, 'tree'>;

async function treeOf(connection: ClientConnection, where: Where, signal: AbortSignal): Promise<Place> {
  try {
    return { ...where, connection, tree: await connection.tree(where.share, { signal }) };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** Tries and time left for finding the share, counted across all redirects. */
interface Budget {
  left: number;
  readonly patience: Patience;
}

async function arrive(
  asked: Asked,
  terms: EnterTerms,
  budget: Budget,
  signal: AbortSignal | undefined,
): Promise<Place> {
  const { connection, share } = asked;
  try {
    return { ...asked, tree: await connection.tree(share, { signal }) };
  } catch (error) {
    if (!(error instanceof StatusError) || error.status !== NtStatus.BadNetworkName) throw error;
    const ways =
      error.data instanceof ShareRedirectError ? redirects(error.data, asked) : await roots(asked, terms, signal);
    if (ways.length === 0) throw error;
    const place = await firstOf(ways, terms, budget, signal);
    await connection.close();
    return place;
  }
}

interface Way {
  readonly server: string;
  readonly port: number;
  readonly share: string;
  readonly address?: string;
}

/** [MS-SMB2] 3.2.5.5: the addresses of the server that has the share now. */
function redirects(error: ShareRedirectError, { server, port, share }: Asked): Way[] {
  const named = parseUnc(error.resourceName) ?? { server, share };
  const addresses = error.ipAddrMoveList.map(addressText);
  return addresses.map((address) => ({ server: named.server, share: named.share, port, address }));
}

function addressText({ type, address }: MoveDstIpAddr): string {
  if (type === MoveDstIpAddrType.V4) return address.subarray(0, 4).join('.');
  const words = Array.from({ length: 8 }, (_, i) => ((address[i * 2] ?? 0) << 8) | (address[i * 2 + 1] ?? 0));
  return words.map((word) => word.toString(16)).join(':');
}

/** [MS-DFSC] 3.1.4.1: a root that is hosted on other servers. */
async function roots(
  { connection, server, port, share }: Asked,
  { settings }: EnterTerms,
  signal: AbortSignal | undefined,
): Promise<Way[]> {
  if (!settings.dfs) return [];
  const text = uncText({ server, share, path: '' });
  const response = await connection.referral(text, { signal });
  const cache = new ReferralCache(() => 0);
  const targets = (response && cache.add(text, response)?.targets) ?? [];
  // A target below a share's root would need its own path prefix; no real root has such a target.
  return targets
    .filter((target) => target.path === '')
    .map((target) => ({ ...target, port: target.port ?? (sameName(target.server, server) ? port : 445) }))
    .filter((target) => !sameName(uncText({ ...target, path: '' }), text) || target.port !== port);
}

async function firstOf(
  ways: readonly Way[],
  terms: EnterTerms,
  budget: Budget,
  signal: AbortSignal | undefined,
): Promise<Place> {
  const errors: unknown[] = [];
  for (const [i, way] of ways.entries()) {
    if (budget.left-- <= 0) throw new ConnectionLost('the servers send us from one to another', { retryable: false });
    try {
      signal?.throwIfAborted();
      const isLast = i === ways.length - 1;
      return await budget.patience.spend(isLast, signal, (limit) => goTo(way, terms, budget, limit));
    } catch (error) {
      if (!isUnreachable(error) || signal?.aborted) throw error;
      errors.push(error);
    }
    if (budget.patience.isOver) break;
  }
  const names = ways.map(({ server, share }) => `\\\\${server}\\${share}`).join(', ');
  throw new ConnectionLost(`the share is at ${names}, and nobody is reached there`, {
    code: 'SMB_DFS_UNREACHABLE',
    cause: new AggregateError(errors, 'the servers, in order'),
  });
}

async function goTo(
  { server, port, share, address }: Way,
  terms: EnterTerms,
  budget: Budget,
  signal: AbortSignal,
): Promise<Place> {
  const dialled = terms.dial({ host: server, port, ...(address === undefined ? {} : { address }) }, signal);
  const connection = await abortable(dialled, signal, (late) => void late.close());
  try {
    return await arrive({ server, port, share, connection }, terms, budget, signal);
  } catch (error) {
    await connection.close();
    throw error;
  }
}
