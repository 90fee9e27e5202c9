/**
 * Clients against one smbd, in turn (A B A B …): sombrero and smbclient, sombrero and the packages of the npm registry.
 * Writes its part of docs/benchmarks.md. Needs smbd and smbclient, and must be root, as smbd wants it.
 *
 *   node build/bench/clients.js [--pairs 5] [--large-mib 1024] [--small 10000] [--only smbclient|packages|PACKAGE]
 *     [--root DIR] [--dry]
 *
 * --root: where the share and the files here lie; on a memory disk, what is measured is not that of the machine
 * --only PACKAGE: that one, for the eye: nothing is written
 */
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { ConnectOptions } from '#client/index.js';
import { againstPackages } from './against-packages.js';
import { circumstances, replaceSection, table } from './document.js';
import type { Figure, Job } from './job.js';
import {
  compare,
  fillFile,
  fillFolder,
  firstError,
  type Measure,
  MIB,
  type Ran,
  rowOf,
  timed,
  work,
} from './measure.js';
import { PASSWORD, type PrivateSmbd, privateSmbd, smbdVersion, USER } from './private-smbd.js';

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
const LARGE = Number(flags['large-mib']) * MIB;
const SMALL = Number(flags.small);
const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const ROOT = flags.root ?? tmpdir();

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

/** A folder here with files in it, and the same on the share. */
interface Scene {
  readonly smbd: PrivateSmbd;
  readonly local: string;
}

async function largeRows({ smbd, local }: Scene): Promise<string[][]> {
  const rows: string[][] = [];
  const { port } = smbd;
  const url = `smb://${USER}@127.0.0.1:${port}/share`;
  const file = join(local, 'large');
  for (const [name, { ours, flags: ourFlags, theirs }] of Object.entries(PROTECTIONS)) {
    const job: Omit<Job, 'work'> = { subject: 'sombrero', port, folder: '', options: ours, count: LARGE, lanes: 1 };
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

const VERSUS_SMBCLIENT = `Medians; the ratio is that of each pair, then the median, with the lowest and the highest. *Library*: data
dropped or made up, against the rate that smbclient tells of its transfer to \`/dev/null\` or from a file.
*Command*: whole processes, from start to end, \`sombrero get\` and \`put\` (which write beside the target first) against
\`smbclient -c\`. The last column is processor time, user and system, of the client for the same amount of work, ours
divided by theirs.`;

async function smbclientPart(scene: Scene): Promise<string> {
  const rows = [...(await largeRows(scene)), ...(await smallRows(scene))];
  const head = ['row', 'sombrero', 'smbclient', 'ratio (lowest to highest)', 'processor time'];
  return `### Against smbclient\n\n${VERSUS_SMBCLIENT}\n\n${table(head, rows)}`;
}

async function againstSmbclient(smbd: PrivateSmbd): Promise<string> {
  const local = await mkdtemp(join(ROOT, 'bench-clients-'));
  try {
    await fillFile(join(local, 'large'), LARGE);
    await fillFile(join(smbd.folder, 'large'), LARGE);
    await fillFolder(join(local, 'small'), SMALL);
    await fillFolder(join(smbd.folder, 'many'), SMALL);
    return await smbclientPart({ smbd, local });
  } finally {
    await rm(local, { recursive: true });
  }
}

async function main(): Promise<void> {
  const { only } = flags;
  const smbd = await privateSmbd([], ROOT);
  try {
    if (only === undefined || only === 'smbclient') await publish('smbclient', await againstSmbclient(smbd));
    if (only === 'smbclient') return;
    const one = only === 'packages' ? undefined : only;
    await publish('packages', await againstPackages(smbd, ROOT, PAIRS, one), one !== undefined);
  } finally {
    await smbd.close();
  }
}

async function publish(section: string, text: string, dry = flags.dry): Promise<void> {
  const load = loadavg().map((value) => value.toFixed(1));
  const when = `${circumstances()}, smbd and smbclient ${smbdVersion()} with defaults, loopback, files in ${ROOT}, ${PAIRS} pairs after one to warm up; load average at the end ${load.join(', ')}.`;
  if (dry || flags.dry) process.stdout.write(`${text}\n\n${when}\n`);
  else await replaceSection('benchmarks.md', section, `${text}\n\n${when}`);
}

await main();
