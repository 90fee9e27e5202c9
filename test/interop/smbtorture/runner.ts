import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { localDirectory } from '#fs/index.js';
import { createServer } from '#server/index.js';
import { ACCOUNT, type Cleanup, credentials, inReverse, run, temporaryFolder } from '#testing/peers.js';

export interface Verdict {
  readonly test: string;
  readonly result: 'pass' | 'fail' | 'skip' | 'timeout';
  readonly milliseconds: number;
  /** The first line of what went wrong. */
  readonly reason: string;
}

export interface Torture {
  /** Milliseconds for one test. */
  readonly timeoutMs: number;
  /** Tests at the same time, each on a share of its own. */
  readonly workers: number;
}

/** smbtorture keeps its state in a folder of ours and takes every dialect. */
const configuration = (folder: string): string => `[global]
  client min protocol = NT1
  client use kerberos = off
  interfaces = 127.0.0.1/8
  private dir = ${folder}
  lock directory = ${folder}
  state directory = ${folder}
  cache directory = ${folder}
  pid directory = ${folder}
  ncalrpc dir = ${folder}/ncalrpc
`;

/** The tests of a list: a name a line, \`#\` begins a remark. */
export async function readTests(file: string): Promise<string[]> {
  const lines = (await readFile(file, 'utf8')).split('\n');
  return lines.map((line) => line.replace(/#.*/, '').trim()).filter((line) => line !== '');
}

/** `smb2.create.multi` is of `smb2.create`: tests of one suite use the same file names. */
const suiteOf = (test: string): string => test.split('.').slice(0, 2).join('.');

/** What smbtorture's subunit output says of its one test. */
function judge(output: string): Pick<Verdict, 'result' | 'reason'> {
  const verdict = /^(success|failure|error|skip): .*?(?: \[\n([^\n]*))?$/m.exec(output);
  const reason = verdict?.[2]?.trim() ?? '';
  if (verdict?.[1] === 'success') return { result: 'pass', reason };
  if (verdict?.[1] === 'skip') return { result: 'skip', reason };
  return { result: 'fail', reason: reason || output.trim().split('\n').at(-1) || 'it says nothing' };
}

async function runOne(test: string, share: string, port: number, config: string, timeoutMs: number): Promise<Verdict> {
  const started = performance.now();
  const args = [`--configfile=${config}`, '--format=subunit', '--fullname', '--seed=1', '--target=samba3'];
  const where = ['-p', String(port), '-U', credentials(), `//127.0.0.1/${share}`, test];
  const { stdout, stderr, status } = await run('smbtorture', [...args, ...where], '', timeoutMs);
  const milliseconds = Math.round(performance.now() - started);
  if (status === 128) return { test, result: 'timeout', milliseconds, reason: `after ${milliseconds} ms` };
  return { test, milliseconds, ...judge(stdout + stderr) };
}

/** Runs tests of smbtorture, each in a process of its own, against a server of ours. In the order of the list. */
export async function torture(t: Cleanup, tests: readonly string[], options: Torture): Promise<Verdict[]> {
  const cleanup = inReverse(t);
  const folder = await temporaryFolder(cleanup);
  const config = join(folder, 'smb.conf');
  await writeFile(config, configuration(folder));
  const names = Array.from({ length: options.workers }, (_, i) => `share${i}`);
  await Promise.all(names.map((name) => mkdir(join(folder, name))));
  const shares = Object.fromEntries(names.map((name) => [name, localDirectory(join(folder, name))]));
  const server = createServer({
    shares,
    users: { [ACCOUNT.user]: { password: ACCOUNT.password } },
    dialects: { min: 'NT1' },
    // Where signing is required smbtorture hangs up on answers for sessions that have gone: no key is left to sign them.
    signing: 'enabled',
  });
  cleanup.after(() => server.close());
  const { port } = await server.listen(0);

  const suites = new Map<string, string[]>();
  for (const test of tests) suites.set(suiteOf(test), [...(suites.get(suiteOf(test)) ?? []), test]);
  const queue = [...suites.values()].sort((a, b) => b.length - a.length);
  const verdicts = new Map<string, Verdict>();
  const work = async (share: string): Promise<void> => {
    for (let suite = queue.shift(); suite !== undefined; suite = queue.shift()) {
      for (const test of suite) verdicts.set(test, await runOne(test, share, port, config, options.timeoutMs));
    }
  };
  await Promise.all(names.map(work));
  return tests.flatMap((test) => verdicts.get(test) ?? []);
}
