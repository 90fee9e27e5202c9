import type { ConnectionInfo, Share } from '#client/index.js';
import type { Case, CONNECTION_CASES, FILE_CASES } from './cases.js';
import { driveEcho, driveIdle, driveLogons } from './connections.js';
import { driveData, fill } from './data.js';
import type { Load, Outcome } from './drive.js';
import { SmallFiles } from './files.js';
import { type Protection, type Target, withScratch, withShares } from './scene.js';

/** What to measure. */
export interface Plan {
  readonly cases: readonly Case[];
  /** One round for each; undefined: as the connection flags say. */
  readonly protections: readonly (Protection | undefined)[];
  readonly seconds: number;
  /** Operations in flight on each connection. */
  readonly depth: number;
  readonly connections: number;
  /** Size in bytes of the file for reads and writes. */
  readonly fileSize: number;
  /** Largest number of small files. */
  readonly files: number;
  /** Number of idle connections. */
  readonly idle: number;
}

/** How messages were protected in a round, as negotiated with the server. */
export interface Agreed {
  readonly dialect: string;
  readonly signing: string | undefined;
  readonly encryption: string | undefined;
}

/** One row of the result. Times are in milliseconds, unless named otherwise. */
export interface Row {
  readonly case: string;
  readonly protection: string;
  readonly dialect: string;
  readonly signing: string | undefined;
  readonly encryption: string | undefined;
  readonly depth: number;
  readonly connections: number;
  readonly operations?: number;
  readonly seconds?: number;
  readonly operationsPerSecond?: number;
  readonly bytesPerSecond?: number;
  readonly p50?: number;
  readonly p95?: number;
  readonly p99?: number;
  readonly max?: number;
  /** Processor time of the client per operation. */
  readonly cpuMicrosPerOperation?: number;
  /** For listings: entries per operation. */
  readonly entries?: number;
  /** For idle connections. */
  readonly idle?: { opened: number; alive: number; heapBytesEach: number; residentBytesEach: number };
  /** Why there are no figures. */
  readonly error?: string;
}

type Figures = Omit<Row, 'case' | 'protection' | 'dialect' | 'signing' | 'encryption' | 'depth' | 'connections'>;

function agreed(info: ConnectionInfo): Agreed {
  const { dialect } = info;
  const encryption = info.encrypted ? info.cipher : undefined;
  return { dialect, encryption, signing: encryption === undefined ? info.signingAlgorithm : undefined };
}

function protectionOf({ signing, encryption }: Agreed): Protection {
  if (encryption !== undefined) return 'encrypted';
  return signing === undefined ? 'plain' : 'signed';
}

/** Runs all cases and passes on a row for each. A failed case is a row too; the others go on. */
export async function runPlan(
  target: Target,
  plan: Plan,
  signal: AbortSignal,
  hand: (row: Row) => Promise<void>,
  explain: (error: unknown) => string,
): Promise<void> {
  // If plain messages are to be measured, the server may be one that does not sign.
  const plain = plan.protections.includes('plain') ? ({ signing: 'enabled' } as const) : {};
  const home = { ...target, options: { ...target.options, ...plain } };
  await withScratch(home, async (directory) => {
    for (const protection of plan.protections) {
      try {
        await withShares(target, protection, plan.connections, (shares) =>
          new Round(target, plan, protection, shares, directory, signal, explain).run(hand),
        );
      } catch (error) {
        signal.throwIfAborted();
        const nothing = { dialect: '', signing: undefined, encryption: undefined };
        const { depth, connections } = plan;
        const base = { case: 'connect', protection: protection ?? '', ...nothing, depth, connections };
        await hand({ ...base, error: explain(error) });
      }
    }
  });
}

/** All cases over connections with the same protection. */
class Round {
  readonly #target: Target;
  readonly #plan: Plan;
  readonly #protection: Protection | undefined;
  readonly #shares: readonly Share[];
  readonly #directory: string;
  readonly #explain: (error: unknown) => string;
  readonly #load: Load;
  #filled = false;
  #files: SmallFiles | undefined;

  constructor(
    target: Target,
    plan: Plan,
    protection: Protection | undefined,
    shares: readonly Share[],
    directory: string,
    signal: AbortSignal,
    explain: (error: unknown) => string,
  ) {
    this.#target = target;
    this.#plan = plan;
    this.#protection = protection;
    this.#shares = shares;
    this.#directory = directory;
    this.#explain = explain;
    this.#load = { seconds: plan.seconds, lanes: plan.depth * plan.connections, signal };
  }

  async run(hand: (row: Row) => Promise<void>): Promise<void> {
    const [share] = this.#shares as [Share];
    const facts = agreed(share.info);
    const { depth, connections } = this.#plan;
    for (const each of this.#plan.cases) {
      const base = { case: each.name, protection: protectionOf(facts), ...facts, depth, connections };
      let row: Row;
      try {
        row = { ...base, ...(await this.#measure(each)) };
      } catch (error) {
        this.#load.signal.throwIfAborted();
        row = { ...base, error: this.#explain(error) };
      }
      await hand(row);
    }
    await this.#clear();
  }

  async #measure(each: Case): Promise<Figures> {
    if (each.kind === 'data') {
      const sizes = this.#plan.cases.map((other) => (other.kind === 'data' ? other.size : 0));
      const file = { path: `${this.#directory}/data`, size: Math.max(this.#plan.fileSize, ...sizes) };
      if (!this.#filled) await fill(this.#shares[0] as Share, file, this.#load.signal);
      this.#filled = true;
      return figures(await driveData(this.#shares, file, each, this.#load));
    }
    if (each.kind === 'connections') return this.#connections(each.name as (typeof CONNECTION_CASES)[number]);
    const files = await this.#smallFiles();
    const outcome = figures(await files.run(each.name as (typeof FILE_CASES)[number], this.#shares, this.#load));
    return each.name === 'list' ? { ...outcome, entries: files.count } : outcome;
  }

  async #connections(name: (typeof CONNECTION_CASES)[number]): Promise<Figures> {
    if (name === 'echo') return figures(await driveEcho(this.#shares, this.#load));
    if (name === 'logon') return figures(await driveLogons(this.#target, this.#protection, this.#load));
    const { outcome, ...idle } = await driveIdle(this.#target, this.#protection, this.#plan.idle, this.#load);
    const { opened, alive, heapBytes: heapBytesEach, residentBytes: residentBytesEach } = idle;
    return { ...figures(outcome), idle: { opened, alive, heapBytesEach, residentBytesEach } };
  }

  async #smallFiles(): Promise<SmallFiles> {
    if (this.#files === undefined) {
      const directory = `${this.#directory}/small`;
      await (this.#shares[0] as Share).mkdir(directory, { recursive: true, signal: this.#load.signal });
      this.#files = new SmallFiles(directory, this.#plan.files);
    }
    return this.#files;
  }

  /** The next round starts with an empty directory. */
  async #clear(): Promise<void> {
    if (this.#files === undefined) return;
    const { signal } = this.#load;
    await (this.#shares[0] as Share).rm(`${this.#directory}/small`, { recursive: true, force: true, signal });
  }
}

function figures({ operations, bytes, seconds, cpuMicros, latencies }: Outcome): Figures {
  return {
    operations,
    seconds,
    operationsPerSecond: operations / seconds,
    ...(bytes > 0 && { bytesPerSecond: bytes / seconds }),
    p50: latencies.percentile(0.5),
    p95: latencies.percentile(0.95),
    p99: latencies.percentile(0.99),
    max: latencies.max,
    cpuMicrosPerOperation: cpuMicros,
  };
}
