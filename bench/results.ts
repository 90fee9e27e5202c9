/** Results kept in docs/benchmarks.json, so that a run of some rows leaves the others as they are. */
import { readFile, writeFile } from 'node:fs/promises';
import { documentPath, table } from './document.js';

/** Results of the pairs of a row. */
export interface Figures {
  /** Medians, in the row's unit. */
  readonly ours: number;
  readonly theirs: number;
  /** Of the ratios of all pairs: median, lowest and highest. */
  readonly ratio: readonly [median: number, lowest: number, highest: number];
  /** Processor time of our client for the same work, divided by theirs. */
  readonly cpu?: number;
}

export interface Outcome {
  /** Absent if it failed. */
  readonly figures?: Figures;
  /** What the server could do, judging by its processor time. */
  readonly limit?: number;
  readonly note?: string;
}

export interface Row extends Outcome {
  readonly part: string;
  /** What was measured, from general to specific. */
  readonly path: readonly string[];
  readonly unit: string;
  /** The run it belongs to: a key of `runs`. */
  readonly run: string;
}

interface Kept {
  /** When each run began, and its conditions. */
  readonly runs: Record<string, string>;
  readonly rows: Row[];
}

const PATH = documentPath('benchmarks.json');
const same = (one: readonly string[], other: readonly string[]): boolean => one.join('\n') === other.join('\n');

const rounded = (_: string, value: unknown): unknown =>
  typeof value === 'number' ? Number(value.toPrecision(4)) : value;

export async function kept(): Promise<Kept> {
  return JSON.parse(await readFile(PATH, 'utf8')) as Kept;
}

/** Stores the rows of a run; rows that are no longer part of the document are removed. */
export async function keep(
  part: string,
  paths: readonly (readonly string[])[],
  rows: readonly Row[],
  run: string,
  circumstances: string,
): Promise<Row[]> {
  const old = await kept();
  const of = paths.flatMap((path) => {
    const found = (row: Row): boolean => row.part === part && same(row.path, path);
    return rows.find(found) ?? old.rows.find(found) ?? [];
  });
  const all = [...old.rows.filter((row) => row.part !== part), ...of];
  const used = new Set(all.map((row) => row.run));
  const runs = Object.fromEntries(
    Object.entries({ ...old.runs, [run]: circumstances }).filter(([key]) => used.has(key)),
  );
  const lines = (texts: readonly string[]): string => texts.map((text) => `    ${text}`).join(',\n');
  const told = lines(Object.entries(runs).map(([key, text]) => `${JSON.stringify(key)}: ${JSON.stringify(text)}`));
  const measured = lines(all.map((row) => JSON.stringify(row, rounded)));
  await writeFile(PATH, `{\n  "runs": {\n${told}\n  },\n  "rows": [\n${measured}\n  ]\n}\n`);
  return of;
}

/** The runs that rows come from, and a column to tell them apart if there are several. */
export class Runs {
  readonly #texts: readonly string[];
  readonly #keys: readonly string[];

  constructor(rows: readonly Row[], runs: Readonly<Record<string, string>>) {
    this.#keys = [...new Set(rows.map(({ run }) => run))].sort();
    this.#texts = this.#keys.map((key) => runs[key] ?? key);
  }

  table(head: readonly string[], rows: readonly Row[], cells: (row: Row) => readonly string[]): string {
    if (this.#keys.length === 1) return table(head, rows.map(cells));
    const run = (row: Row): string => String(this.#keys.indexOf(row.run) + 1);
    return table(
      [...head, 'run'],
      rows.map((row) => [...cells(row), run(row)]),
    );
  }

  toString(): string {
    if (this.#texts.length === 1) return `Measured on ${this.#texts[0]}.`;
    return `Measured in several runs:\n\n${this.#texts.map((text, index) => `${index + 1}. ${text}`).join('\n')}`;
  }
}

export const shown = (value: number | undefined): string => value?.toFixed(value < 10 ? 1 : 0) ?? '';
export const ratio = ({ ratio: [median, lowest, highest] }: Figures): string =>
  `${median.toFixed(2)} (${lowest.toFixed(2)} to ${highest.toFixed(2)})`;
