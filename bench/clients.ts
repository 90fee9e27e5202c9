/**
 * Clients against one smbd, in turn (A B A B …): sombrero and smbclient, sombrero and the packages of the npm registry.
 * Writes its part of docs/benchmarks.md. Needs smbd and smbclient, and must be root, as smbd wants it.
 *
 *   node build/bench/clients.js [--pairs 5] [--large-mib 1024] [--small 10000] [--only smbclient|packages] [--root DIR] [--dry]
 *
 * --root: where the share and the files here lie; on a memory disk, what is measured is not that of the machine
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { ConnectOptions } from '#client/index.js';
import { circumstances, median, replaceSection, table } from './document.js';
import { factsOf, install, PACKAGES } from './packages.js';
import { PASSWORD, type PrivateSmbd, privateSmbd, smbdVersion, USER } from './private-smbd.js';
import { NODE_FLAGS } from './subjects.js';
import type { Figure, Job } from './worker.js';

const { values: flags } = parseArgs({
  options: {
    pairs: { type: 'string', default: '5' },
    'large-mib': { type: 'string', default: '1024' },
    small: { type: 'string', default: '10000' },
    only: { type: 'string' },
    root: { type: 'string' },
    dry: { type: 'boolean', default: false },
  },
});
const PAIRS = Number(flags.pairs);
const LARGE = Number(flags['large-mib']) * 1024 * 1024;
const SMALL = Number(flags.small);
/** For packages, of which some need minutes for a gigabyte. */
const PACKAGE_LARGE = 64 * 1024 * 1024;
const PACKAGE_SMALL = 200;
const LISTED = 2000;
const PATIENCE_MS = 120_000;
const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const WORKER = fileURLToPath(new URL('./worker.js', import.meta.url));
const ROOT = flags.root ?? tmpdir();
const MIB = 1024 * 1024;

const PROTECTIONS: Readonly<Record<string, { ours: ConnectOptions; flags: readonly string[]; theirs: string }>> = {
  plain: {
    ours: { signing: 'enabled', encryption: 'off' },
    flags: ['--signing', 'enabled', '--encryption', 'off'],
    theirs: 'off',
  },
  signed: {
    ours: { signing: 'required', encryption: 'off' },
    flags: ['--signing', 'required', '--encryption', 'off'],
    theirs: 'sign',
  },
  encrypted: { ours: { encryption: 'required' }, flags: ['--encryption', 'required'], theirs: 'encrypt' },
};

