import type { Result } from './program.js';
import type { Run } from './results.js';
import { LISTS, type ListName, TARGETS, type Target } from './tests.js';

/** Runs of all lists on our server and on smbd, with both targets. */
export interface Runs {
  readonly ours: Readonly<Record<Target, Run>>;
  readonly smbd: Readonly<Record<Target, Run>>;
}

/** Why tests do not pass here: by key, or by the beginning of keys followed by `*`. */
export type Reasons = ReadonlyMap<string, string>;

/** The pattern that matches a test; the longest if there are several. */
export function reasonFor(reasons: Reasons, key: string): [pattern: string, reason: string] | undefined {
  let best: [string, string] | undefined;
  for (const entry of reasons) {
    const [pattern] = entry;
    const fits = pattern.endsWith('*') ? key.startsWith(pattern.slice(0, -1)) : key === pattern;
    if (fits && (best === undefined || pattern.length > best[0].length)) best = entry;
  }
  return best;
}

interface Row {
  readonly list: ListName;
  readonly key: string;
  readonly ours: Readonly<Record<Target, Result>>;
  readonly smbd: Readonly<Record<Target, Result>>;
  /** smbtorture's message about it here. */
  readonly said: string;
  readonly tries: number;
}

function rowsOf(runs: Runs): Row[] {
  const index = (run: Run): Map<string, Run['verdicts'][number]> => new Map(run.verdicts.map((v) => [v.key, v]));
  const ours = { samba3: index(runs.ours.samba3), windows: index(runs.ours.windows) };
  const smbd = { samba3: index(runs.smbd.samba3), windows: index(runs.smbd.windows) };
  return runs.ours.samba3.verdicts.map(({ list, key, reason, tries }) => {
    const all = [ours.samba3, ours.windows, smbd.samba3, smbd.windows].map((run) => run.get(key));
    const [a, b, c, d] = all;
    if (!a || !b || !c || !d) throw new Error(`not all runs have ${key}`);
    const said = reason || b.reason;
    return {
      list,
      key,
      said,
      tries: Math.max(tries, b.tries),
      ours: { samba3: a.result, windows: b.result },
      smbd: { samba3: c.result, windows: d.result },
    };
  });
}

const passesHere = ({ ours }: Row): boolean => ours.samba3 === 'pass' && ours.windows === 'pass';
const skippedHere = ({ ours }: Row): boolean => ours.samba3 === 'skip' || ours.windows === 'skip';
const passesThere = ({ smbd }: Row): boolean => smbd.samba3 === 'pass';
/** smbd passes it with some target with which we do not. */
const behind = ({ ours, smbd }: Row): boolean => TARGETS.some((t) => smbd[t] === 'pass' && ours[t] !== 'pass');
const ahead = (row: Row): boolean =>
  !behind(row) && TARGETS.some((t) => row.ours[t] === 'pass' && row.smbd[t] !== 'pass');
const passesSomehow = ({ ours }: Row): boolean => TARGETS.some((t) => ours[t] === 'pass');

