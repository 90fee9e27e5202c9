import type { DfsReferral } from '#wire/dfsc/dfs-referral.js';
import { DfsServerType } from '#wire/dfsc/dfs-referral.js';
import type { GetDfsReferralResponse } from '#wire/dfsc/get-dfs-referral.js';
import { folded, parseUnc, type UncPath } from './unc-path.js';

/** Referrals that are kept; the oldest go first. */
const MAX_ENTRIES = 1000;
/** A server that says 0 would have us ask before every request. */
const MIN_TTL_MS = 1000;
const MAX_TTL_MS = 86_400_000;

/** Where a root or a link leads: the targets in the server's order, and which of them is in use. */
export class Referral {
  /** `\server\share\link`, as it was asked for. */
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

  /** The target that was good last ([MS-DFSC] 3.1.5.1, TargetHint). */
  get target(): UncPath {
    return this.targets[this.#hint] as UncPath;
  }

  /** Goes on to the next target after one that failed, unless somebody else has done so already. */
  passOver(target: UncPath): void {
    if (this.target === target) this.#hint = (this.#hint + 1) % this.targets.length;
  }
}

/** What the servers have told of DFS, for as long as they said that it holds ([MS-DFSC] 3.1.1). */
export class ReferralCache {
  readonly #entries = new Map<string, Referral>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The referral for the longest beginning of the path, whole names only. */
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

  /** Takes what a server answered for a path. Undefined where that leads nowhere. */
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

/** It ends where a name ends, and names at least a server and a share. */
function isWhole(prefix: string, asked: string): boolean {
  const next = asked[prefix.length];
  return (next === undefined || next === '\\') && prefix.split('\\').length >= 3;
}
