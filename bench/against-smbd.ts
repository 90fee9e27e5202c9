/**
 * Two servers under the same foreign clients, in turn (A B A B …): smbclient for large files, small-files.c for small
 * ones. Prints a row of medians and ratios a case. Timings belong to people, not to tests.
 *
 *   node build/bench/against-smbd.js A B USER PASSWORD FILE [PAIRS] [SMALL_FILES_PROGRAM]
 *
 * A and B are HOST:PORT/SHARE; FILE is a local file that both shares hold under the same name.
 */
import { spawnSync } from 'node:child_process';
import { basename } from 'node:path';

type Row = Readonly<Record<string, number>>;

const [a, b, user, password, file, pairs = '5', program] = process.argv.slice(2);
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

function median(values: readonly number[]): number {
  const sorted = [...values].sort((x, y) => x - y);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

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
  }
}

for (const [name, protection] of Object.entries(protections)) {
  compare(`get ${name}`, (place) => transfer(place, protection, 'get'));
  compare(`put ${name}`, (place) => transfer(place, protection, 'put'));
}
if (program) compare('small files', smallFiles);