/** Problems with the reasons: one is missing, or is given for a test that passes. */
export function complaints(runs: Runs, reasons: Reasons): string[] {
  const found: string[] = [];
  const used = new Set<string>();
  for (const row of rowsOf(runs)) {
    const known = reasonFor(reasons, row.key);
    if (known) used.add(known[0]);
    if (passesHere(row) && known) found.push(`${row.key} passes, but has a reason not to`);
    // If smbtorture skips a test on both servers, it has given the reason itself.
    const needless = passesHere(row) || (skippedHere(row) && !passesThere(row));
    if (!needless && !known) found.push(`${row.key} does not pass, and nobody says why: ${row.said}`);
  }
  for (const pattern of reasons.keys()) if (!used.has(pattern)) found.push(`${pattern} is no test that does not pass`);
  return found;
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');

function word(results: Readonly<Record<Target, Result>>): string {
  const { samba3, windows } = results;
  if (samba3 === windows) return samba3;
  return `${samba3}, without target ${windows}`;
}

function remark(row: Row, reasons: Reasons): string {
  if (passesHere(row)) return row.tries > 1 ? 'at the second try' : '';
  const reason = reasonFor(reasons, row.key)?.[1];
  const said = row.said === '' ? '' : `\`${row.said.replaceAll('`', "'")}\``;
  return [reason, said].filter((part) => part).join(' · ');
}

function table(rows: readonly Row[], reasons: Reasons): string[] {
  const lines = rows.map(
    (row) => `| ${cell(row.key)} | ${word(row.ours)} | ${word(row.smbd)} | ${cell(remark(row, reasons))} |`,
  );
  return ['| test | here | smbd | remark |', '|---|---|---|---|', ...lines];
}

function summary(title: string, rows: readonly Row[]): string {
  const count = (test: (row: Row) => boolean): number => rows.filter(test).length;
  const cells = [
    title,
    rows.length,
    count(({ ours }) => ours.samba3 === 'pass'),
    count(({ ours }) => ours.windows === 'pass'),
    count(({ smbd }) => smbd.samba3 === 'pass'),
    count(({ smbd }) => smbd.windows === 'pass'),
    count(ahead),
    count(behind),
    count((row) => skippedHere(row)),
  ];
  return `| ${cells.join(' | ')} |`;
}

const TITLES: Readonly<Record<ListName, string>> = {
  'smb2-core': 'Sessions, files, directories, control codes (smb2-core)',
  'smb2-acls-streams-eas': 'Security descriptors, streams (smb2-acls-streams-eas)',
  'rpc-srvsvc': 'RPC over named pipes (rpc-srvsvc)',
  'special-server': 'Tests that want a particular server (special-server)',
  'smb2-locking': 'Byte-range locks, oplocks, leases (smb2-locking)',
  'smb2-durable': 'Durable handles, replay, multichannel (smb2-durable)',
  'smb2-notify': 'Change notification (smb2-notify)',
};

/** The page made from runs and reasons. */
export function conformancePage(runs: Runs, reasons: Reasons): string {
  const rows = rowsOf(runs);
  const { ours, smbd } = runs;
  const lines = [
    '# Conformance',
    '',
    '<!-- Written by `npm run conformance` from the results in test/interop/smbtorture/results: do not edit. -->',
    '',
    "How our server does in Samba's own test suite, smbtorture, next to Samba's own server on the same machine with the",
    'same lists and equivalent settings. Every test of the lists is named here, whatever became of it.',
    '',
    '| | server | suite | run on |',
    '|---|---|---|---|',
    ...[ours.samba3, smbd.samba3].map(
      (run) => `| ${run.server.split(' ')[0]} | ${run.server} | ${run.suite} | ${run.date} |`,
    ),
    '',
    'Each test runs in a process of its own, four at a time on four shares; of those that mostly wait, eight more. To run',
    'them again (smbd needs root):',
    '',
    '```sh',
    ...[ours.samba3, ours.windows, smbd.samba3, smbd.windows].map(({ command }) => command),
    'npm run conformance',
    '```',
    '',
    "With `--target=samba3` smbtorture lets pass what is Samba's way instead of Windows'; the runs without it ask for",
    "Windows' way. *Here only* and *smbd only* are the tests that pass, in either way, with the one server and not with",
    'the other. A test of ours that had passed in an earlier run is given a second try, alone on the machine, and says so.',
    'Skipped tests come with what smbtorture says, tests that fail with the first thing that it found wrong and the reason.',
    '',
    '| list | tests | here, samba3 | here, without | smbd, samba3 | smbd, without | here only | smbd only | skipped here |',
    '|---|---|---|---|---|---|---|---|---|',
    ...LISTS.map((list) =>
      summary(
        `[${list}](#${list})`,
        rows.filter((row) => row.list === list),
      ),
    ),
    summary('all', rows),
  ];
  for (const list of LISTS) {
    const own = rows.filter((row) => row.list === list);
    lines.push('', `<a id="${list}"></a>`, '', `## ${TITLES[list]}`);
    const parts: [string, readonly Row[]][] = [
      ['Passes with smbd, not here', own.filter(behind)],
      ['Passes here, not with smbd', own.filter(ahead)],
      ['Passes with neither', own.filter((row) => !behind(row) && !ahead(row) && !passesSomehow(row))],
      ['Passes with both', own.filter((row) => !behind(row) && !ahead(row) && passesSomehow(row))],
    ];
    for (const [title, part] of parts) {
      lines.push('', `### ${title}: ${part.length}`);
      if (part.length > 0) lines.push('', ...table(part, reasons));
    }
  }
  return `${lines.join('\n')}\n`;
}
