import type { DfsReferral } from '#wire/dfsc/dfs-referral.js';
import { DfsServerType } from '#wire/dfsc/dfs-referral.js';
import type { GetDfsReferralResponse } from '#wire/dfsc/get-dfs-referral.js';
import { folded, parseUnc, type UncPath } from './unc-path.js';

/** Number of referrals to keep; the oldest are dropped first. */
const MAX_ENTRIES = 1000;
/** Some servers send a TTL of 0, which would mean one referral request per operation. */
const MIN_TTL_MS = 1000;
const MAX_TTL_MS = 86_400_000;

/** The targets of a root or link in the server's order, and the one in use. */
export class Referral {
  /** `\server\share\link`, as in the request. */
  readonly prefix: string;
  readonly isRoot: boolean;
  readonly targets: readonly UncPath[];
  readonly expiresAt: number;
  #hint = 0;

  constructor(prefix: string, isRoot: boolean, targets: readonly UncPath[], expiresAt: number) {
    this.prefix = prefix;
    this.isRoot = isRoot;
    this.targets = targets;
    this.expiresAt = expiresAt;
  }

  /** The last target that worked ([MS-DFSC] 3.1.5.1, TargetHint). */
  get target(): UncPath {
    return this.targets[this.#hint] as UncPath;
  }

  /** Moves on from a target that failed, unless another call has done so already. */
  passOver(target: UncPath): void {
    if (this.target === target) this.#hint = (this.#hint + 1) % this.targets.length;
  }
}

/** Caches DFS referrals for their time to live ([MS-DFSC] 3.1.1). */
export class ReferralCache {
  readonly #entries = new Map<string, Referral>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The referral with the longest prefix of the path, by whole components. */
  find(path: string): Referral | undefined {
    if (this.#entries.size === 0) return undefined;
    let prefix = folded(path);
    while (prefix !== '') {
      const found = this.#entries.get(prefix);
      if (found && found.expiresAt > this.#now()) return found;
      if (found) this.#entries.delete(prefix);
      prefix = prefix.slice(0, prefix.lastIndexOf('\\'));
    }
    return undefined;
  }

  /** Adds a server's response for a path. Undefined if it has no usable target. */
  add(asked: string, response: GetDfsReferralResponse): Referral | undefined {
    const named = response.referralEntries.filter((entry) => !entry.isNameList);
    const targets = named.map(targetOf).filter((target) => target !== undefined);
    const [first] = named;
    if (!first || targets.length === 0) return undefined;
    const prefix = asked.slice(0, response.pathConsumed / 2).replace(/\\+$/, '');
    if (!isWhole(prefix, asked)) return undefined;
    const ttl = Math.min(Math.max(first.timeToLive * 1000, MIN_TTL_MS), MAX_TTL_MS);
    const referral = new Referral(prefix, first.serverType === DfsServerType.Root, targets, this.#now() + ttl);
    const key = folded(prefix);
    this.#entries.delete(key);
    this.#entries.set(key, referral);
    if (this.#entries.size > MAX_ENTRIES) this.#entries.delete(this.#entries.keys().next().value as string);
    return referral;
  }

  forget(referral: Referral): void {
    const key = folded(referral.prefix);
    if (this.#entries.get(key) === referral) this.#entries.delete(key);
  }
}

function targetOf(entry: DfsReferral): UncPath | undefined {
  return parseUnc(entry.networkAddress);
}

/** Whether the prefix ends at a component boundary and has at least a server and a share. */
function isWhole(prefix: string, asked: string): boolean {
  const next = asked[prefix.length];
  return (next === undefined || next === '\\') && prefix.split('\\').length >= 3;
}
