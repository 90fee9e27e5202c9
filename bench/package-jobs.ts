/** The jobs that sombrero and a package of the npm registry do in turn against one smbd. */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { median } from './document.js';
import { type Figure, type Job, type LargeWork, LISTED, largePath, SMALL, smallPath } from './job.js';
import { compare, fillFile, fillFolder, fillTree, MIB, work } from './measure.js';
import type { NetworkName, Way } from './network.js';
import type { PACKAGES } from './packages.js';
import type { PrivateSmbd } from './private-smbd.js';
import type { Outcome } from './results.js';
import type { SubjectName } from './subjects.js';

export type PackageName = (typeof PACKAGES)[number];

/** Target duration of a job, so that start-up effects do not matter. */
export const SECONDS = 0.7;
const LANES = 16;
/** Large enough for the fastest client, and small enough to fit into memory. */
export const MOST_BYTES: number = 1024 * MIB;
export const MOST_FILES = 10_000;
/** With fewer seconds of processor time, the result says nothing. */
const TELLING = 0.1;

export interface Kind {
  readonly name: string;
  /** The work to do with a package; undefined if the package has no call for it. */
  work(name: PackageName): Job['work'] | undefined;
  readonly networks: readonly NetworkName[];
  readonly unit: string;
  /** How much of what is counted makes up one unit. */
  readonly divisor: number;
  readonly lanes: number;
  /** The amount that one of the count stands for, and the number that the count is a multiple of. */
  readonly each: number;
  readonly step: number;
  /** The count for a trial run to find the speed, and the maximum. */
  readonly trial: number;
  readonly most: number;
}

const EVERYWHERE: readonly NetworkName[] = ['loopback', '1 ms', '10 ms'];
const NEAR_AND_FAR: readonly NetworkName[] = ['loopback', '10 ms'];
const large = { unit: 'MiB/s', divisor: MIB, lanes: 1, each: 1, step: MIB, trial: 4 * MIB, most: MOST_BYTES };
const smallFiles = (done: 'read' | 'written', lanes: number): Omit<Kind, 'networks'> => ({
  name: `small files ${done}, ${lanes === 1 ? 'one by one' : `${lanes} at a time`}`,
  work: () => (done === 'read' ? 'read-small' : 'write-small'),
  ...{ unit: 'files/s', divisor: 1, lanes, each: 1, step: 1, trial: LANES, most: MOST_FILES },
});
/** samba-client works only with files, not in memory. */
const whole =
  (inMemory: LargeWork, betweenFiles: LargeWork): Kind['work'] =>
  (name) =>
    name === 'samba-client' ? betweenFiles : inMemory;
const streamed =
  (stream: LargeWork): Kind['work'] =>
  (name) =>
    name === 'samba-client' ? undefined : stream;

/** A few kinds are enough for the network between loopback and far away. */
export const KINDS: readonly Kind[] = [
  { name: 'large read, fastest way', work: whole('read-large', 'download'), networks: EVERYWHERE, ...large },
  { name: 'large read, as a stream', work: streamed('read-stream'), networks: ['loopback'], ...large },
  { name: 'large write, fastest way', work: whole('write-large', 'upload'), networks: NEAR_AND_FAR, ...large },
  { name: 'large write, as a stream', work: streamed('write-stream'), networks: ['loopback'], ...large },
  { ...smallFiles('read', LANES), networks: NEAR_AND_FAR },
  { ...smallFiles('read', 1), networks: EVERYWHERE },
  { ...smallFiles('written', LANES), networks: NEAR_AND_FAR },
  { ...smallFiles('written', 1), networks: EVERYWHERE },
  {
    ...{ name: `list of ${LISTED}`, work: () => 'list', networks: NEAR_AND_FAR, unit: 'entries/s', divisor: 1 },
    ...{ lanes: 1, each: LISTED, step: 1, trial: 1, most: 1000 },
  },
];

/** An smbd, and the ports to reach it. */
export interface Server {
  readonly smbd: PrivateSmbd;
  readonly ways: Readonly<Record<NetworkName, Way>>;
}

