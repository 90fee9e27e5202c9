/** Compares sombrero and smbclient against one smbd, in turn. Writes their part of docs/benchmarks.md. */
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConnectOptions } from '#client/index.js';
import { type Job, largePath, PER_FOLDER } from './job.js';
import {
  compare,
  compareWarm,
  fillFile,
  fillFolder,
  fillTree,
  type Measure,
  MIB,
  sombrero,
  timed,
  work,
} from './measure.js';
import type { Part, Task } from './part.js';
import { type PrivateSmbd, privateSmbd, smbdVersion, USER } from './private-smbd.js';
import { type Row, type Runs, ratio, shown } from './results.js';
import { type ClientProtection, ownRate, smbclient } from './smbclient.js';

interface Protection {
  readonly ours: ConnectOptions;
  readonly flags: readonly string[];
  readonly theirs: ClientProtection;
}

const SIGNED: Protection = {
  ours: { signing: 'required', encryption: 'off' },
  flags: ['--signing', 'required', '--encryption', 'off'],
  theirs: 'sign',
};
const PROTECTIONS: Readonly<Record<string, Protection>> = {
  plain: {
    ours: { signing: 'enabled', encryption: 'off' },
    flags: ['--signing', 'enabled', '--encryption', 'off'],
    theirs: 'off',
  },
  signed: SIGNED,
  encrypted: { ours: { encryption: 'required' }, flags: ['--encryption', 'required'], theirs: 'encrypt' },
};

export interface Sizes {
  /** Size of the large file in bytes, and number of small files. */
  readonly large: number;
  readonly small: number;
}

/** A server, and a local folder with the same contents as the share. */
interface Scene {
  readonly smbd: PrivateSmbd;
  readonly local: string;
}

const urlOf = ({ smbd }: Scene): string => `smb://${USER}@127.0.0.1:${smbd.port}/share`;

/** The two measurements of a row. */
type Sides = (scene: Scene) => readonly [ours: Measure, theirs: Measure];

function largeTasks(name: string, protection: Protection, { large }: Sizes, pairs: number): Task<Scene>[] {
  const file = largePath(large);
  const row = (what: string, sides: Sides): Task<Scene> => ({
    path: [name, what],
    unit: 'MiB/s',
    measure: async (scene) => ({ figures: await compareWarm(...sides(scene), pairs, MIB) }),
  });
  const library =
    (scene: Scene, what: Job['work']): Measure =>
    async () => {
      const job = { subject: 'sombrero', port: scene.smbd.port, folder: scene.local, lanes: 1 } as const;
      const figure = await work({ ...job, options: protection.ours, work: what, count: large });
      await rm(join(scene.smbd.folder, 'written'), { force: true });
      return figure;
    };
  const theirs =
    (scene: Scene, what: string): Measure =>
    async () =>
      ownRate(await timed(smbclient(scene.smbd.port, protection.theirs, what)), large);
  const get = (scene: Scene): Measure => theirs(scene, `get ${file} /dev/null`);
  const put = (scene: Scene): Measure => theirs(scene, `put ${join(scene.local, file)} put.tmp; del put.tmp`);
  const whole =
    ({ smbd, local }: Scene, command: readonly string[]): Measure =>
    async () => {
      const ran = await timed(command, local);
      await rm(join(local, 'got'), { force: true });
      await rm(join(smbd.folder, 'put.tmp'), { force: true });
      return { amount: large, ...ran };
    };
  const ours = (scene: Scene, ...args: readonly string[]): Measure =>
    whole(scene, sombrero(...args, ...protection.flags));
  const streams = [
    row('get, library, as a stream', (scene) => [library(scene, 'read-stream'), get(scene)]),
    row('put, library, as a stream', (scene) => [library(scene, 'write-stream'), put(scene)]),
  ];
  return [
    row('get, library, `file.readEach`', (scene) => [library(scene, 'read-large'), get(scene)]),
    row('put, library, `share.writeFile`', (scene) => [library(scene, 'write-large'), put(scene)]),
    row('get, command, to a file', (scene) => [
      ours(scene, 'get', `${urlOf(scene)}/${file}`, 'got'),
      whole(scene, smbclient(scene.smbd.port, protection.theirs, `get ${file} got`)),
    ]),
    row('put, command', (scene) => [
      ours(scene, 'put', join(scene.local, file), `${urlOf(scene)}/put.tmp`),
      whole(scene, smbclient(scene.smbd.port, protection.theirs, `put ${join(scene.local, file)} put.tmp`)),
    ]),
    // Their cost does not depend on the protection of messages.
    ...(name === 'plain' ? streams : []),
  ];
}

/** Number of files below a folder. */
async function filesBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).length;
}

/** Small files in a folder of this name, both here and on the share. */
interface Bunch {
  readonly name: 'tree' | 'flat';
  readonly count: number;
}

