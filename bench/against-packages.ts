/** sombrero and the packages of the npm registry against one smbd, in turn: their part of docs/benchmarks.md. */
import { rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { median, table } from './document.js';
import { type Figure, type Job, LISTED, PER_FOLDER, SMALL, smallPath } from './job.js';
import { compare, fillFile, fillFolder, MIB, rowOf, work } from './measure.js';
import { factsOf, install, PACKAGES } from './packages.js';
import { type PrivateSmbd, privateSmbd } from './private-smbd.js';
import { NODE_FLAGS } from './subjects.js';

/** How long the package shall take for its job, so that starting to run decides nothing. */
const SECONDS = 1.5;
const LANES = 16;
/** Seconds of processor time, of which less is too little to tell anything by. */
const TELLING = 0.1;

interface Kind {
  readonly work: Job['work'];
  readonly name: string;
  readonly unit: string;
  /** What the unit is of what is counted. */
  readonly divisor: number;
  readonly lanes: number;
  /** What one of the count amounts to. */
  readonly each: number;
  /** The counts: to find out how fast the package is, and at most. */
  readonly trial: number;
  readonly most: number;
}

const large = { unit: 'MiB/s', divisor: MIB, lanes: 1, each: 1, trial: 64 * MIB, most: 1024 * MIB } as const;
const small = { unit: 'files/s', divisor: 1, lanes: LANES, each: 1, trial: 64, most: 10_000 } as const;
const KINDS: readonly Kind[] = [
  { work: 'read', name: 'large read', ...large },
  { work: 'write', name: 'large write', ...large },
  { work: 'read-small', name: 'small files read', ...small },
  { work: 'write-small', name: 'small files written', ...small },
  {
    ...{ work: 'list', name: `list of ${LISTED}`, unit: 'entries/s', divisor: 1 },
    ...{ lanes: 1, each: LISTED, trial: 3, most: 1000 },
  },
];

/** What a server has to do without, so that the older packages get along with it. */
const OBLIGING = ['ntlm auth = ntlmv1-permitted', 'aio read size = 0', 'aio write size = 0'];

/** The folders of a tree of small files, filled or empty. */
async function fillTree(tree: string, filled: boolean): Promise<void> {
  await fillFolder(tree, 0);
  for (let first = 0; first < small.most; first += PER_FOLDER) {
    await fillFolder(dirname(join(tree, smallPath(first))), filled ? PER_FOLDER : 0, first);
  }
}

/** What is read is there, what is to be written is not. */
async function prepare({ folder }: PrivateSmbd, kind: Kind, count: number): Promise<void> {
  await rm(join(folder, 'written'), { force: true });
  await rm(join(folder, 'new'), { recursive: true, force: true });
  await fillTree(join(folder, 'new'), false);
  if (kind.work !== 'read') return;
  const there = await stat(join(folder, 'large')).catch(() => undefined);
  if (there?.size !== count) await fillFile(join(folder, 'large'), count);
}

/** Whether all that was written is there. */
async function verify({ folder }: PrivateSmbd, kind: Kind, count: number): Promise<void> {
  if (kind.work === 'write') {
    const { size } = await stat(join(folder, 'written'));
    if (size !== count) throw new Error(`${size} of ${count} bytes arrived`);
  } else if (kind.work === 'write-small') {
    for (let i = 0; i < count; i++) {
      const { size } = await stat(join(folder, 'new', smallPath(i)));
      if (size !== SMALL) throw new Error(`a file arrived with ${size} of ${SMALL} bytes`);
    }
  }
}

/** A row with one server; fails where the package does. */
async function rowWith(
  smbd: PrivateSmbd,
  folder: string,
  name: (typeof PACKAGES)[number],
  kind: Kind,
  pairs: number,
): Promise<string[]> {
  const { port } = smbd;
  const measure = async (subject: Job['subject'], count: number): Promise<Figure> => {
    await prepare(smbd, kind, count);
    // Neither signs nor encrypts unless the server demands it.
    const options = { signing: 'enabled' } as const;
    const figure = await work({ subject, port, folder, work: kind.work, count, lanes: kind.lanes, options });
    await verify(smbd, kind, count);
    return figure;
  };
  const { amount, seconds } = await measure(name, kind.trial);
  const fitting = Math.round(((amount / kind.each) * SECONDS) / seconds);
  const count = Math.min(kind.most, Math.max(kind.lanes, fitting));
  const spent: number[] = [];
  const ours = async (): Promise<Figure> => {
    const before = await smbd.cpuSeconds();
    const figure = await measure('sombrero', count);
    spent.push((await smbd.cpuSeconds()) - before);
    return figure;
  };
  const done = await compare(`${name}: ${kind.name}`, ours, () => measure(name, count), pairs);
  const cost = median(spent);
  const limit = cost < TELLING ? '' : ((count * kind.each) / cost / kind.divisor).toFixed(0);
  return [...rowOf(kind.name, kind.unit, kind.divisor, done).slice(0, 4), limit];
}

/** A row against the first of the servers where the package gets through. */
async function packageRow(
  servers: readonly PrivateSmbd[],
  folder: string,
  name: (typeof PACKAGES)[number],
  kind: Kind,
  pairs: number,
): Promise<string[]> {
  const reasons: string[] = [];
  for (const smbd of servers) {
    try {
      const cells = await rowWith(smbd, folder, name, kind, pairs);
      return [name, ...cells, reasons.length === 0 ? '' : `obliging server; with defaults: ${reasons[0]}`];
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error));
      process.stderr.write(`${name}: ${kind.name}: ${reasons.at(-1)}\n`);
    }
  }
  const reason = [...new Set(reasons)].join('; with the obliging server: ');
  return [name, `${kind.name}, ${kind.unit}`, '', 'fails', '', '', reason];
}