/** Creates what all jobs need on the share. */
export async function furnish({ smbd }: Server): Promise<void> {
  await fillTree(join(smbd.folder, 'small'), MOST_FILES);
  await fillFolder(join(smbd.folder, 'listed'), LISTED);
}

/** One job on one server, done by both clients. */
export class Duel {
  readonly #server: Server;
  readonly #folder: string;
  readonly #network: NetworkName;
  readonly #kind: Kind;
  readonly #work: Job['work'];

  /** `folder`: where the packages are installed; local files go there too. */
  constructor(server: Server, folder: string, network: NetworkName, kind: Kind, work: Job['work']) {
    this.#server = server;
    this.#folder = folder;
    this.#network = network;
    this.#kind = kind;
    this.#work = work;
  }

  /** Fails if the package fails. */
  async with(name: PackageName, pairs: number): Promise<Outcome> {
    await this.#clear();
    const { each, divisor } = this.#kind;
    const { smbd } = this.#server;
    const theirs = await this.#fitting(name);
    const count = await this.#fitting('sombrero');
    const spent: number[] = [];
    const ours = async (): Promise<Figure> => {
      const before = await smbd.cpuSeconds();
      const figure = await this.#measure('sombrero', count);
      spent.push((await smbd.cpuSeconds()) - before);
      return figure;
    };
    const figures = await compare(ours, () => this.#measure(name, theirs), pairs, divisor);
    const cost = median(spent);
    if (this.#network !== 'loopback' || cost < TELLING) return { figures };
    return { figures, limit: (count * each) / cost / divisor };
  }

  /** How much a client can do in the target duration. */
  async #fitting(subject: SubjectName): Promise<number> {
    const { trial, most, step } = this.#kind;
    for (let count = trial; ; ) {
      const { seconds } = await this.#measure(subject, count);
      const enough = Math.ceil((count * SECONDS) / seconds / step) * step;
      if (seconds > SECONDS / 2 || count === most) return Math.min(most, enough);
      count = Math.min(most, enough, count * 16);
    }
  }

  async #measure(subject: SubjectName, count: number): Promise<Figure> {
    await this.#prepare(count);
    const { lanes } = this.#kind;
    const { port } = this.#server.ways[this.#network];
    // No signing or encryption unless the server requires it.
    const options = { signing: 'enabled' } as const;
    const figure = await work({ subject, port, folder: this.#folder, work: this.#work, count, lanes, options });
    await this.#verify(count);
    return figure;
  }

  /** Removes the large files of the previous row. */
  async #clear(): Promise<void> {
    for (const folder of [this.#folder, this.#server.smbd.folder]) {
      for (const name of await readdir(folder)) {
        if (/^(large-|written|downloaded)/.test(name)) await rm(join(folder, name));
      }
    }
  }

  /** Creates what is to be read and removes what is to be written. */
  async #prepare(count: number): Promise<void> {
    const share = this.#server.smbd.folder;
    await rm(join(share, 'written'), { force: true });
    await rm(join(this.#folder, 'downloaded'), { force: true });
    if (this.#work === 'write-small') {
      await rm(join(share, 'new'), { recursive: true, force: true });
      await fillTree(join(share, 'new'), MOST_FILES, false);
    }
    const reads = { 'read-stream': share, 'read-large': share, download: share, upload: this.#folder };
    const source = reads[this.#work as keyof typeof reads];
    if (source === undefined) return;
    const file = join(source, largePath(count));
    if (!(await stat(file).catch(() => undefined))) await fillFile(file, count);
  }

  /** Checks that everything was written. */
  async #verify(count: number): Promise<void> {
    const share = this.#server.smbd.folder;
    const written = join(share, 'written');
    const targets = {
      'write-stream': written,
      'write-large': written,
      upload: written,
      download: join(this.#folder, 'downloaded'),
    };
    const target = targets[this.#work as keyof typeof targets];
    if (target !== undefined) await verifySize(target, count);
    if (this.#work !== 'write-small') return;
    for (let i = 0; i < count; i++) await verifySize(join(share, 'new', smallPath(i)), SMALL);
  }
}

async function verifySize(path: string, wanted: number): Promise<void> {
  const { size } = await stat(path);
  if (size !== wanted) throw new Error(`a file arrived with ${size} of ${wanted} bytes`);
}
