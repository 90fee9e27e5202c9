/**
 * Runs the same checks with sombrero and with packages of the npm registry, against smbd with default and with stricter
 * settings. Writes docs/comparison.md; each cell sums up several runs. Needs smbd and must be run as root. Takes about
 * six minutes on an idle machine.
 *
 *   node build/bench/comparison.js
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, open as openFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ConnectOptions } from '#client/index.js';
import { BIG_MARK_AT, BIG_SIZE, CHECK_NAMES, type CheckName, HELLO, MANY, medium, type Verdict } from './check.js';
import { circumstances, documentPath, loads, table } from './document.js';
import { type Job, largePath } from './job.js';
import { factsOf, install, OBLIGING, PACKAGES, publishedOn } from './packages.js';
import { type PrivateSmbd, privateSmbd, smbdVersion, USER } from './private-smbd.js';
import { NODE_FLAGS, SUBJECTS, type SubjectName } from './subjects.js';

const CHECK = fileURLToPath(new URL('./check.js', import.meta.url));
const WORKER = fileURLToPath(new URL('./worker.js', import.meta.url));
const LARGE = 512 * 1024 * 1024;
const PATIENCE_MS = 20_000;
/** Runs of each check: a check that depends on timing may pass once and fail the next time. */
const ROUNDS = 3;
const run = promisify(execFile);

/**
 * Servers by their settings beyond the defaults. The last ones suit the older packages, which otherwise could show
 * little.
 */
const SERVERS: readonly (readonly [name: string, settings: readonly string[]])[] = [
  ['defaults', []],
  ['server signing = mandatory', ['server signing = mandatory']],
  ['smb encrypt = required', ['smb encrypt = required', 'server min protocol = SMB3_00']],
  ['server min protocol = SMB3_11', ['server min protocol = SMB3_11']],
  ['ntlm auth = ntlmv2-only', ['ntlm auth = ntlmv2-only']],
  ['ntlm auth = ntlmv1-permitted', ['ntlm auth = ntlmv1-permitted']],
];

/** Error texts without duplicates, numbered for the table. */
class Footnotes {
  readonly #texts: string[] = [];

  mark(text: string): string {
    const clean = text.replaceAll('<', '&lt;').replaceAll('|', '\\|');
    if (!this.#texts.includes(clean)) this.#texts.push(clean);
    return `[${this.#texts.indexOf(clean) + 1}]`;
  }

  list(): string {
    return this.#texts.map((text, index) => `${index + 1}. ${text}`).join('\n');
  }
}

interface Server {
  readonly smbd: PrivateSmbd;
  readonly folder: string;
}

/** Empties the share and fills it with what the checks need. */
async function prepare({ folder }: PrivateSmbd): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  // Everything belongs to the account that logs on: some packages ask for rights that only the owner has.
  const owner = Number((await run('id', ['-u', USER])).stdout);
  const directories = ['', 'many', 'names', 'empty', 'tree', 'tree/below', 'watched'];
  for (const name of directories) {
    await mkdir(join(folder, name));
    await chmod(join(folder, name), 0o777);
    await chown(join(folder, name), owner, -1);
  }
  const file = async (name: string, data: string | Uint8Array): Promise<void> => {
    await writeFile(join(folder, name), data);
    await chmod(join(folder, name), 0o666);
    await chown(join(folder, name), owner, -1);
  };
  for (const name of ['hello.txt', 'old.txt', 'doomed.txt', 'tree/below/file', 'żółw 文件 😀.txt'])
    await file(name, HELLO);
  await file('longer.txt', 'x'.repeat(100_000));
  await file('from.txt', 'from');
  await file('to.txt', 'to');
  await file('medium', medium());
  for (let i = 0; i < MANY; i++) await file(`many/f${i}`, `${i}`.repeat(2000));
  for (let i = 0; i < 2000; i++) await file(`names/name-${i}`, '');
  const big = await openFile(join(folder, 'big'), 'w', 0o666);
  await big.truncate(BIG_SIZE);
  await big.write(Buffer.from(HELLO), 0, HELLO.length, BIG_MARK_AT);
  await big.close();
}

