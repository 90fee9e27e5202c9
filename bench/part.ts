import { loadavg } from 'node:os';
import { circumstances, replaceSection } from './document.js';
import { keep, kept, type Outcome, type Row, Runs, ratio, shown } from './results.js';
import { reasonOf } from './subjects.js';

/** A row to be measured. */
export interface Task<Scene> {
  /** What it measures, from general to specific. */
  readonly path: readonly string[];
  readonly unit: string;
  measure(scene: Scene): Promise<Outcome>;
}

/** A part of docs/benchmarks.md. Everything between its marks is written by the script that measures it. */
export interface Part<Scene> {
  readonly name: string;
  readonly tasks: readonly Task<Scene>[];
  open(): Promise<Scene>;
  /** Versions and other conditions of a run. */
  conditions(scene: Scene): Promise<string>;
  close(scene: Scene): Promise<void>;
  render(rows: readonly Row[], runs: Runs): string;
}

export interface RunOptions {
  /** Measures only rows whose part and path contain all of these texts. */
  readonly only: readonly string[];
  /** Prints the results without writing them. */
  readonly dry: boolean;
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Measures the rows of a part one after another and writes each to the document at once, so that stopping halfway loses
 * nothing. Rows that fail keep their old figures.
 */
export async function runPart<Scene>(part: Part<Scene>, { only, dry }: RunOptions): Promise<void> {
  const wanted = part.tasks.filter(({ path }) => only.every((text) => [part.name, ...path].join(' ').includes(text)));
  if (wanted.length === 0) return;
  const run = new Run(part, dry);
  const scene = await part.open();
  // Do not leave servers running.
  const end = (): void => void part.close(scene).finally(() => process.exit(1));
  for (const signal of SIGNALS) process.once(signal, end);
  try {
    const conditions = await part.conditions(scene);
    for (const task of wanted) {
      const outcome = await task.measure(scene).catch(reasonOf);
      if (typeof outcome !== 'string') await run.add(task, outcome, conditions);
      else run.failed(task, outcome);
    }
  } finally {
    for (const signal of SIGNALS) process.off(signal, end);
    await part.close(scene);
  }
  run.end();
}

class Run<Scene> {
  readonly #part: Part<Scene>;
  readonly #dry: boolean;
  readonly #name = new Date().toISOString();
  readonly #rows: Row[] = [];
  readonly #loads: number[] = [];
  #text = '';

  constructor(part: Part<Scene>, dry: boolean) {
    this.#part = part;
    this.#dry = dry;
  }

  async add({ path, unit }: Task<Scene>, outcome: Outcome, conditions: string): Promise<void> {
    const { name, tasks, render } = this.#part;
    this.#rows.push({ part: name, path, unit, ...outcome, run: this.#name });
    this.#loads.push(loadavg()[0] ?? 0);
    const [least, most] = [Math.min, Math.max].map((of) => of(...this.#loads).toFixed(1));
    this.#text = `${circumstances()}, ${conditions}; load average ${least} to ${most}`;
    const { figures, note } = outcome;
    this.#tell(
      { path, unit },
      figures ? `${shown(figures.ours)} ${shown(figures.theirs)} ${ratio(figures)}` : (note ?? ''),
    );
    if (this.#dry) return;
    const paths = tasks.map((task) => task.path);
    const all = await keep(name, paths, this.#rows, this.#name, this.#text);
    await replaceSection('benchmarks.md', name, render(all, new Runs(all, (await kept()).runs)));
  }

  failed(task: Task<Scene>, reason: string): void {
    process.exitCode = 1;
    this.#tell(task, reason);
  }

  #tell({ path, unit }: Pick<Task<Scene>, 'path' | 'unit'>, what: string): void {
    process.stderr.write(`${[...path, unit].join(', ')}: ${what}  load ${loadavg()[0]?.toFixed(1)}\n`);
  }

  end(): void {
    if (!this.#dry) return;
    const runs = new Runs(this.#rows, { [this.#name]: this.#text });
    process.stdout.write(`${this.#part.render(this.#rows, runs)}\n`);
  }
}
