/**
 * Compares two servers, sombrero and smbd, with the same foreign clients, in turn (A B A B …): smbclient for large
 * files, small-files.c for small ones. Writes its part of docs/benchmarks.md. Needs smbd, smbclient, a C compiler and
 * libsmbclient, and must be run as root, which smbd requires.
 *
 *   node build/bench/against-smbd.js [--only TEXT]… [--dry] [--pairs 5] [--root DIR] [--large-mib 1024] [--small 2000]
 *
 * The flags are those of clients.ts.
 */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compiled } from './compiled.js';
import { ended } from './ended.js';
import { type Figure, largePath, SMALL } from './job.js';
import { compareWarm, fillFile, MIB, pairsOf, sombrero, summed, timed } from './measure.js';
import { type Part, runPart, type Task } from './part.js';
import { cpuSecondsOf, PASSWORD, privateSmbd, smbdVersion, USER } from './private-smbd.js';
import { type Figures, type Row, ratio, shown } from './results.js';
import { type ClientProtection, ownRate, smbclient } from './smbclient.js';

const { values: flags } = parseArgs({
  options: {
    pairs: { type: 'string', default: '5' },
    'large-mib': { type: 'string', default: '1024' },
    small: { type: 'string', default: '2000' },
    only: { type: 'string', multiple: true, default: [] },
    root: { type: 'string', default: tmpdir() },
    dry: { type: 'boolean', default: false },
  },
});
const PAIRS = Number(flags.pairs);
const LARGE = Number(flags['large-mib']) * MIB;

const PROTECTIONS: Readonly<Record<string, ClientProtection>> = { plain: 'off', signed: 'sign', encrypted: 'encrypt' };
/** The operations of small-files.c, by the names it gives them. */
const OPERATIONS = { create: 'create, write, close', read: 'open, read, close', unlink: 'remove' } as const;
type Operation = keyof typeof OPERATIONS;

interface Server {
  readonly port: number;
  readonly folder: string;
  /** Processor time used so far. */
  cpuSeconds(): Promise<number>;
  close(): Promise<void>;
}

interface Scene {
  readonly ours: Server;
  readonly theirs: Server;
  readonly local: string;
  readonly program: string;
  /** One run performs all operations. */
  small?: Promise<Readonly<Record<Operation, Figures>>>;
}

/** `sombrero serve` in a process of its own. */
async function ownServer(below: string): Promise<Server> {
  const folder = join(below, 'share');
  await mkdir(folder);
  const place = ['--listen', '127.0.0.1:0', '--share', `share=${folder}`, '--no-control'];
  const [node = '', ...args] = sombrero('serve', ...place, '--user', `${USER}:${PASSWORD}`, '--signing', 'enabled');
  // In its own process group, so that its processor time can be measured.
  const child = spawn(node, args, { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
  let said = '';
  for await (const text of child.stdout.setEncoding('utf8')) {
    said += text;
    if (said.includes('listening on ')) break;
  }
  const port = Number(/listening on smb:\/\/[^:]+:(\d+)/.exec(said)?.[1]);
  if (!port) throw new Error(`sombrero serve does not listen: ${said}`);
  return {
    port,
    folder,
    // The kernel keeps only the first 15 characters of a title.
    cpuSeconds: () => cpuSecondsOf(child.pid ?? 0, 'sombrero serve '),
    close: () => ended(child, () => child.kill()),
  };
}

async function open(): Promise<Scene> {
  const local = await mkdtemp(join(flags.root, 'bench-servers-'));
  const program = compiled('small-files', local, ['-I/usr/include/samba-4.0', '-lsmbclient']);
  const scene = { ours: await ownServer(local), theirs: await privateSmbd([], flags.root), local, program };
  for (const folder of [local, scene.ours.folder, scene.theirs.folder])
    await fillFile(join(folder, largePath(LARGE)), LARGE);
  return scene;
}

async function close({ ours, theirs, local }: Scene): Promise<void> {
  await ours.close();
  await theirs.close();
  await rm(local, { recursive: true });
}

/** The client's figure, with the processor time of the server. */
async function served(server: Server, work: () => Promise<Figure>): Promise<Figure> {
  const before = await server.cpuSeconds();
  const figure = await work();
  return { ...figure, cpuSeconds: (await server.cpuSeconds()) - before };
}

function largeTask(name: string, protection: ClientProtection, verb: 'get' | 'put'): Task<Scene> {
  const file = largePath(LARGE);
  const measure = ({ local }: Scene, server: Server): Promise<Figure> => {
    const what = verb === 'get' ? `get ${file} /dev/null` : `put ${join(local, file)} put.tmp; del put.tmp`;
    return served(server, async () => ownRate(await timed(smbclient(server.port, protection, what)), LARGE));
  };
  return {
    path: [`${verb} ${name}`],
    unit: 'MiB/s',
    measure: async (scene) => ({
      figures: await compareWarm(
        () => measure(scene, scene.ours),
        () => measure(scene, scene.theirs),
        PAIRS,
        MIB,
      ),
    }),
  };
}

async function smallFiles({ program }: Scene, { port }: Server): Promise<Record<Operation, Figure>> {
  const url = `smb://127.0.0.1:${port}/share`;
  const { output } = await timed([program, url, USER, PASSWORD, flags.small, String(SMALL)]);
  const line = output.split('\n').find((text) => text.startsWith('{')) ?? '{}';
  const rates = JSON.parse(line) as Record<Operation, number>;
  const figure = (operation: Operation): Figure => ({ amount: rates[operation], seconds: 1, cpuSeconds: 0 });
  return { create: figure('create'), read: figure('read'), unlink: figure('unlink') };
}

async function smallFigures(scene: Scene): Promise<Readonly<Record<Operation, Figures>>> {
  const ours = () => smallFiles(scene, scene.ours);
  const theirs = () => smallFiles(scene, scene.theirs);
  await ours();
  await theirs();
  const pairs = await pairsOf(ours, theirs, PAIRS);
  const figures = (operation: Operation): Figures =>
    summed(
      pairs.map((pair) => ({ ours: pair.ours[operation], theirs: pair.theirs[operation] })),
      1,
    );
  return { create: figures('create'), read: figures('read'), unlink: figures('unlink') };
}

const smallTask = (operation: Operation): Task<Scene> => ({
  path: [`small files: ${OPERATIONS[operation]}`],
  unit: 'files/s',
  measure: async (scene) => {
    scene.small ??= smallFigures(scene);
    return { figures: (await scene.small)[operation] };
  },
});

const HEAD = ['row', 'sombrero', 'smbd', 'ratio (lowest to highest)', 'processor time'];

function cells({ path, unit, figures }: Row): string[] {
  const name = `${path.join(': ')}, ${unit}`;
  if (!figures) return [name];
  return [name, shown(figures.ours), shown(figures.theirs), ratio(figures), figures.cpu?.toFixed(2) ?? ''];
}

const servers: Part<Scene> = {
  name: 'servers',
  tasks: [
    ...Object.entries(PROTECTIONS).flatMap(([name, protection]) => [
      largeTask(name, protection, 'get'),
      largeTask(name, protection, 'put'),
    ]),
    ...(Object.keys(OPERATIONS) as Operation[]).map(smallTask),
  ],
  open,
  conditions: async () =>
    `smbd and smbclient ${smbdVersion()}, loopback, files in ${flags.root}, ${PAIRS} pairs after one to warm up`,
  close,
  render: (rows, runs) => `${runs.table(HEAD, rows, cells)}\n\n${runs}`,
};

await runPart(servers, flags);
