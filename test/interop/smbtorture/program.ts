import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { credentials, run } from '#testing/peers.js';
import type { Target, TortureTest } from './tests.js';

export type Result = 'pass' | 'fail' | 'skip' | 'timeout';

export interface Verdict {
  readonly key: string;
  readonly result: Result;
  readonly milliseconds: number;
  /** Number of runs: a test that has passed before gets a second chance. */
  readonly tries: number;
  /** The first line of the failure, or the reason for skipping. */
  readonly reason: string;
}

export interface Circumstances {
  readonly port: number;
  readonly target: Target;
  readonly timeoutMs: number;
  /** A folder for smbtorture's state. */
  readonly folder: string;
  /** A folder for the whole output of each test. */
  readonly logs: string | undefined;
}

/** Delays in microseconds that tests and server must agree on. */
export const SHARE_DELAY = 100_000;
export const WRITE_TIME_DELAY = 500_000;

/** smbtorture keeps its state in our folder and accepts every dialect. */
const configuration = (folder: string): string => `[global]
  client min protocol = CORE
  client lanman auth = yes
  client use kerberos = off
  interfaces = 127.0.0.1/8
  private dir = ${folder}
  lock directory = ${folder}
  state directory = ${folder}
  cache directory = ${folder}
  pid directory = ${folder}
  ncalrpc dir = ${folder}/ncalrpc
`;

/** The arguments common to all tests, as shown in the report. */
export function commonArguments(target: Target): string[] {
  return [
    '--format=subunit',
    '--fullname',
    '--seed=1',
    ...(target === 'samba3' ? ['--target=samba3'] : []),
    '--option=torture:progress=no',
    `--option=torture:sharedelay=${SHARE_DELAY}`,
    `--option=torture:writetimeupdatedelay=${WRITE_TIME_DELAY}`,
  ];
}

/** The result in smbtorture's subunit output for one test. */
export function judge(output: string): { readonly result: Result; readonly reason: string } {
  const verdict = /^(success|failure|error|skip): .*?(?: \[\n([^\n]*))?$/m.exec(output);
  const reason = (verdict?.[2] ?? '').replace('../../source4/torture/', '').trim();
  if (verdict?.[1] === 'success') return { result: 'pass', reason: '' };
  if (verdict?.[1] === 'skip') return { result: 'skip', reason };
  return { result: 'fail', reason: reason || output.trim().split('\n').at(-1) || 'it says nothing' };
}

/** Writes the files that `runTest` needs. */
export async function prepare(folder: string): Promise<void> {
  await writeFile(join(folder, 'smb.conf'), configuration(folder));
}

/** Runs one test in its own process. */
export async function runTest(test: TortureTest, share: string, at: Circumstances): Promise<Omit<Verdict, 'tries'>> {
  const started = performance.now();
  const where = ['-p', String(at.port), '-U', credentials(), `//127.0.0.1/${test.share ?? share}`, test.name];
  const folder = [`--configfile=${join(at.folder, 'smb.conf')}`, `--basedir=${at.folder}`];
  const args = [...folder, ...commonArguments(at.target), ...test.options, ...where];
  const timeoutMs = Math.max(at.timeoutMs, (test.seconds ?? 0) * 1000);
  const { stdout, stderr, status } = await run('smbtorture', args, '', timeoutMs);
  const milliseconds = Math.round(performance.now() - started);
  if (at.logs !== undefined) {
    const name = `${test.key.replaceAll(/[^\w.-]+/g, '_')}.log`;
    await writeFile(join(at.logs, name), `${stdout}\n--- stderr\n${stderr}`);
  }
  // Killed by a signal, such as ours on a timeout.
  if (status === 128) return { key: test.key, result: 'timeout', milliseconds, reason: `after ${timeoutMs} ms` };
  return { key: test.key, milliseconds, ...judge(stdout + stderr) };
}
