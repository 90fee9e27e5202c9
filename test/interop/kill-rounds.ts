import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createOf } from '#testing/durable-bench.js';
import { bequeath } from '#testing/executor.js';
import { type Cleanup, temporaryFolder } from '#testing/peers.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { Command } from '#wire/smb2/header.js';
import { LastingWriter } from './kill-lasting.js';
import { chanceOf, NONE, Peer, PersistentWriter, PlainWriter } from './kill-writers.js';

const MAIN = fileURLToPath(new URL('../../../dist/packed/main.cjs', import.meta.url));
const LATEST_KILL_MS = 600;
/** An abandoned open is kept for a second and a half; a busy machine may take longer to drop it. */
const PATIENCE_MS = 30_000;
const LOOK_MS = 100;

export interface Kills {
  readonly kills: number;
  /** Blocks of 4 KiB acknowledged through persistent opens, and blocks flushed by our client. */
  readonly persistentBlocks: number;
  readonly flushedBlocks: number;
  /** Work of our client that continues across all kills: blocks written, locks taken and released, opens. */
  readonly lastingBlocks: number;
  readonly lastingLocks: number;
  readonly lastingOpens: number;
  readonly locks: number;
  /** Opens that their owners reclaimed. */
  readonly reclaimed: number;
  /** CREATEs that were sent again because their responses were lost. */
  readonly repeated: number;
  readonly abandoned: number;
}

/** `sombrero serve` in its own process. */
class Serving {
  readonly #child: ChildProcess;
  readonly port: number;
  /** The errors it has logged. */
  readonly errors: readonly string[];

  private constructor(child: ChildProcess, port: number, errors: readonly string[]) {
    this.#child = child;
    this.port = port;
    this.errors = errors;
  }

  static async start(folder: string, state: string, port: number): Promise<Serving> {
    const users = ['--user', 'ann:secret', '--user', 'bob:secret'];
    const where = ['--share', `docs=${folder}:ca`, '--state-directory', state, '--listen', `127.0.0.1:${port}`];
    const args = [MAIN, 'serve', ...where, ...users, '--signing', 'enabled'];
    const child = bequeath(spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] }));
    const errors: string[] = [];
    createInterface({ input: child.stderr as NodeJS.ReadableStream }).on('line', (line) => {
      if (/ (error|warn) /.test(line) || !/^\d\d:/.test(line)) errors.push(line);
    });
    for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
      const found = /listening on smb:\/\/[^/]*:(\d+)\//.exec(line);
      if (found) return new Serving(child, Number(found[1]), errors);
    }
    throw new Error(`the server did not start: ${errors.join('\n')}`);
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }
}

/** Kills the server repeatedly while clients write, and asserts what the next one restores. */
export async function killRounds(
  cleanup: Cleanup,
  { kills, seed, tell }: { kills: number; seed: number; tell: (line: string) => void },
): Promise<Kills> {
  const root = await temporaryFolder(cleanup);
  const [folder, state] = [join(root, 'share'), join(root, 'state')];
  await mkdir(folder);
  const chance = chanceOf(seed);
  const writers = [0, 1, 2].map(
    (i) => new PersistentWriter(`kept-${i}`, seed + i, { leased: i === 1, abandons: false }),
  );
  const gone: PersistentWriter[] = [];
  const plain: PlainWriter[] = [];
  const lasting = [0, 1].map((i) => new LastingWriter(`lasting-${i}`, seed + 100 + i));
  let reclaimed = 0;
  let repeated = 0;
  let serving = await Serving.start(folder, state, 0);
  cleanup.after(() => serving.kill());
  for (const writer of lasting) await writer.start(serving.port, cleanup);
  for (let round = 1; round <= kills; round++) {
    const { port } = serving;
    const own = new PlainWriter(`plain-${round}`, seed + round);
    const leaver = new PersistentWriter(`gone-${round}`, seed - round, { leased: round % 2 === 0, abandons: true });
    plain.push(own);
    gone.push(leaver);
    const working = [...writers, own, leaver].map((writer) => writer.write(port));
    // In every other round, clients get to write first, however slow the machine is.
    const before = blocksOf(writers);
    if (round % 2 === 0) await until(() => blocksOf(writers) > before);
    await setTimeout(20 + chance() * LATEST_KILL_MS);
    await serving.kill();
    await Promise.all(working);
    assert.deepEqual(serving.errors, []);
    serving = await Serving.start(folder, state, port);
    const stranger = await Peer.to(port, 'bob', '00000000-0000-0000-0000-00000000000b');
    const impostor = await Peer.to(port, 'ann', '00000000-0000-0000-0000-00000000000a');
    for (const writer of writers) {
      const waited = writer.state === 'open';
      const asked = writer.state === 'asked';
      await writer.assertKept(stranger, impostor);
      await writer.comeBack(port);
      if (waited) reclaimed++;
      else if (asked) repeated++;
      await writer.assertData(folder);
    }
    await own.assertData(folder);
    await leaver.assertData(folder);
    for (const writer of lasting) {
      await writer.pause();
      await writer.assertKept(stranger, folder);
    }
    for (const writer of lasting) writer.resume();
    await stranger.lose();
    await impostor.lose();
    tell(`${round}: ${writers.map(({ state, blocks }) => `${state} ${blocks}`).join(', ')}; flushed ${own.flushed}`);
  }
  for (const writer of writers) await writer.close();
  for (const writer of lasting) await writer.end();
  await until(async () => (await recordsIn(state)).length === 0);
  for (const writer of [...plain, ...gone, ...writers]) await writer.assertData(folder);
  await assertNothingLeft(serving.port, folder, state);
  assert.deepEqual(serving.errors, []);
  return {
    kills,
    persistentBlocks: blocksOf([...writers, ...gone]),
    flushedBlocks: plain.reduce((total, { flushed }) => total + flushed, 0),
    lastingBlocks: blocksOf(lasting),
    lastingLocks: lasting.reduce((total, { locks }) => total + locks, 0),
    lastingOpens: lasting.reduce((total, { opens }) => total + opens, 0),
    locks: [...writers, ...gone].reduce((total, { locks }) => total + locks, 0),
    reclaimed,
    repeated,
    abandoned: gone.filter((writer) => writer.state === 'open').length,
  };
}

function blocksOf(writers: readonly { blocks: number }[]): number {
  return writers.reduce((total, { blocks }) => total + blocks, 0);
}

/** Returns when something becomes true, or after a time limit. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < PATIENCE_MS && !(await isSo()); waited += LOOK_MS) await setTimeout(LOOK_MS);
}

/** Everything except the lock of the running server. */
async function recordsIn(state: string): Promise<string[]> {
  return (await readdir(state)).filter((name) => name !== 'lock');
}

/** Asserts that there is no record, and that nobody has any of the files open or locked. */
async function assertNothingLeft(port: number, folder: string, state: string): Promise<void> {
  assert.deepEqual(await recordsIn(state), [], 'no record is left');
  const peer = await Peer.to(port, 'bob', '00000000-0000-0000-0000-00000000000b');
  for (const name of await readdir(folder)) {
    if (name.startsWith('.')) continue;
    const status = await peer.get(Command.Create, createOf([], { name, shareAccess: 0, ...NONE }));
    assert.equal(status, NtStatus.Success, `${name} is open still: ${status?.toString(16)}`);
  }
  await peer.lose();
}