function start(subject: SubjectName, script: string, argument: object): { child: ChildProcess; output: () => string } {
  const flags = NODE_FLAGS[subject] ?? [];
  const child = spawn(process.execPath, [...flags, script, JSON.stringify(argument)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk) => (text += chunk));
  // Keep reading, so that the process never blocks.
  child.stderr?.resume();
  return { child, output: () => text };
}

async function check(
  { smbd, folder }: Server,
  subject: SubjectName,
  name: CheckName,
  options?: ConnectOptions,
): Promise<Verdict> {
  const { child, output } = start(subject, CHECK, { subject, name, port: smbd.port, folder, options });
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  await once(child, 'close');
  clearTimeout(timer);
  const line = output()
    .split('\n')
    .findLast((text) => text.startsWith('{'));
  if (line !== undefined) return JSON.parse(line) as Verdict;
  const reason =
    child.signalCode === null ? 'the process ended without a word' : `no end within ${PATIENCE_MS / 1000} s`;
  return { ok: false, reason };
}

/** Sums up the rounds of a check. */
function cell(verdicts: readonly Verdict[], notes: Footnotes): string {
  const bad = verdicts.filter(({ ok }) => !ok);
  if (bad.length === 0) return 'yes';
  if (bad.every(({ absent }) => absent)) return 'no call';
  const marks = new Set(bad.map(({ reason }) => notes.mark(reason ?? 'no reason given')));
  const good = verdicts.length - bad.length;
  return `${good === 0 ? 'no' : `${good} of ${verdicts.length}`} ${[...marks].join(' ')}`;
}

