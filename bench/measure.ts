import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, chown, mkdir, open, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from './document.js';
import { type Figure, type Job, PER_FOLDER, SMALL, smallPath } from './job.js';
import { PASSWORD, USER } from './private-smbd.js';
import type { Figures } from './results.js';
import { NODE_FLAGS } from './subjects.js';

export const MIB: number = 1024 * 1024;
const PATIENCE_MS = 120_000;
const WORKER = fileURLToPath(new URL('./worker.js', import.meta.url));
const MAIN = fileURLToPath(new URL('../../dist/packed/main.cjs', import.meta.url));

/** The command line of sombrero. */
export const sombrero = (...args: readonly string[]): string[] => [process.execPath, MAIN, ...args];

export interface Ran {
  readonly output: string;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** Runs a program and measures its time and, with bash, its processor time. */
export async function timed(command: readonly string[], cwd?: string): Promise<Ran> {
  const script = 'TIMEFORMAT="cpu %U %S"; time "$@"';
  // If set, Node reads all certificates of the system at each start, which takes twice as long as everything else.
  const { NODE_EXTRA_CA_CERTS: _, ...inherited } = process.env;
  const env = { ...inherited, SOMBRERO_PASSWORD: PASSWORD };
  const begin = performance.now();
  // In its own process group, so that all of it can be killed.
  const options = { env, cwd, detached: true } as const;
  const child = spawn('bash', ['-c', script, '--', ...command], { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const timer = setTimeout(() => child.pid && process.kill(-child.pid, 'SIGKILL'), PATIENCE_MS);
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

/** Does a job in its own process. */
export async function work(job: Job): Promise<Figure> {
  const flags = NODE_FLAGS[job.subject] ?? [];
  const { output } = await timed([process.execPath, ...flags, WORKER, JSON.stringify(job)]);
  const line = output.split('\n').find((text) => text.startsWith('{'));
  if (line === undefined) throw new Error(firstError(output));
  return JSON.parse(line) as Figure;
}

export type Measure = () => Promise<Figure>;

export interface Pair<T> {
  readonly ours: T;
  readonly theirs: T;
}

/** Measures in turn: A B A B … */
export async function pairsOf<T>(ours: () => Promise<T>, theirs: () => Promise<T>, count: number): Promise<Pair<T>[]> {
  const pairs: Pair<T>[] = [];
  for (let pair = 0; pair < count; pair++) pairs.push({ ours: await ours(), theirs: await theirs() });
  return pairs;
}

/** Sums up pairs, in a unit that stands for `divisor` of what is counted. */
export function summed(pairs: readonly Pair<Figure>[], divisor: number): Figures {
  const ratios = pairs.map((pair) => rate(pair.ours) / rate(pair.theirs));
  const typical = (of: (figure: Figure) => number, side: 'ours' | 'theirs'): number =>
    median(pairs.map((pair) => of(pair[side])));
  const cost = typical(cpuEach, 'theirs');
  return {
    ours: typical(rate, 'ours') / divisor,
    theirs: typical(rate, 'theirs') / divisor,
    ratio: [median(ratios), Math.min(...ratios), Math.max(...ratios)],
    ...(cost > 0 && { cpu: typical(cpuEach, 'ours') / cost }),
  };
}

export async function compare(ours: Measure, theirs: Measure, pairs: number, divisor: number): Promise<Figures> {
  return summed(await pairsOf(ours, theirs, pairs), divisor);
}

/** The same, after a warm-up run of each. */
export async function compareWarm(ours: Measure, theirs: Measure, pairs: number, divisor: number): Promise<Figures> {
  await ours();
  await theirs();
  return compare(ours, theirs, pairs, divisor);
}

const rate = ({ amount, seconds }: Figure): number => amount / seconds;
const cpuEach = ({ amount, cpuSeconds }: Figure): number => cpuSeconds / amount;

/** The account that logs on owns the files: for those of others, smbd looks up the owner each time. */
const OWNER = Number(execFileSync('id', ['-u', USER]));

/** Creates a folder that everybody may write to, with `count` small files numbered from `first`. */
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

/** Creates a tree with small files, or only its folders. */
export async function fillTree(tree: string, count: number, filled = true): Promise<void> {
  await fillFolder(tree, 0);
  for (let first = 0; first < count; first += PER_FOLDER) {
    const files = filled ? Math.min(PER_FOLDER, count - first) : 0;
    await fillFolder(dirname(join(tree, smallPath(first))), files, first);
  }
}

/** Large files repeat a block of this size. */
const BLOCK = 16 * MIB;

export async function fillFile(path: string, size: number): Promise<void> {
  const block = randomBytes(Math.min(BLOCK, size));
  const file = await open(path, 'w', 0o666);
  for (let at = 0; at < size; at += block.length) await file.write(block, 0, Math.min(block.length, size - at));
  await file.close();
  await chown(path, OWNER, -1);
}