/** One directory with all of them is slow for every client: half of them are enough. */
const bunches = ({ small }: Sizes): readonly Bunch[] => [
  { name: 'tree', count: small },
  { name: 'flat', count: Math.ceil(small / 2) },
];

/** Upload and download, signed. */
function smallTasks({ name, count }: Bunch, pairs: number): Task<Scene>[] {
  const where = name === 'flat' ? 'one directory' : `${Math.ceil(count / PER_FOLDER)} directories`;
  const whole =
    (command: readonly string[], cwd: string, target: string, before?: () => Promise<unknown>): Measure =>
    async () => {
      await before?.();
      const ran = await timed(command, cwd);
      const there = await filesBelow(target);
      if (there !== count) throw new Error(`${there} files arrived, not ${count}`);
      await rm(target, { recursive: true });
      return { amount: count, ...ran };
    };
  const row = (verbs: string, sides: Sides): Task<Scene> => ({
    path: ['small', `${verbs} of ${count} files of 4 KiB in ${where}, signed`],
    unit: 'files/s',
    measure: async (scene) => ({ figures: await compare(...sides(scene), pairs, 1) }),
  });
  const up = (more: readonly string[], scene: Scene): readonly [Measure, Measure] => {
    const source = join(scene.local, name);
    const target = join(scene.smbd.folder, 'up');
    const mput = `mkdir up; cd up; lcd ${source}; recurse on; prompt off; mput *`;
    const theirs = smbclient(scene.smbd.port, SIGNED.theirs, mput);
    const ours = sombrero('put', '-r', '-T', ...more, ...SIGNED.flags, source, `${urlOf(scene)}/up`);
    return [whole(ours, scene.local, target), whole(theirs, scene.local, target)];
  };
  return [
    row('put -r / mput', (scene) => up([], scene)),
    // Like smbclient, which keeps no times.
    row('put -r --no-times / mput', (scene) => up(['--no-times'], scene)),
    row('get -r / mget', (scene) => {
      const down = join(scene.local, 'down');
      const theirs = smbclient(scene.smbd.port, SIGNED.theirs, `cd ${name}; recurse on; prompt off; mget *`);
      const ours = sombrero('get', '-r', '-T', ...SIGNED.flags, `${urlOf(scene)}/${name}`, down);
      return [whole(ours, scene.local, down), whole(theirs, down, down, () => mkdir(down))];
    }),
  ];
}

async function open(root: string, sizes: Sizes): Promise<Scene> {
  const smbd = await privateSmbd([], root);
  const local = await mkdtemp(join(root, 'bench-clients-'));
  for (const folder of [local, smbd.folder]) {
    await fillFile(join(folder, largePath(sizes.large)), sizes.large);
    for (const { name, count } of bunches(sizes)) {
      await (name === 'flat' ? fillFolder : fillTree)(join(folder, name), count);
    }
  }
  return { smbd, local };
}

const HEAD = ['row', 'sombrero', 'smbclient', 'ratio (lowest to highest)', 'processor time'];

function cells({ path, unit, figures }: Row): string[] {
  const name = `${path.join(': ')}, ${unit}`;
  return figures
    ? [name, shown(figures.ours), shown(figures.theirs), ratio(figures), figures.cpu?.toFixed(2) ?? '']
    : [name];
}

const INTRODUCTION = `Medians; the ratio is that of each pair, then the median, with the lowest and the highest. *Library*: data
dropped or made up, against the rate that smbclient tells of its transfer to \`/dev/null\` or from a file.
*Command*: whole processes, from start to end, \`sombrero get\` and \`put\` (which write beside the target first) against
\`smbclient -c\`. The last column is processor time, user and system, of the client for the same amount of work, ours
divided by theirs. smbclient's always has its start and its logon in it, some 0.03 s; ours has them with *command* only.`;

export function againstSmbclient(root: string, sizes: Sizes, pairs: number): Part<Scene> {
  return {
    name: 'smbclient',
    tasks: [
      ...Object.entries(PROTECTIONS).flatMap(([name, protection]) => largeTasks(name, protection, sizes, pairs)),
      ...bunches(sizes).flatMap((bunch) => smallTasks(bunch, pairs)),
    ],
    open: () => open(root, sizes),
    conditions: async () =>
      `smbd and smbclient ${smbdVersion()} with defaults, loopback, files in ${root}, ${pairs} pairs, those of large files after one to warm up`,
    close: async ({ smbd, local }) => {
      await smbd.close();
      await rm(local, { recursive: true });
    },
    render: (rows: readonly Row[], runs: Runs) =>
      `### Against smbclient\n\n${INTRODUCTION}\n\n${runs.table(HEAD, rows, cells)}\n\n${runs}`,
  };
}
