import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type File, Share } from '#client/index.js';
import { type Fate, Network, type Weather } from '#client/lasting/lasting.test.network.js';
import type { ClientConnection } from '#client/protocol.js';
import { turn } from '#testing/smb2-peer.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { Command } from '#wire/smb2/header.js';
import { seeded } from '../interop/cutter.js';
import { decide, type Raw, sequences, WORKERS } from './faults-schedule.js';
import { type Deed, done, EMPTY, keyOf, made, type Outcome, shown, type World } from './faults-world.js';

/** A fault, a number of frames after the previous one. */
export interface Fault {
  readonly after: number;
  readonly what: Fate | 'cut' | 'crash' | 'crashed' | 'away' | 'expired';
  readonly ms: number;
}

export interface Sequence {
  readonly deeds: readonly Raw[];
  readonly faults: readonly Fault[];
  readonly dialect: '3.1.1' | '3.0' | '2.1' | '2.0.2';
  readonly continuous: boolean;
  readonly unsigned: boolean;
}

export interface Tally {
  readonly counts: Map<string, number>;
}

const TIMEOUT_MS = 1000;
const RECONNECT = { timeoutMs: 20_000, initialDelayMs: 20, maxDelayMs: 1000 };
/** Limit for each call, by the client's clock: several losses that show only as silence, and the time to reconnect. */
const BOUND_MS = 90_000;
const STEP_MS = 50;
const TURNS = 12;
/** After these errors, it is unknown whether the operation took place. */
const UNKNOWN: readonly string[] = ['SMB_OUTCOME_UNKNOWN', 'ETIMEDOUT'];
/** Commands that the network may refuse for the server, as if the session had expired: they need no signature. */
const REFUSABLE: readonly number[] = [Command.Create, Command.Read, Command.Write, Command.QueryInfo, Command.SetInfo];

// A session that expires again right after its renewal is rightly an error.
const lead = (fault: Fault | undefined): number => (fault?.after ?? 0) + (fault?.what === 'expired' ? 12 : 0);

/** One client whose network follows a schedule, and the checks of its results. */
class Run {
  readonly #network: Network;
  readonly #ends: (() => unknown)[] = [];
  readonly #faults: Fault[];
  readonly #tally: Tally;
  readonly #unsigned: boolean;
  #left: number;
  #fired = 0;
  #absences = 0;
  readonly #files = new Map<number, File>();
  readonly #worlds: World[][] = Array.from({ length: WORKERS }, () => [EMPTY]);
  /** Handles may exist that the client does not know of: the server has to notice by itself. */
  #astray = false;
  #count = 0;

  constructor(sequence: Sequence, seed: number, tally: Tally) {
    const { continuous, unsigned } = sequence;
    const random = seeded(seed);
    this.#network = new Network(
      { after: (end) => void this.#ends.push(end as () => unknown) },
      { continuous, unsigned, random: (length) => Uint8Array.from({ length }, () => Math.floor(random() * 256)) },
    );
    this.#faults = [...sequence.faults];
    this.#unsigned = unsigned;
    this.#left = lead(this.#faults[0]);
    this.#tally = tally;
  }

  #note(what: string): void {
    const { counts } = this.#tally;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }

  #weather(command: number): Weather | undefined {
    const fault = this.#faults[0];
    if (!fault || this.#left-- > 0) return undefined;
    // Wait for a request to which this can happen.
    if (fault.what === 'expired' && !(this.#unsigned && REFUSABLE.includes(command))) return undefined;
    this.#faults.shift();
    this.#left = lead(this.#faults[0]);
    this.#fired++;
    this.#note(`fault ${fault.what}`);
    return this.#strike(fault);
  }

  #strike({ what, ms }: Fault): Weather | undefined {
    const network = this.#network;
    switch (what) {
      case 'expired':
        return { status: NtStatus.NetworkSessionExpired };
      case 'cut':
        queueMicrotask(() => network.cut());
        return undefined;
      case 'away':
        this.#goAway(1);
        network.clock.after(ms, () => this.#goAway(-1));
        return 'unsent';
      case 'crash':
      case 'crashed':
        this.#crash(what === 'crash' ? 0 : 3);
        return what === 'crash' ? 'unsent' : 'unanswered';
      default:
        return what;
    }
  }

  // After some turns in which the server still handles its requests.
  #crash(turns: number): void {
    const network = this.#network;
    this.#goAway(1);
    const crash = async (): Promise<void> => {
      for (let i = 0; i < turns; i++) await turn();
      await network.crash();
      this.#goAway(-1);
    };
    void crash();
  }

  // Adds or removes one reason to be unreachable.
  #goAway(by: 1 | -1): void {
    this.#absences += by;
    this.#network.away = this.#absences > 0;
  }