interface Ran {
  readonly output: string;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** Runs a program and tells how long it took, and its processor time, which bash knows. */
async function timed(command: readonly string[], cwd?: string): Promise<Ran> {
  const script = 'TIMEFORMAT="cpu %U %S"; time "$@"';
  const env = { ...process.env, SOMBRERO_PASSWORD: PASSWORD };
  const begin = performance.now();
  const child = spawn('bash', ['-c', script, '--', ...command], { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  const [status] = (await once(child, 'close')) as [number | null];
  clearTimeout(timer);
  const seconds = (performance.now() - begin) / 1000;
  if (status === null) throw new Error(`not done after ${PATIENCE_MS / 1000} s`);
  const cpu = /cpu ([\d.]+) ([\d.]+)/.exec(output);
  if (status !== 0) throw new Error(firstError(output));
  return { output, seconds, cpuSeconds: Number(cpu?.[1]) + Number(cpu?.[2]) };
}

function firstError(output: string): string {
  const told = /^error: (.*)$/m.exec(output)?.[1];
  if (told !== undefined) return told;
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return (lines.find((line) => /error|NT_STATUS|STATUS_/i.test(line)) ?? lines.at(-2) ?? 'no reason given')
    .trim()
    .slice(0, 200);
}

const smbclient = (port: number, protection: string, what: string): string[] => [
  'smbclient',
  '//127.0.0.1/share',
  ...['-p', String(port), '-U', `${USER}%${PASSWORD}`, '-m', 'SMB3_11', `--client-protection=${protection}`],
  ...['-c', what],
];

const sombrero = (...args: readonly string[]): string[] => [process.execPath, MAIN, ...args];

/** As smbclient itself measures it: the transfer alone. */
function ownRate({ output, cpuSeconds }: Ran): Figure {
  const rate = /\(([\d.]+) [kK]/.exec(output)?.[1];
  if (rate === undefined) throw new Error(firstError(output));
  return { amount: LARGE, seconds: LARGE / (Number(rate) * 1024), cpuSeconds };
}

async function work(job: Job): Promise<Figure> {
  const flags = NODE_FLAGS[job.subject] ?? [];
  const { output } = await timed([process.execPath, ...flags, WORKER, JSON.stringify(job)]);
  const line = output.split('\n').find((text) => text.startsWith('{'));
  if (line === undefined) throw new Error(firstError(output));
  return JSON.parse(line) as Figure;
}

type Measure = () => Promise<Figure>;

interface Compared {
  readonly ours: readonly Figure[];
  readonly theirs: readonly Figure[];
}

/** One of each to warm up, then the pairs. */
async function compare(name: string, ours: Measure, theirs: Measure, pairs: number): Promise<Compared> {
  const done: { ours: Figure[]; theirs: Figure[] } = { ours: [], theirs: [] };
  for (let pair = 0; pair <= pairs; pair++) {
    const [a, b] = [await ours(), await theirs()];
    if (pair === 0) continue;
    done.ours.push(a);
    done.theirs.push(b);
  }
  process.stderr.write(`${name}: ${rowOf(name, '', 1, done).join('  ')}  load ${loadavg()[0]?.toFixed(1)}\n`);
  return done;
}

const rate = ({ amount, seconds }: Figure): number => amount / seconds;

/** Name, both rates, their ratio with its spread, and how much processor time ours takes for theirs. */
function rowOf(name: string, unit: string, divisor: number, { ours, theirs }: Compared): string[] {
  const ratios = ours.map((figure, i) => rate(figure) / rate(theirs[i] as Figure));
  const spread = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
  const cost = (figures: readonly Figure[]): number =>
    median(figures.map(({ cpuSeconds, amount }) => cpuSeconds / amount));
  const cpu = cost(theirs) > 0 ? (cost(ours) / cost(theirs)).toFixed(2) : '';
  const shown = (figures: readonly Figure[]): string => (median(figures.map(rate)) / divisor).toFixed(0);
  return [
    unit === '' ? name : `${name}, ${unit}`,
    shown(ours),
    shown(theirs),
    `${median(ratios).toFixed(2)} (${spread})`,
    cpu,
  ];
}

/** A folder here with files in it, and the same on the share. */
interface Scene {
  readonly smbd: PrivateSmbd;
  readonly local: string;
}

async function fillFolder(folder: string, count: number): Promise<void> {
  await mkdir(folder);
  await chmod(folder, 0o777);
  const data = Buffer.alloc(4096, 0x61);
  for (let i = 0; i < count; i++) await writeFile(join(folder, `f${i}`), data, { mode: 0o666 });
}

async function fillFile(path: string, size: number): Promise<void> {
  await pipeline(createReadStream('/dev/urandom', { end: size - 1 }), createWriteStream(path, { mode: 0o666 }));
}

async function largeRows({ smbd, local }: Scene, folder: string): Promise<string[][]> {
  const rows: string[][] = [];
  const { port } = smbd;
  const url = `smb://${USER}@127.0.0.1:${port}/share`;
  const file = join(local, 'large');
  for (const [name, { ours, flags: ourFlags, theirs }] of Object.entries(PROTECTIONS)) {
    const job: Omit<Job, 'work'> = { subject: 'sombrero', port, folder, options: ours, count: LARGE, lanes: 1 };
    const get = async (): Promise<Figure> => ownRate(await timed(smbclient(port, theirs, 'get large /dev/null')));
    const put = async (): Promise<Figure> =>
      ownRate(await timed(smbclient(port, theirs, `put ${file} put.tmp; del put.tmp`)));
    const library = async (what: 'read' | 'read-through' | 'write'): Promise<Figure> => {
      const figure = await work({ ...job, work: what });
      await rm(join(smbd.folder, 'written'), { force: true });
      return figure;
    };
    const row = async (what: string, ours: Measure, smbclients: Measure): Promise<void> => {
      rows.push(rowOf(what, 'MiB/s', MIB, await compare(what, ours, smbclients, PAIRS)));
    };
    await row(`get ${name}: library, into a buffer`, () => library('read-through'), get);
    if (name === 'plain') await row(`get ${name}: library, as a stream`, () => library('read'), get);
    await row(`put ${name}: library, as a stream`, () => library('write'), put);
    const whole = async (command: readonly string[]): Promise<Figure> => {
      const ran = await timed(command, local);
      await Promise.all(['got'].map((left) => rm(join(local, left), { force: true })));
      await rm(join(smbd.folder, 'put.tmp'), { force: true });
      return { amount: LARGE, ...ran };
    };
    await row(
      `get ${name}: command, to a file`,
      () => whole(sombrero('get', ...ourFlags, `${url}/large`, 'got')),
      () => whole(smbclient(port, theirs, 'get large got')),
    );
    await row(
      `put ${name}: command`,
      () => whole(sombrero('put', ...ourFlags, file, `${url}/put.tmp`)),
      () => whole(smbclient(port, theirs, `put ${file} put.tmp`)),
    );
  }
  return rows;
}

async function smallRows({ smbd, local }: Scene): Promise<string[][]> {
  const { port } = smbd;
  const url = `smb://${USER}@127.0.0.1:${port}/share`;
  const signed = PROTECTIONS.signed as (typeof PROTECTIONS)[string];
  const figure = async (command: readonly string[], cwd: string, clean: string): Promise<Figure> => {
    const ran = await timed(command, cwd);
    const there = await readdir(clean);
    if (there.length !== SMALL) throw new Error(`${there.length} files arrived, not ${SMALL}`);
    await rm(clean, { recursive: true });
    return { amount: SMALL, ...ran };
  };
  const source = join(local, 'small');
  const up = join(smbd.folder, 'up');
  const down = join(local, 'down');
  const mput = `mkdir up; cd up; lcd ${source}; prompt off; mput *`;
  const put = await compare(
    `${SMALL} small files up`,
    () => figure(sombrero('put', '-r', '-T', ...signed.flags, source, `${url}/up`), local, up),
    () => figure(smbclient(port, 'sign', mput), local, up),
    PAIRS,
  );
  const mget = async (): Promise<Figure> => {
    await mkdir(down);
    return figure(smbclient(port, 'sign', 'cd many; prompt off; mget *'), down, down);
  };
  const get = await compare(
    `${SMALL} small files down`,
    () => figure(sombrero('get', '-r', '-T', ...signed.flags, `${url}/many`, down), local, down),
    mget,
    PAIRS,
  );
  return [
    rowOf(`put -r / mput of ${SMALL} files of 4 KiB, signed`, 'files/s', 1, put),
    rowOf(`get -r / mget of them`, 'files/s', 1, get),
  ];
}

const PACKAGE_WORKS: readonly [Job['work'], string, number, number, string, number][] = [
  ['read', 'large read', PACKAGE_LARGE, 1, 'MiB/s', MIB],
  ['write', 'large write', PACKAGE_LARGE, 1, 'MiB/s', MIB],
  ['read-small', 'small files read', PACKAGE_SMALL, 16, 'files/s', 1],
  ['write-small', 'small files written', PACKAGE_SMALL, 16, 'files/s', 1],
  ['list', `list of ${LISTED}`, 3, 1, 'entries/s', 1],
];

/** What a server has to do without, so that the older packages get along with it. */
const OBLIGING = ['ntlm auth = ntlmv1-permitted', 'aio read size = 0', 'aio write size = 0'];

async function emptied(smbd: PrivateSmbd): Promise<void> {
  const folder = join(smbd.folder, 'new');
  await rm(join(smbd.folder, 'written'), { force: true });
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  await chmod(folder, 0o777);
}

/** A row against the first of the servers where the package gets through. */
async function packageRow(
  servers: readonly PrivateSmbd[],
  folder: string,
  name: (typeof PACKAGES)[number],
  [kind, what, count, lanes, unit, divisor]: (typeof PACKAGE_WORKS)[number],
): Promise<string[]> {
  const reasons: string[] = [];
  for (const smbd of servers) {
    // Neither signs nor encrypts unless the server demands it.
    const base = { port: smbd.port, folder, work: kind, count, lanes, options: { signing: 'enabled' } } as const;
    const measure = async (subject: Job['subject']): Promise<Figure> => {
      await emptied(smbd);
      return work({ ...base, subject });
    };
    try {
      // What does not work at all is not waited for again and again.
      await measure(name);
      const done = await compare(
        `${name}: ${what}`,
        () => measure('sombrero'),
        () => measure(name),
        PAIRS,
      );
      const note = reasons.length === 0 ? '' : `obliging server; with defaults: ${reasons[0]}`;
      return [name, ...rowOf(what, unit, divisor, done).slice(0, 4), note];
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error));
      process.stderr.write(`${name}: ${what}: ${reasons.at(-1)}\n`);
    }
  }
  return [name, `${what}, ${unit}`, '', 'fails', '', [...new Set(reasons)].join('; with the obliging server: ')];
}

async function packageRows(servers: readonly PrivateSmbd[], folder: string): Promise<string[][]> {
  const rows: string[][] = [];
  for (const name of PACKAGES) {
    for (const each of PACKAGE_WORKS) rows.push(await packageRow(servers, folder, name, each));
  }
  return rows;
}

const VERSUS_SMBCLIENT = `Medians; the ratio is that of each pair, then the median, with the lowest and the highest. *Library*: data
dropped or made up, against the rate that smbclient tells of its transfer to \`/dev/null\` or from a file.
*Command*: whole processes, from start to end, \`sombrero get\` and \`put\` (which write beside the target first) against
\`smbclient -c\`. The last column is processor time, user and system, of the client for the same amount of work, ours
divided by theirs.`;

async function smbclientPart(scene: Scene, folder: string): Promise<string> {
  const rows = [...(await largeRows(scene, folder)), ...(await smallRows(scene))];
  const head = ['row', 'sombrero', 'smbclient', 'ratio (lowest to highest)', 'processor time'];
  return `### Against smbclient\n\n${VERSUS_SMBCLIENT}\n\n${table(head, rows)}`;
}

async function packagesPart(servers: readonly PrivateSmbd[], folder: string): Promise<string> {
  const rows = await packageRows(servers, folder);
  const versions = PACKAGES.map((name) => `${name} ${factsOf(folder, name).version}`).join(', ');
  const how = `${versions}. Each job in a process of its own, without its start and logon: a file of ${PACKAGE_LARGE / MIB} MiB as a stream
(as a whole where there are none), ${PACKAGE_SMALL} files of 4 KiB with 16 under way, three lists of a directory with ${LISTED} entries.
\`samba-client\` runs smbclient for each call. Nothing is signed or encrypted. *Obliging server*: smbd with
\`${OBLIGING.join('`, `')}\`, where the package does not get along with the defaults. Node ran with
\`--openssl-legacy-provider\` for ${Object.keys(NODE_FLAGS).join(' and ')}, which do not start without.`;
  const head = ['package', 'row', 'sombrero', 'package', 'ratio (lowest to highest)', 'note'];
  return `### Against packages of the npm registry\n\n${how}\n\n${table(head, rows)}`;
}

async function main(): Promise<void> {
  const smbd = await privateSmbd([], ROOT);
  const local = await mkdtemp(join(ROOT, 'bench-clients-'));
  const folder = install();
  try {
    const scene = { smbd, local };
    if (flags.only !== 'packages') {
      await fillFile(join(local, 'large'), LARGE);
      await fillFile(join(smbd.folder, 'large'), LARGE);
      await fillFolder(join(local, 'small'), SMALL);
      await fillFolder(join(smbd.folder, 'many'), SMALL);
      await publish('smbclient', await smbclientPart(scene, folder));
    }
    if (flags.only !== 'smbclient') await againstPackages(smbd, folder);
  } finally {
    await smbd.close();
    await rm(local, { recursive: true });
    await rm(folder, { recursive: true });
  }
}

async function againstPackages(smbd: PrivateSmbd, folder: string): Promise<void> {
  const obliging = await privateSmbd(OBLIGING, ROOT);
  try {
    for (const server of [smbd, obliging]) {
      await fillFile(join(server.folder, 'large'), PACKAGE_LARGE);
      await fillFolder(join(server.folder, 'small'), LISTED);
    }
    await publish('packages', await packagesPart([smbd, obliging], folder));
  } finally {
    await obliging.close();
  }
}

async function publish(section: string, text: string): Promise<void> {
  const load = loadavg().map((value) => value.toFixed(1));
  const when = `${circumstances()}, smbd and smbclient ${smbdVersion()} with defaults, loopback, files in ${ROOT}, ${PAIRS} pairs after one to warm up; load average at the end ${load.join(', ')}.`;
  if (flags.dry) process.stdout.write(`${text}\n\n${when}\n`);
  else await replaceSection('benchmarks.md', section, `${text}\n\n${when}`);
}

await main();
