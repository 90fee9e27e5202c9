import { loadavg } from 'node:os';
import { circumstances, replaceSection } from './document.js';
import { keep, kept, type Outcome, type Row, Runs, ratio, shown } from './results.js';
import { reasonOf } from './subjects.js';

/** A row that is to be measured. */
export interface Task<Scene> {
  /** What it is, from the general to the special. */
  readonly path: readonly string[];
  readonly unit: string;
  measure(scene: Scene): Promise<Outcome>;
}

/** A part of docs/benchmarks.md: between its marks, all is written by the script that measured it. */
export interface Part<Scene> {
  readonly name: string;
  readonly tasks: readonly Task<Scene>[];
  open(): Promise<Scene>;
  /** Versions and what else is to be known of a run. */
  conditions(scene: Scene): Promise<string>;
  close(scene: Scene): Promise<void>;
  render(rows: readonly Row[], runs: Runs): string;
}

export interface RunOptions {
  /** Only rows of which part and path have all of these texts in them. */
  readonly only: readonly string[];
  /** Writes nothing but to the terminal. */
  readonly dry: boolean;
}

/** Measures the rows of a part, one after the other, and writes them to the document. Those that fail stay as they were. */
export async function runPart<Scene>(part: Part<Scene>, { only, dry }: RunOptions): Promise<void> {
  const wanted = part.tasks.filter(({ path }) => only.every((text) => [part.name, ...path].join(' ').includes(text)));
  if (wanted.length === 0) return;
  const run = new Date().toISOString();
  const rows: Row[] = [];
  const loads: number[] = [];
  const scene = await part.open();
  const conditions = await part.conditions(scene);
  try {
    for (const { path, unit, measure } of wanted) {
      const outcome = await measure(scene).catch(reasonOf);
      const load = loadavg()[0] ?? 0;
      const row: Row = {
        part: part.name,
        path,
        unit,
        run,
        ...(typeof outcome === 'string' ? { note: outcome } : outcome),
      };
      process.stderr.write(`${told(row)}  load ${load.toFixed(1)}\n`);
      loads.push(load);
      if (typeof outcome === 'string') process.exitCode = 1;
      else rows.push(row);
    }
  } finally {
    await part.close(scene);
  }
  const load = `load average ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}`;
  const text = `${circumstances()}, ${conditions}; ${load}`;
  if (dry) process.stdout.write(`${part.render(rows, new Runs(rows, { [run]: text }))}\n`);
  else await publish(part, rows, run, text);
}

function told({ path, unit, figures, note }: Row): string {
  const name = [...path, unit].join(', ');
  return figures ? `${name}: ${shown(figures.ours)} ${shown(figures.theirs)} ${ratio(figures)}` : `${name}: ${note}`;
}

async function publish<Scene>(part: Part<Scene>, rows: readonly Row[], run: string, text: string): Promise<void> {
  const paths = part.tasks.map(({ path }) => path);
  const all = await keep(part.name, paths, rows, run, text);
  await replaceSection('benchmarks.md', part.name, part.render(all, new Runs(all, (await kept()).runs)));
}
