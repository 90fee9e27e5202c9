import { ConnectionLost, type NodeStat, type Share } from '#client/index.js';
import { explainError, Failure, failuresOf, isUsage } from './failure.js';
import { isPattern, matched, matchedIfAny } from './matches.js';
import type { ClientFlags } from './options.js';
import { about, OpenShares, parseUrl, treeOf } from './remote.js';
import { say } from './terminal.js';

export interface EachOptions {
  /** Takes `*` and `?` literally, for names that are to be created. */
  readonly literal?: boolean;
  /** Matches of a pattern that are worked on at a time; 1 by default. */
  readonly parallel?: number;
  /** A pattern that matches nothing is no failure. */
  readonly mayMiss?: boolean | undefined;
}

/** Work on one path. `found`: its status, if a pattern has found it. */
export type EachWork = (share: Share, path: string, url: string, found?: NodeStat) => Promise<void>;

/** Whether URLs stand, or may stand, for more than one path. */
export function isSeveral(urls: readonly string[]): boolean {
  return urls.length > 1 || urls.some((url) => isPattern(parseUrl(url).path));
}

/**
 * Does the same work at several places: those of the URLs, and what their patterns match. Each share is connected to
 * once. A failure is reported and the rest goes on; the exit status is then 1.
 */
export async function onEach(
  command: string,
  urls: readonly string[],
  flags: ClientFlags,
  signal: AbortSignal,
  work: EachWork,
  options: EachOptions = {},
): Promise<void> {
  // Check all URLs before doing anything.
  for (const url of urls) parseUrl(url);
  const shares = new OpenShares(flags, signal);
  const each = new Each(command, signal, work, options);
  try {
    for (const url of urls) {
      const one = (): Promise<void> => shares.on(url, (share, path) => each.at(share, path, url));
      await each.attempt(one, () => urls.length === 1);
    }
  } finally {
    await shares.close();
  }
  each.end();
}

class Each {
  readonly #command: string;
  readonly #signal: AbortSignal;
  readonly #work: EachWork;
  readonly #options: EachOptions;
  #all = 0;
  #failed = 0;

  constructor(command: string, signal: AbortSignal, work: EachWork, options: EachOptions) {
    this.#command = command;
    this.#signal = signal;
    this.#work = work;
    this.#options = options;
  }

  async attempt(one: () => Promise<void>, isFatal: (error: unknown) => boolean): Promise<void> {
    this.#all++;
    try {
      await one();
    } catch (error) {
      if (isUsage(error) || this.#signal.aborted || isFatal(error)) throw error;
      this.#failed++;
      say(`sombrero ${this.#command}: ${explainError(error).line}`);
    }
  }

  async at(share: Share, path: string, url: string): Promise<void> {
    const { literal, mayMiss, parallel = 1 } = this.#options;
    if (literal || !isPattern(path)) return this.#work(share, path, url);
    const found = await (mayMiss ? matchedIfAny : matched)(share, path, url, this.#signal);
    // The matches count, the pattern itself does not.
    this.#all--;
    const tree = treeOf(share, '', url);
    await inLanes(found, parallel, ({ path: place, stat }) =>
      this.attempt(() => about(tree.show(place), () => this.#work(share, place, url, stat)), isLost),
    );
  }

  end(): void {
    if (this.#failed > 0) throw new Failure(failuresOf(this.#failed, this.#all));
  }
}

/** Whether everything that follows would fail as well. */
function isLost(error: unknown): boolean {
  return error instanceof ConnectionLost || (error instanceof Failure && error.cause instanceof ConnectionLost);
}

/** Works on several items at a time, started in order. After a failure none is started. Settles when all have ended. */
async function inLanes<T>(items: readonly T[], lanes: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  let failure: { readonly error: unknown } | undefined;
  const lane = async (): Promise<void> => {
    for (const item of queue) {
      if (failure) return;
      await work(item).catch((error) => {
        failure ??= { error };
      });
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  if (failure) throw failure.error;
}