function introduction(folder: string): string {
  const versions = PACKAGES.map((name) => `${name} ${factsOf(folder, name).version}`).join(', ');
  return `${versions}. Each job in a process of its own, without its start and logon, on one connection, as long as the
package needs for about ${SECONDS} s: a file of at most ${large.most / MIB} MiB as a stream (as a whole where there are
none), at most ${small.most} files of 4 KiB with ${LANES} calls under way, ${PER_FOLDER} in a directory, lists of the
names in a directory with ${LISTED} entries, one after the other. The files belong to who logs on. What arrives is
counted. \`samba-client\` runs smbclient for each call. Nothing is signed or encrypted.

*smbd's limit*: what the server itself could do with sombrero's requests if it never had to wait, by the processor time
of the process that serves the connection. That is counted in ticks of 10 ms, so it is only about right. *Obliging
server*: smbd with \`${OBLIGING.join('`, `')}\`, where the package does not get along with the defaults. Node
ran with \`--openssl-legacy-provider\` for ${Object.keys(NODE_FLAGS).join(' and ')}, which do not start without.`;
}

/** The part of the document; of one package if `only` names it. */
export async function againstPackages(smbd: PrivateSmbd, root: string, pairs: number, only?: string): Promise<string> {
  const folder = install();
  const obliging = await privateSmbd(OBLIGING, root);
  try {
    const servers = [smbd, obliging];
    for (const server of servers) {
      await fillTree(join(server.folder, 'small'), true);
      await fillFolder(join(server.folder, 'listed'), LISTED);
    }
    const rows: string[][] = [];
    for (const name of PACKAGES) {
      if (only !== undefined && only !== name) continue;
      for (const kind of KINDS) rows.push(await packageRow(servers, folder, name, kind, pairs));
    }
    const head = ['package', 'row', 'sombrero', 'package', 'ratio (lowest to highest)', "smbd's limit", 'note'];
    return `### Against packages of the npm registry\n\n${introduction(folder)}\n\n${table(head, rows)}`;
  } finally {
    await obliging.close();
    await rm(folder, { recursive: true });
  }
}