/** What smbstatus reports about a connection while a large file is read over it. */
async function seenByServer({ smbd, folder }: Server, subject: SubjectName): Promise<string[]> {
  const job: Job = {
    subject,
    port: smbd.port,
    folder,
    work: subject === 'samba-client' ? 'download' : 'read-large',
    count: LARGE,
    lanes: 1,
    options: { signing: 'enabled' },
  };
  const { child } = start(subject, WORKER, job);
  const ended = once(child, 'close');
  try {
    for (let attempt = 0; attempt < 100 && child.exitCode === null; attempt++) {
      const { stdout } = await run('smbstatus', ['-s', smbd.configuration, '-b']);
      const found = new RegExp(`^\\d+\\s+${USER}\\s+.*?(SMB\\d_\\d+|NT1)\\s+(\\S+)\\s+(\\S.*?)\\s*$`, 'm').exec(stdout);
      if (found) return found.slice(1, 4) as string[];
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return ['', '', ''];
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}

async function withServer<T>(
  settings: readonly string[],
  folder: string,
  work: (server: Server) => Promise<T>,
): Promise<T> {
  const smbd = await privateSmbd(settings);
  try {
    await prepare(smbd);
    return await work({ smbd, folder });
  } finally {
    await smbd.close();
  }
}

async function logonRows(folder: string, notes: Footnotes): Promise<string[][]> {
  const rows: string[][] = [];
  for (const [name, settings] of SERVERS) {
    const cells = await withServer(settings, folder, async (server) => {
      const column: string[] = [];
      for (const subject of SUBJECTS) {
        const verdicts: Verdict[] = [];
        for (let round = 0; round < ROUNDS; round++) verdicts.push(await check(server, subject, 'log on'));
        column.push(cell(verdicts, notes));
      }
      return column;
    });
    rows.push([`\`${name}\``, ...cells]);
  }
  return rows;
}

async function factRows(folder: string): Promise<string[][]> {
  const columns = await withServer(OBLIGING, folder, async (server) => {
    await writeFile(join(server.smbd.folder, largePath(LARGE)), Buffer.alloc(LARGE), { mode: 0o666 });
    const seen: string[][] = [];
    for (const subject of SUBJECTS) seen.push(await seenByServer(server, subject));
    return seen;
  });
  return ['dialect', 'encrypted', 'signed'].map((name, row) => [name, ...columns.map((column) => column[row] || '?')]);
}

async function checkRows(settings: readonly string[], folder: string, notes: Footnotes): Promise<string[][]> {
  return withServer(settings, folder, async (server) => {
    const columns: string[][] = [];
    for (const subject of SUBJECTS) {
      const rounds: Verdict[][] = [];
      for (let round = 0; round < ROUNDS; round++) {
        await prepare(server.smbd);
        const verdicts: Verdict[] = [];
        for (const name of CHECK_NAMES) verdicts.push(await check(server, subject, name));
        rounds.push(verdicts);
      }
      const column = CHECK_NAMES.map((_, row) =>
        cell(
          rounds.map((verdicts) => verdicts[row] as Verdict),
          notes,
        ),
      );
      columns.push(column);
      process.stderr.write(`${subject}: ${column.filter((text) => text === 'yes').length} of ${column.length}\n`);
    }
    return CHECK_NAMES.map((name, row) => [name, ...columns.map((column) => column[row] as string)]);
  });
}

function packageRows(folder: string): string[][] {
  const facts = PACKAGES.map((name) => ({ name, ...factsOf(folder, name) }));
  return [
    ['version', 'this one', ...facts.map(({ version }) => version)],
    ['published, says the registry used', '', ...facts.map(({ name, version }) => publishedOn(name, version) ?? '?')],
    ['comes with types', 'yes', ...facts.map(({ types }) => (types ? 'yes' : 'no'))],
  ];
}

const INTRODUCTION = `# Comparison

The same checks, each in a process of its own, with sombrero and with four packages of the npm registry against Samba's
smbd. \`bench/comparison.ts\` runs them, ${ROUNDS} times each, and writes this page: what was read and written is compared with
what must be there. *no call*: the package's documentation has nothing for it. Numbers lead to the errors below.
\`samba-client\` runs the program smbclient for each call.

*1 of ${ROUNDS}* works now and then. When smbd needs more than half a millisecond to read or write, it says STATUS_PENDING first,
which v9u-smb2 takes for a failure: what works with the defaults depends on how busy the server is.`;

async function main(): Promise<void> {
  const folder = install();
  const notes = new Footnotes();
  const head = (what: string): string[] => [what, ...SUBJECTS];
  try {
    const logons = await logonRows(folder, notes);
    const facts = await factRows(folder);
    const strict = await checkRows([], folder, notes);
    const obliging = await checkRows(OBLIGING, folder, notes);
    const sections = [
      INTRODUCTION,
      `Measured on ${circumstances()}, smbd ${smbdVersion()}; load average ${loads()}. Node ran with \`--openssl-legacy-provider\` for ${Object.keys(NODE_FLAGS).join(' and ')}: without it they do not start.`,
      `## The packages\n\n${table(head(''), packageRows(folder))}`,
      `## Logging on\n\nsmbd with one setting each beside the defaults.\n\n${table(head('smbd'), logons)}`,
      `## What the server sees\n\nWhat smbstatus says of a connection, with a server that lets all of them in (\`${OBLIGING.join('`, `')}\`), sombrero told
not to insist on signatures.\n\n${table(head(''), facts)}`,
      `## Files, smbd with defaults\n\n${table(head(''), strict)}`,
      `## Files, with a server that obliges\n\n\`${OBLIGING.join('`, `')}\`: NTLMv1 is accepted, and the server never says that an answer takes longer.\n\n${table(head(''), obliging)}`,
      `## Errors\n\n${notes.list()}`,
    ];
    await writeFile(documentPath('comparison.md'), `${sections.join('\n\n')}\n`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

await main();
