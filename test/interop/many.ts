import { readFileSync } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { connect } from '#client/index.js';
import { ACCOUNT, type Cleanup, credentials, inReverse, run } from '#testing/peers.js';
import { startOurs } from './smbtorture/servers.js';

/** Result of one listing of a large directory. */
export interface Listing {
  readonly by: string;
  readonly seconds: number;
  /** Entries that it named. */
  readonly named: number;
  /** Of the files that existed all the time: those not named, and those named more than once. */
  readonly missing: number;
  readonly twice: number;
  /** Names that never existed. */
  readonly invented: number;
  /** Files created and removed meanwhile. */
  readonly changes: number;
  /** Memory of the server process in bytes: before, and the maximum during the listing. */
  readonly rssBefore: number;
  readonly rssMost: number;
}

const SAMPLE_MS = 100;
const AT_ONCE = 64;
/** Limit for one listing. */
const TIMEOUT_MS = 1_800_000;
const nameOf = (i: number): string => `file ${String(i).padStart(8, '0')}.txt`;

function rssOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
}

async function make(folder: string, entries: number): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < entries) await (await open(join(folder, nameOf(next++)), 'w')).close();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** Creates and removes files until stopped, some through the server and some directly on its disk. */
class Churn {
  made = 0;
  #going = true;
  readonly #done: Promise<unknown>;

  constructor(folder: string, url: string) {
    this.#done = Promise.all([this.#behind(folder), this.#through(url)]);
  }

  async #behind(folder: string): Promise<void> {
    for (let i = 0; this.#going; i++) {
      const path = join(folder, `passing local ${i}`);
      await (await open(path, 'w')).close();
      if (i >= 10) await rm(join(folder, `passing local ${i - 10}`));
      this.made++;
    }
  }

  async #through(url: string): Promise<void> {
    const share = await connect(url);
    for (let i = 0; this.#going; i++) {
      await share.writeFile(`many/passing remote ${i}`, '');
      if (i >= 10) await share.rm(`many/passing remote ${i - 10}`);
      this.made++;
      await turn();
    }
    await share.close();
  }

  async stop(): Promise<void> {
    this.#going = false;
    await this.#done;
  }
}

/** Counts the names in a listing. */
class Tally {
  readonly #seen: Uint8Array;
  named = 0;
  invented = 0;

  constructor(entries: number) {
    this.#seen = new Uint8Array(entries);
  }

  add(name: string): void {
    this.named++;
    const at = /^file (\d{8})\.txt$/.exec(name);
    const i = Number(at?.[1] ?? -1);
    if (at && i < this.#seen.length) this.#seen[i] = Math.min((this.#seen[i] as number) + 1, 2);
    else if (!/^passing (?:local|remote) \d+$/.test(name)) this.invented++;
  }

  count(times: number): number {
    return this.#seen.reduce((sum, seen) => sum + (seen === times ? 1 : 0), 0);
  }
}

async function listWithSmbclient(port: number, tally: Tally): Promise<void> {
  const args = ['--configfile=/dev/null', '-p', String(port), '-U', credentials(), '-c', 'ls many/*', '-t', '600'];
  const { status, stdout, stderr } = await run('smbclient', ['//127.0.0.1/share', ...args], '', TIMEOUT_MS);
  if (status !== 0) throw new Error(`smbclient: ${stderr}${stdout.slice(-500)}`);
  for (const [, name = ''] of stdout.matchAll(/^ {2}(\S.*?) +[A-Z]* +\d+ {2}\w{3} \w{3} /gm)) {
    if (name !== '.' && name !== '..') tally.add(name);
  }
}

/**
 * Lists a directory of `entries` files with smbclient and with our client while files are created and removed in it.
 */
export async function listMany(t: Cleanup, entries: number, tell: (text: string) => void): Promise<Listing[]> {
  const cleanup = inReverse(t);
  const server = await startOurs(cleanup);
  const folder = join(server.folder, 'share', 'many');
  await mkdir(folder);
  await make(folder, entries);
  tell(`${entries} files are there`);
  const url = `smb://${ACCOUNT.user}:${encodeURIComponent(ACCOUNT.password)}@127.0.0.1:${server.port}/share`;
  const listings: Listing[] = [];
  const ways: Record<string, (tally: Tally) => Promise<void>> = {
    smbclient: (tally) => listWithSmbclient(server.port, tally),
    'our client': async (tally) => {
      const share = await connect(url);
      for await (const { name } of share.readdir('many')) tally.add(name);
      await share.close();
    },
  };
  for (const [by, list] of Object.entries(ways)) {
    const tally = new Tally(entries);
    const rssBefore = rssOf(server.pid);
    let rssMost = rssBefore;
    const sampler = setInterval(() => {
      rssMost = Math.max(rssMost, rssOf(server.pid));
    }, SAMPLE_MS);
    const churn = new Churn(folder, url);
    const started = performance.now();
    try {
      await list(tally);
    } finally {
      clearInterval(sampler);
      await churn.stop();
    }
    const seconds = (performance.now() - started) / 1000;
    const { named, invented } = tally;
    const counts = { named, invented, missing: tally.count(0), twice: tally.count(2) };
    listings.push({ by, seconds, ...counts, changes: churn.made, rssBefore, rssMost });
  }
  return listings;
}
