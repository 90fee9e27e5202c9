import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { bequeathFolder } from './executor.js';

/** What cleanup needs of a test context; `record` has no test. */
export interface Cleanup {
  after(action: () => Promise<void> | void): void;
}

/** A single hook that undoes things in reverse order: node:test runs hooks in the order of registration. */
export function inReverse(t: Cleanup): Cleanup {
  const actions: (() => Promise<void> | void)[] = [];
  t.after(async () => {
    for (const action of actions.reverse()) await action();
  });
  return { after: (action) => void actions.push(action) };
}

export interface Finished {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The account that foreign peers use. */
export const ACCOUNT = { user: 'games', password: 'Passw0rd!', workgroup: 'WORKGROUP' } as const;

export type PeerName = 'smbd' | 'smbclient' | 'smbtorture' | 'impacket' | 'tshark' | 'curl' | 'bash' | 'zsh' | 'fish';

const PACKAGES: Readonly<Record<PeerName, string>> = {
  smbd: 'samba',
  smbclient: 'smbclient',
  smbtorture: 'samba-testsuite',
  impacket: 'python3-impacket',
  tshark: 'tshark',
  curl: 'curl',
  bash: 'bash',
  zsh: 'zsh',
  fish: 'fish',
};

/** smbd and captures need root; Debian installs smbd outside other users' PATH. */
const PATH = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`;
const TIMEOUT_MS = 60_000;

function works(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore', env: { ...process.env, PATH } }).status === 0;
}

function missing(name: PeerName): string | undefined {
  const found =
    name === 'impacket' ? works('/usr/bin/python3', '-c', 'import impacket') : works('sh', '-c', `command -v ${name}`);
  if (!found) return `needs ${name}: apt-get install ${PACKAGES[name]}`;
  if ((name === 'smbd' || name === 'tshark') && process.getuid?.() !== 0) return `needs root to run ${name}`;
  return undefined;
}

/** True if the peers are installed. Otherwise skips the test with a message, or fails it if CI=true. */
export function requirePeer(t: TestContext, ...names: PeerName[]): boolean {
  const reasons = names.map(missing).filter((reason) => reason !== undefined);
  if (reasons.length === 0) return true;
  const reason = reasons.join('; ');
  if (process.env.CI === 'true') throw new Error(reason);
  t.skip(reason);
  return false;
}

/**
 * Below the range from which systems assign ports by themselves, so that a port stays free while a server gets ready to
 * use it, whatever else is running.
 */
const PORTS = { first: 20_000, count: 12_000 } as const;
/** Ports per process before those of the next begin. */
const PORTS_EACH = 10;
let portsTried = 0;

/** A free TCP port on the loopback interface, a different one each time. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = PORTS.first + ((process.pid * PORTS_EACH + portsTried++) % PORTS.count);
    if (await isFree(port)) return port;
    if (portsTried > PORTS.count) throw new Error('no port is free');
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    // Windows reserves some ports and denies access to them.
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' || error.code === 'EACCES' ? resolve(false) : reject(error),
    );
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** A folder that is removed after the test. */
export async function temporaryFolder(t: Cleanup): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sombrero-'));
  const gone = bequeathFolder(folder);
  t.after(() => rm(folder, { recursive: true, force: true }).then(gone));
  return folder;
}

/** Runs a command to its end. `input` is its standard input. */
export function run(
  command: string,
  args: readonly string[],
  input: string = '',
  timeoutMs: number = TIMEOUT_MS,
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: { ...process.env, PATH, LC_ALL: 'C.UTF-8' }, timeout: timeoutMs });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (status, signal) => {
      resolve({ status: status ?? 128, stdout, stderr: signal ? `${stderr}\nended by ${signal}` : stderr });
    });
    // A command that does not read its input closes the pipe early.
    child.stdin.on('error', () => child.stdin.destroy());
    child.stdin.end(input);
  });
}

/** Runs smbclient without the machine's configuration: `smbclient('//127.0.0.1/share', '-p', port, '-c', 'ls')`. */
export function smbclient(...args: (string | number)[]): Promise<Finished> {
  return run('smbclient', ['--configfile=/dev/null', ...args.map(String)]);
}

/** The value of `-U` for Samba's tools. */
export function credentials(account: { user: string; password: string } = ACCOUNT): string {
  return `${account.user}%${account.password}`;
}
