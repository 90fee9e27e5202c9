import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../root.js';
import type { Result, Verdict } from './program.js';
import { LISTS, type ListName, TARGETS, type Target } from './tests.js';

/** One run of lists against one server. */
export interface Run {
  /** Name and version of the server, and of the suite. */
  readonly server: string;
  readonly suite: string;
  readonly target: Target;
  readonly date: string;
  /** The command that started it. */
  readonly command: string;
  readonly verdicts: readonly (Verdict & { readonly list: ListName })[];
}

const FACTS = ['server', 'suite', 'target', 'date', 'command'] as const;

/** Writes a run as text: its facts as comments, then list, test, result, milliseconds, tries and reason. */
export async function writeRun(file: string, run: Run): Promise<void> {
  const head = FACTS.map((fact) => `# ${fact}: ${run[fact]}`);
  const rows = run.verdicts.map(({ list, key, result, milliseconds, tries, reason }) =>
    [list, key, result, milliseconds, tries, reason.replaceAll(/\s+/g, ' ').slice(0, 240)].join('\t'),
  );
  await writeFile(file, `${[...head, ...rows].join('\n')}\n`);
}

function oneOf<T extends string>(values: readonly T[], value: string | undefined, file: string): T {
  const found = values.find((known) => known === value);
  if (found === undefined) throw new Error(`${file}: what is "${value}"?`);
  return found;
}

export function readRun(file: string): Run {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const fact = (name: string): string =>
    lines.find((line) => line.startsWith(`# ${name}: `))?.slice(name.length + 4) ?? '';
  const verdicts = lines
    .filter((line) => !line.startsWith('#'))
    .map((line) => {
      const [list, key = '', result, milliseconds, tries, reason = ''] = line.split('\t');
      return {
        list: oneOf(LISTS, list, file),
        key,
        result: oneOf<Result>(['pass', 'fail', 'skip', 'timeout'], result, file),
        milliseconds: Number(milliseconds),
        tries: Number(tries),
        reason,
      };
    });
  const target = oneOf(TARGETS, fact('target'), file);
  return {
    server: fact('server'),
    suite: fact('suite'),
    target,
    date: fact('date'),
    command: fact('command'),
    verdicts,
  };
}

/** The runs that docs/conformance.md is based on. */
export function committedRuns(): Readonly<Record<'ours' | 'smbd', Readonly<Record<Target, Run>>>> {
  const read = (server: string, target: Target): Run =>
    readRun(join(root, `test/interop/smbtorture/results/${server}.${target}.tsv`));
  const both = (server: string): Record<Target, Run> => ({
    samba3: read(server, 'samba3'),
    windows: read(server, 'windows'),
  });
  return { ours: both('ours'), smbd: both('smbd') };
}
