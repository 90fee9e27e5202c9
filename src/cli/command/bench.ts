import { InvalidArgumentError, Option } from 'commander';
import { UsageError } from '#client/index.js';
import { selectCases } from '../bench/cases.js';
import { head, line } from '../bench/report.js';
import { type Plan, type Row, runPlan } from '../bench/run.js';
import { PROTECTIONS, type Protection, type Target } from '../bench/scene.js';
import { Exit } from '../exit.js';
import { explainError } from '../failure.js';
import { type JsonOutput, withJson, withResult } from '../json-output.js';
import { type ClientFlags, connectOptions, withClientFlags } from '../options.js';
import type { CommandModule } from '../program.js';
import { about, placeOf, serverOf } from '../remote.js';
import { print, say } from '../terminal.js';

interface Flags extends ClientFlags {
  readonly only?: readonly string[];
  readonly protection?: readonly Protection[];
  readonly seconds: number;
  readonly depth: number;
  readonly connections: number;
  readonly fileSize: number;
  readonly files: number;
  readonly idle: number;
  readonly json?: boolean;
}

const MIB = 1024 * 1024;

const EXAMPLES = `
Cases:
  read-, write-         sequential- and random-, in blocks of 4k, 64k, 1m and 8m, of one file
  create-write-close, open-read-close, stat, list, rename, delete: on files of 4 KiB
  echo                  the smallest request there is
  logon                 connect, log on, leave again
  idle                  idle connections: how many stay open, and what each costs this process

Examples:
  $ sombrero bench smb://ann@nas/scratch                              everything, plain, signed and encrypted
  $ sombrero bench smb://ann@nas/scratch --only read-random,stat --protection signed
  $ sombrero bench smb://ann@nas/scratch --only logon,idle --idle 1000
  $ sombrero bench smb://ann@nas/scratch --depth 32 --connections 4 --json

Everything happens in a directory made for it at that place and removed at the end, also after Ctrl-C. Latencies are
those the caller sees. Reads come from the server's memory as far as the file fits into it.`;

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('a whole number of at least 1.');
  return value;
}

function duration(text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0) || seconds > 86_400) throw new InvalidArgumentError('a number of seconds, as 5 or 0.5.');
  return seconds;
}

const names = (text: string): string[] => text.split(',').map((name) => name.trim());

function protections(text: string): Protection[] {
  return names(text).map((name) => {
    const known = PROTECTIONS.find((protection) => protection === name);
    if (known === undefined) throw new InvalidArgumentError(`there are ${PROTECTIONS.join(', ')}.`);
    return known;
  });
}

/** With --signing or --encryption there is one round, as asked; otherwise one for each kind of protection. */
function roundsOf(flags: Flags): Plan['protections'] {
  const asked = flags.signing !== undefined || flags.encryption !== undefined;
  if (asked && flags.protection) throw new UsageError('--protection decides about --signing and --encryption');
  return asked ? [undefined] : (flags.protection ?? PROTECTIONS);
}

function planOf(flags: Flags): Plan {
  return {
    cases: selectCases(flags.only ?? []),
    protections: roundsOf(flags),
    seconds: flags.seconds,
    depth: flags.depth,
    connections: flags.connections,
    fileSize: flags.fileSize * MIB,
    files: flags.files,
    idle: flags.idle,
  };
}

async function perform(target: Target, plan: Plan, { kind, add }: JsonOutput, signal: AbortSignal): Promise<void> {
  const rows: Row[] = [];
  const explain = (error: unknown): string => explainError(error).line;
  const tell = async (ending: object): Promise<void> => {
    const { seconds, depth, connections, fileSize, files, idle } = plan;
    if (kind) await add({ url: target.url, seconds, depth, connections, fileSize, files, idle, rows, ...ending });
  };
  const hand = async (row: Row): Promise<void> => {
    rows.push(row);
    if (!kind) await print(rows.length === 1 ? head() + line(row) : line(row));
  };
  await withResult(() => runPlan(target, plan, signal, hand, explain), tell);
  const failed = rows.filter(({ error }) => error !== undefined).length;
  if (failed === 0) return;
  say(`sombrero bench: ${failed} of ${rows.length} cases failed`);
  process.exitCode = Exit.Failed;
}

export const bench: CommandModule = {
  build: (command, { signal }) =>
    withClientFlags(
      command
        .argument('<url>', 'smb://USER@HOST/SHARE[/DIRECTORY]')
        .option('--only <cases>', 'only these cases, separated by commas: names, or how names begin', names)
        .addOption(
          new Option('--protection <list>', 'plain, signed, encrypted (default: all three)').argParser(protections),
        )
        .addOption(new Option('--seconds <n>', 'duration of each case').argParser(duration).default(2))
        .addOption(
          new Option('--depth <n>', 'operations in flight on each connection').argParser(wholeNumber).default(8),
        )
        .addOption(new Option('--connections <n>', 'connections that carry the load').argParser(wholeNumber).default(1))
        .addOption(new Option('--file-size <MiB>', 'size of the file').argParser(wholeNumber).default(256))
        .addOption(new Option('--files <n>', 'largest number of small files').argParser(wholeNumber).default(2000))
        .addOption(new Option('--idle <n>', 'number of idle connections').argParser(wholeNumber).default(100))
        .option('--json', 'all figures, as one object'),
    )
      .addHelpText('after', EXAMPLES)
      .action(async (text: string, flags: Flags) => {
        const plan = planOf(flags);
        await withJson(flags.json ? 'value' : undefined, async (output) => {
          const place = await placeOf(text, flags, signal);
          const { share, path } = place.url;
          if (share === undefined) throw new UsageError(`${place.url} names no share: write smb://HOST/SHARE`);
          const { url, password } = serverOf(place);
          const options = { ...connectOptions(flags, signal), ...(password === undefined ? {} : { password }) };
          const target = { url: `${url.replace(/\/$/, '')}/${encodeURIComponent(share)}`, directory: path, options };
          await about(String(place.url), () => perform(target, plan, output, signal));
        });
      }),
};