  async play({ deeds, dialect, unsigned }: Sequence): Promise<void> {
    const network = this.#network;
    await network.server.ready();
    const options = {
      timeoutMs: TIMEOUT_MS,
      reconnect: RECONNECT,
      dialects: { min: dialect, max: dialect },
      ...(unsigned ? ({ signing: 'enabled' } as const) : {}),
    };
    const connection = await network.take(options);
    const share = new Share('s', connection, await connection.tree('s'));
    for (let worker = 0; worker < WORKERS; worker++) await share.mkdir(`w${worker}`);
    network.weather = (command) => this.#weather(command);
    const all = Array.from({ length: WORKERS }, (_, worker) => this.#work(share, worker, deeds));
    await this.#wait(Promise.all(all), BOUND_MS * deeds.length);
    await this.#finish(share, connection);
  }

  /** Advances the clock until the work is done. */
  async #wait<T>(work: Promise<T>, boundMs: number): Promise<T> {
    const { clock } = this.#network;
    const end = clock.time + boundMs;
    let over = false;
    const settled = (): void => {
      over = true;
    };
    work.then(settled, settled);
    while (!over) {
      for (let i = 0; i < TURNS && !over; i++) await turn();
      if (over) break;
      assert.ok(clock.time < end, 'nothing comes of it');
      await clock.wind(STEP_MS);
    }
    return work;
  }

  async #work(share: Share, worker: number, deeds: readonly Raw[]): Promise<void> {
    for (const raw of deeds) {
      if (raw.worker !== worker) continue;
      if (raw.what === 'rest') await this.#rest(raw.at * 100);
      const deed = decide(this.#worlds[worker] as World[], raw, ++this.#count);
      if (deed) await this.#step(share, worker, deed);
    }
  }

