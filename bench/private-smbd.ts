import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ended } from './ended.js';

/** An account that exists on every Debian; smbd runs as it. */
export const USER = 'games';
export const PASSWORD = 'Bench-1';
const DIRECTORIES = ['share', 'private', 'lock', 'state', 'cache', 'pid', 'ncalrpc', 'log'];
const SECONDS = 10;

/** A private smbd on loopback with default settings, except for where its state is and for `settings`. */
export interface PrivateSmbd {
  readonly port: number;
  /** The folder that its only share, `share`, serves. */
  readonly folder: string;
  readonly configuration: string;
  /** Processor time of the processes that serve clients, so far. */
  cpuSeconds(): Promise<number>;
  close(): Promise<void>;
}

export function smbdVersion(): string {
  return execFileSync('smbd', ['--version'], { encoding: 'utf8' })
    .replace(/^Version\s+/, '')
    .trim();
}

export async function privateSmbd(settings: readonly string[] = [], below: string = tmpdir()): Promise<PrivateSmbd> {
  const root = await mkdtemp(join(below, 'bench-smbd-'));
  await chmod(root, 0o755);
  for (const name of DIRECTORIES) await mkdir(join(root, name));
  await chmod(join(root, 'private'), 0o700);
  const folder = join(root, 'share');
  await chmod(folder, 0o777);
  const port = await freePort();
  const configuration = join(root, 'smb.conf');
  await writeFile(configuration, configurationOf(root, port, settings));
  const secret = `${PASSWORD}\n${PASSWORD}\n`;
  execFileSync('smbpasswd', ['-c', configuration, '-L', '-s', '-a', USER], {
    input: secret,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const child = spawn('smbd', ['-F', '--no-process-group', '-s', configuration, '-l', join(root, 'log')], {
    stdio: 'ignore',
    // When it ends, it kills its whole process group.
    detached: true,
  });
  await answering(port, child);
  return {
    port,
    folder,
    configuration,
    cpuSeconds: () => cpuSecondsOf(child.pid ?? 0, 'smbd'),
    close: async () => {
      await ended(child, () => child.kill());
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** Clock ticks per second in /proc. */
const TICKS = 100;

/**
 * Processor time of the processes in a group that serve clients, including those that its leader has waited for
 * (proc(5), `/proc/PID/stat`). Selected by name, since smbd's helper processes run under other names.
 */
export async function cpuSecondsOf(leader: number, name: string): Promise<number> {
  let ticks = 0;
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    // The process has ended meanwhile.
    const text = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [, , group, , , , , , , , , user = 0, system = 0, childUser = 0, childSystem = 0] = fields;
    if (group !== leader || !text.includes(` (${name}) `)) continue;
    ticks += user + system + (Number(pid) === leader ? childUser + childSystem : 0);
  }
  return ticks / TICKS;
}

function configurationOf(root: string, port: number, settings: readonly string[]): string {
  const lines = [
    '[global]',
    'server role = standalone server',
    'interfaces = 127.0.0.1/8',
    'bind interfaces only = yes',
    `smb ports = ${port}`,
    'disable netbios = yes',
    `private dir = ${root}/private`,
    `lock directory = ${root}/lock`,
    `state directory = ${root}/state`,
    `cache directory = ${root}/cache`,
    `pid directory = ${root}/pid`,
    `ncalrpc dir = ${root}/ncalrpc`,
    `log file = ${root}/log/smbd.log`,
    `passdb backend = tdbsam:${root}/private/passdb.tdb`,
    'load printers = no',
    'disable spoolss = yes',
    'printcap name = /dev/null',
    ...settings,
    '[share]',
    `path = ${root}/share`,
    'read only = no',
  ];
  return `${lines.join('\n')}\n`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new TypeError('not a TCP listener');
  return address.port;
}

async function answering(port: number, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < SECONDS * 10; attempt++) {
    if (child.exitCode !== null) throw new Error(`smbd ended with status ${child.exitCode}`);
    const socket = connect(port, '127.0.0.1');
    const there = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (there) return;
    await setTimeout(100);
  }
  child.kill();
  throw new Error('smbd does not answer');
}
