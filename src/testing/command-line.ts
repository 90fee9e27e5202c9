import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { bequeath } from './executor.js';
import { temporaryFolder } from './peers.js';

const MAIN = fileURLToPath(new URL('../packed/main.cjs', import.meta.url));
export const PASSWORD = 'Secret-1';

/** Result of a command. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the command line as a process. */
export function start(args: readonly string[], env: Record<string, string> = {}): ChildProcess {
  const { SOMBRERO_PASSWORD: _, ...inherited } = process.env;
  const how = { env: { ...inherited, ...env }, stdio: 'pipe' } as const;
  return bequeath(spawn(process.execPath, [MAIN, ...args], how));
}

/** Runs the command line to its end. */
export async function sombrero(
  args: readonly string[],
  input: string = '',
  env: Record<string, string> = { SOMBRERO_PASSWORD: PASSWORD },
): Promise<Ended> {
  const child = start(args, env);
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input);
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, stdout, stderr };
}

export interface Served {
  readonly child: ChildProcess;
  readonly lines: readonly string[];
  /** For example `smb://ann@127.0.0.1:PORT/docs`. */
  readonly url: string;
  readonly folder: string;
}

/** Starts a server process on a free port; it is stopped after the test. */
export async function served(t: TestContext, ...args: string[]): Promise<Served> {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'docs'));
  const quiet = args.some((arg) => arg.includes('control')) ? [] : ['--no-control'];
  const child = start(['serve', '--listen', '127.0.0.1:0', ...quiet, ...args.map((arg) => arg.replace('DIR', folder))]);
  t.after(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'close');
  });
  let text = '';
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk));
  for await (const chunk of child.stdout?.setEncoding('utf8') ?? []) {
    text += chunk;
    if (text.includes('listening on ')) break;
  }
  const lines = text.trim().split('\n');
  const place = /listening on smb:\/\/(\S+)/.exec(text)?.[1];
  assert.ok(place, `the server said: ${text} ${errors}`);
  return { child, lines, url: `smb://ann@${place}`, folder };
}

export const USER: readonly string[] = ['--user', `ann:${PASSWORD}`];