  #rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#network.clock.after(ms, resolve);
    });
  }

  async #step(share: Share, worker: number, deed: Deed): Promise<void> {
    const { clock } = this.#network;
    const [began, fired] = [clock.time, this.#fired];
    const outcome = await this.#outcome(share, worker, deed);
    this.#note(deed.what);
    if ('code' in outcome) this.#note(outcome.code);
    const worlds = this.#worlds[worker] as World[];
    const told = `${JSON.stringify(deed)} -> ${JSON.stringify(outcome)} in ${worlds.map(keyOf).join(' or ')}`;
    assert.ok(clock.time - began <= BOUND_MS, `${told} took ${clock.time - began} ms`);
    const unknown = 'code' in outcome && UNKNOWN.includes(outcome.code);
    if (unknown) assert.ok(this.#fired > 0 || fired > 0, `${told} without a fault`);
    if (unknown && (deed.what === 'open' || deed.what === 'close')) this.#astray = true;
    const after = unknown ? worlds.flatMap((world) => possible(world, deed)) : kept(worlds, deed, outcome);
    assert.notEqual(after.length, 0, told);
    this.#worlds[worker] = [...new Map(after.map((world) => [keyOf(world), world])).values()];
  }

  async #outcome(share: Share, worker: number, deed: Deed): Promise<Outcome> {
    try {
      return { value: String((await this.#do(share, `w${worker}`, deed)) ?? '') };
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === undefined) throw error;
      return { code };
    }
  }

  async #do(share: Share, folder: string, deed: Deed): Promise<unknown> {
    if ('h' in deed) return this.#onFile(share, folder, deed);
    if (deed.what === 'list') {
      const names: string[] = [];
      for await (const { name } of share.readdir(folder)) names.push(name);
      return names.sort().join();
    }
    const path = `${folder}/${deed.name}`;
    switch (deed.what) {
      case 'writeFile':
        return share.writeFile(path, deed.data);
      case 'appendFile':
        return share.appendFile(path, deed.data);
      case 'readFile':
        return shown(await share.readFile(path));
      case 'remove':
        return share.unlink(path);
      case 'mkdir':
        return share.mkdir(path);
      case 'rmdir':
        return share.rmdir(path);
      case 'rename':
        return share.rename(path, `${folder}/${deed.to}`, { replace: deed.replace });
      case 'stat': {
        const found = await share.stat(path);
        return found.isDirectory() ? 'directory' : String(found.size);
      }
    }
  }

  async #onFile(share: Share, folder: string, deed: Extract<Deed, { h: number }>): Promise<unknown> {
    if (deed.what === 'open') {
      const { create, durable } = deed;
      // Without a lease, an open ends with its connection.
      const how = { access: 'read-write', create, ...(durable ? {} : { oplock: 'read' as const }) } as const;
      this.#files.set(deed.h, await share.open(`${folder}/${deed.name}`, how));
      return;
    }
    const file = this.#files.get(deed.h) as File;
    switch (deed.what) {
      case 'write':
        return file.write(deed.data, deed.at);
      case 'append':
        return file.appendFile(deed.data);
      case 'read':
        return shown(await file.readFile());
      case 'truncate':
        return file.truncate(deed.size);
      case 'flush':
        return file.flush();
      case 'lock':
        return void (await file.lock({ offset: 0, length: 10 }));
      case 'unlock':
        return file.unlock({ offset: 0, length: 10 });
      case 'close':
        return file.close();
    }
  }

  // With all faults over: acknowledged data is there, closed files are closed, and nothing is still running.
  async #finish(share: Share, connection: ClientConnection): Promise<void> {
    const network = this.#network;
    this.#faults.length = 0;
    await this.#wait(this.#rest(50_000), 60_000);
    for (let worker = 0; worker < WORKERS; worker++) await this.#wait(this.#look(share, worker), BOUND_MS);
    await this.#wait(this.#rest(5000), 10_000);
    const { opens, disconnectedOpens, locks } = await network.server.status();
    if (!this.#astray) assert.deepEqual([opens, disconnectedOpens, locks], [0, 0, 0], 'opens, disconnected, locks');
    await this.#wait(share.close(), BOUND_MS);
    await this.#wait(connection.close(), BOUND_MS);
    for (let i = 0; i < 20; i++) await turn();
    const { sessions, connections } = await network.server.status();
    assert.deepEqual([sessions, connections, network.clock.waiting.length, network.pool.size], [0, 0, 0, 0], 'left');
  }

  async #look(share: Share, worker: number): Promise<void> {
    const [world] = this.#worlds[worker] as [World];
    for (const h of world.open.keys()) {
      await this.#step(share, worker, { what: 'read', h });
      await this.#step(share, worker, { what: 'close', h });
    }
    await this.#step(share, worker, { what: 'list' });
    for (const [name, file] of (this.#worlds[worker] as [World])[0].names) {
      if (file !== 'directory') await this.#step(share, worker, { what: 'readFile', name });
    }
  }

  async end(): Promise<void> {
    for (const end of this.#ends.reverse()) await end();
  }
}

/** The worlds in which a deed has this outcome, after the deed. */
function kept(worlds: readonly World[], deed: Deed, outcome: Outcome): World[] {
  return worlds.flatMap((world) => {
    const step = done(world, deed);
    return JSON.stringify(step.outcome) === JSON.stringify(outcome) ? [step.world] : [];
  });
}

/** The possible results of a deed with an unknown outcome: nothing, half of it, or all of it. */
function possible(world: World, deed: Deed): World[] {
  if (deed.what === 'close') return [done(world, deed).world];
  if (deed.what === 'open') {
    const after = made(world, deed.name, deed.create);
    return typeof after === 'string' ? [world] : [world, after];
  }
  const all = [world, done(world, deed).world];
  if (deed.what !== 'writeFile' && deed.what !== 'appendFile') return all;
  const half = made(world, deed.name, deed.what === 'writeFile' ? 'truncate' : 'if-missing');
  return typeof half === 'string' ? all : [...all, half];
}

export interface How {
  /** Replays a sequence that fast-check has reported. */
  readonly path?: string | undefined;
  /** Reports a failure without minimising it. */
  readonly brief?: boolean;
}

/** Plays sequences from a seed; the first failure is minimised and thrown. */
export async function checkFaults(runs: number, seed: number, { path, brief = false }: How = {}): Promise<Tally> {
  const tally: Tally = { counts: new Map() };
  await fc.assert(
    fc.asyncProperty(sequences, async (sequence) => {
      const run = new Run(sequence, seed, tally);
      try {
        await run.play(sequence);
      } finally {
        await run.end();
      }
    }),
    { numRuns: runs, seed, endOnFailure: path !== undefined || brief, ...(path !== undefined && { path }) },
  );
  return tally;
}
