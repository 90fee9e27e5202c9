/**
 * Two servers under the same foreign clients, in turn (A B A B …): smbclient for large files, small-files.c for small
 * ones. Prints a row of medians and ratios a case; with --write, into its part of docs/benchmarks.md. Timings belong to
 * people, not to tests.
 *
 *   node build/bench/against-smbd.js [--write] A B USER PASSWORD FILE [PAIRS] [SMALL_FILES_PROGRAM]
 *
 * A and B are HOST:PORT/SHARE; FILE is a local file that both shares hold under the same name.
 */
import { spawnSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { circumstances, median, replaceSection, table } from './document.js';
import { smbdVersion } from './private-smbd.js';

type Row = Readonly<Record<string, number>>;

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean', default: false } },
});
const [a, b, user, password, file, pairs = '5', program] = positionals;
if (!a || !b || !user || password === undefined || !file) {
  console.error('usage: against-smbd A B USER PASSWORD FILE [PAIRS] [SMALL_FILES_PROGRAM]');
  process.exit(2);
}

const protections: Readonly<Record<string, readonly string[]>> = {
  plain: [],
  signed: ['--client-protection=sign'],
  encrypted: ['--client-protection=encrypt'],
};

function run(command: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stdout}${stderr}`);
  return stdout + stderr;
}

/** MiB/s as smbclient itself reports them. */
function transfer(place: string, protection: readonly string[], direction: 'get' | 'put'): Row {
  const [host = '', share = ''] = place.split('/');
  const [address = '', port = '445'] = host.split(':');
  const name = basename(file as string);
  const what = direction === 'get' ? `get ${name} /dev/null` : `put ${file} put.tmp; del put.tmp`;
  const login = ['-U', `${user}%${password}`, '-m', 'SMB3_11', ...protection];
  const text = run('smbclient', [`//${address}/${share}`, '-p', port, ...login, '-c', what]);
  const rate = /\(([\d.]+) [kK]/.exec(text)?.[1];
  if (rate === undefined) throw new Error(`no rate in: ${text}`);
  return { 'MiB/s': Number(rate) / 1024 };
}

function smallFiles(place: string): Row {
  return JSON.parse(run(program as string, [`smb://${place}`, user as string, password as string, '2000', '4096']));
}

const results: string[][] = [];

function compare(name: string, measure: (place: string) => Row): void {
  const rows: [Row, Row][] = [];
  measure(a as string);
  measure(b as string);
  for (let i = 0; i < Number(pairs); i++) rows.push([measure(a as string), measure(b as string)]);
  for (const key of Object.keys(rows[0]?.[0] ?? {})) {
    const ours = rows.map(([row]) => row[key] ?? 0);
    const theirs = rows.map(([, row]) => row[key] ?? 0);
    const ratios = ours.map((value, i) => value / (theirs[i] ?? 1));
    const spread = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
    const figures = `A ${median(ours).toFixed(0)}  B ${median(theirs).toFixed(0)}`;
    console.log(`${`${name} ${key}`.padEnd(28)} ${figures}  A/B ${median(ratios).toFixed(2)} (${spread})`);
    const [mine, other] = [median(ours), median(theirs)].map((value) => value.toFixed(0)) as [string, string];
    results.push([`${name}, ${key}`, mine, other, `${median(ratios).toFixed(2)} (${spread})`]);
  }
}

for (const [name, protection] of Object.entries(protections)) {
  compare(`get ${name}`, (place) => transfer(place, protection, 'get'));
  compare(`put ${name}`, (place) => transfer(place, protection, 'put'));
}
if (program) compare('small files', smallFiles);
if (flags.write) {
  const head = ['row', 'sombrero', 'smbd', 'ratio (lowest to highest of the pairs)'];
  const load = loadavg().map((value) => value.toFixed(1));
  const when = `${circumstances()}, smbd ${smbdVersion()}, ${pairs} pairs after one to warm up; load average at the end ${load.join(', ')}.`;
  await replaceSection('benchmarks.md', 'servers', `${table(head, results)}\n\n${when}`);
}
