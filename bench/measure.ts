import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { median } from './document.js';
import { type Figure, type Job, SMALL } from './job.js';
import { PASSWORD, USER } from './private-smbd.js';
import { NODE_FLAGS } from './subjects.js';

export const MIB: number = 1024 * 1024;
const PATIENCE_MS = 120_000;
const WORKER = fileURLToPath(new URL('./worker.js', import.meta.url));

export interface Ran {
  readonly output: string;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** Runs a program and tells how long it took, and its processor time, which bash knows. */
export async function timed(command: readonly string[], cwd?: string): Promise<Ran> {
  const script = 'TIMEFORMAT="cpu %U %S"; time "$@"';
  // Where it is set, Node reads all certificates of the system at each start, twice as long as the rest takes.
  const { NODE_EXTRA_CA_CERTS: _, ...inherited } = process.env;
  const env = { ...inherited, SOMBRERO_PASSWORD: PASSWORD };
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

export function firstError(output: string): string {
  const told = /^error: (.*)$/m.exec(output)?.[1];
  if (told !== undefined) return told;
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return (lines.find((line) => /error|NT_STATUS|STATUS_/i.test(line)) ?? lines.at(-2) ?? 'no reason given')
    .trim()
    .slice(0, 200);
}

/** Does a job in a process of its own. */
export async function work(job: Job): Promise<Figure> {
  const flags = NODE_FLAGS[job.subject] ?? [];
  const { output } = await timed([process.execPath, ...flags, WORKER, JSON.stringify(job)]);
  const line = output.split('\n').find((text) => text.startsWith('{'));
  if (line === undefined) throw new Error(firstError(output));
  return JSON.parse(line) as Figure;
}

export type Measure = () => Promise<Figure>;

export interface Compared {
  readonly ours: readonly Figure[];
  readonly theirs: readonly Figure[];
}

/** One of each to warm up, then the pairs. */
export async function compare(name: string, ours: Measure, theirs: Measure, pairs: number): Promise<Compared> {
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

export const rate = ({ amount, seconds }: Figure): number => amount / seconds;

/** Name, both rates, their ratio with its spread, and how much processor time ours takes for theirs. */
export function rowOf(name: string, unit: string, divisor: number, { ours, theirs }: Compared): string[] {
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

/** Who logs on owns what is there: of the files of others, smbd looks up who they are, each time. */
const OWNER = Number(execFileSync('id', ['-u', USER]));

/** Makes a folder that all may write to, with `count` small files, of which the names count up from `first`. */
export async function fillFolder(folder: string, count: number, first = 0): Promise<void> {
  await mkdir(folder);
  await chmod(folder, 0o777);
  await chown(folder, OWNER, -1);
  const data = Buffer.alloc(SMALL, 0x61);
  for (let i = 0; i < count; i++) {
    const file = join(folder, `f${first + i}`);
    await writeFile(file, data, { mode: 0o666 });
    await chown(file, OWNER, -1);
  }
}

export async function fillFile(path: string, size: number): Promise<void> {
  await pipeline(createReadStream('/dev/urandom', { end: size - 1 }), createWriteStream(path, { mode: 0o666 }));
  await chown(path, OWNER, -1);
}
