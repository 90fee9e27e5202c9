import { readdirSync, readFileSync } from 'node:fs';
import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ForeignServer, startForeignServer } from './foreign-server.js';
import { ACCOUNT, type Cleanup, freePort, inReverse, run, temporaryFolder } from './peers.js';

export type SmbdMode = 'all' | 'smb1only' | 'smb2only' | 'smb3only' | 'sign' | 'encrypt' | 'guest' | 'posix';

export interface SmbdOptions {
  readonly mode?: SmbdMode;
  /** More lines for [global], such as `server max protocol = SMB2_02`. */
  readonly global?: readonly string[];
  /** More lines for [share]. */
  readonly share?: readonly string[];
  /** More shares, or `share` with only these settings; each has a folder that everybody may write to. */
  readonly shares?: Readonly<Record<string, SmbdShare>>;
}

export interface SmbdShare {
  /** The name of its folder; by default the name of the share. */
  readonly folder?: string;
  readonly smbd: readonly string[];
  /** Only root may enter the folder. */
  readonly locked?: boolean;
}

export interface Smbd {
  readonly port: number;
  /** The folder that `share` serves, owned by the account. */
  readonly share: string;
  readonly user: string;
  readonly password: string;
  readonly server: ForeignServer;
  log(): string;
}

const MODES: Readonly<Record<SmbdMode, readonly string[]>> = {
  all: ['server min protocol = NT1'],
  smb1only: ['server min protocol = NT1', 'server max protocol = NT1'],
  smb2only: ['server min protocol = SMB2_02'],
  smb3only: ['server min protocol = SMB3_00'],
  sign: ['server min protocol = NT1', 'server signing = mandatory'],
  encrypt: ['server min protocol = SMB3_00', 'server smb encrypt = required'],
  guest: ['server min protocol = NT1', 'map to guest = Bad User'],
  posix: ['server min protocol = NT1', 'smb3 unix extensions = yes'],
};

const FOLDERS = ['share', 'readonly', 'guest', 'private', 'lock', 'state', 'cache', 'pid', 'log', 'ncalrpc'];

function configuration(folder: string, port: number, options: SmbdOptions): string {
  const at = (name: string): string => join(folder, name);
  const modules = ['vfs objects = acl_xattr streams_xattr', 'acl_xattr:ignore system acls = yes'];
  const sections: Record<string, readonly string[]> = {
    global: [
      'netbios name = PEER',
      `workgroup = ${ACCOUNT.workgroup}`,
      'server role = standalone server',
      'interfaces = 127.0.0.1/8',
      'bind interfaces only = yes',
      `smb ports = ${port}`,
      'disable netbios = yes',
      `private dir = ${at('private')}`,
      `lock directory = ${at('lock')}`,
      `state directory = ${at('state')}`,
      `cache directory = ${at('cache')}`,
      `pid directory = ${at('pid')}`,
      `ncalrpc dir = ${at('ncalrpc')}`,
      `log file = ${at('log/smbd.log')}`,
      `passdb backend = tdbsam:${at('private/passdb.tdb')}`,
      'ntlm auth = ntlmv1-permitted',
      'load printers = no',
      'disable spoolss = yes',
      'printcap name = /dev/null',
      'ea support = yes',
      'store dos attributes = yes',
      'kernel oplocks = no',
      'usershare max shares = 0',
      ...MODES[options.mode ?? 'all'],
      ...(options.global ?? []),
    ],
    share: [`path = ${at('share')}`, 'read only = no', 'comment = test share', ...modules, ...(options.share ?? [])],
    readonly: [`path = ${at('readonly')}`, 'read only = yes'],
    guest: [`path = ${at('guest')}`, 'guest ok = yes', 'read only = no'],
  };
  for (const [name, { folder: place, smbd }] of Object.entries(options.shares ?? {}))
    sections[name] = [`path = ${at(`shares/${place ?? name}`)}`, ...smbd];
  const text = Object.entries(sections).map(([name, lines]) => `[${name}]\n ${lines.join('\n ')}\n`);
  return text.join('');
}

async function accountIds(): Promise<[uid: number, gid: number]> {
  const found = await Promise.all(['-u', '-g'].map((which) => run('id', [which, ACCOUNT.user])));
  if (found.some(({ status }) => status !== 0)) throw new Error(`this machine has no account ${ACCOUNT.user}`);
  return [Number(found[0]?.stdout), Number(found[1]?.stdout)];
}

async function makeShares(folder: string, shares: Record<string, SmbdShare>, uid: number, gid: number): Promise<void> {
  for (const [name, { folder: place, locked }] of Object.entries(shares)) {
    const path = join(folder, place ?? name);
    await mkdir(path, { recursive: true });
    if (!locked) await chown(path, uid, gid);
    await chmod(path, locked ? 0o700 : 0o777);
  }
}

/** samba-dcerpcd runs in a session of its own, but leaves its pid in our folder. */
function endHelpers(folder: string): void {
  for (const name of readdirSync(join(folder, 'pid'))) {
    const pid = Number.parseInt(readFileSync(join(folder, 'pid', name), 'utf8'), 10);
    const command = commandLine(pid);
    if (command.includes(folder)) process.kill(pid, 'SIGTERM');
  }
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || (error as NodeJS.ErrnoException).code === 'ESRCH')
      return '';
    throw error;
  }
}

/**
 * Starts a private smbd on the loopback interface, with all its state in a temporary folder. Call `requirePeer` first.
 */
export async function startSmbd(t: Cleanup, options: SmbdOptions = {}): Promise<Smbd> {
  const cleanup = inReverse(t);
  const folder = await temporaryFolder(cleanup);
  // The account must be able to reach the shares.
  await chmod(folder, 0o755);
  const [uid, gid] = await accountIds();
  for (const name of FOLDERS) await mkdir(join(folder, name));
  for (const name of ['share', 'readonly', 'guest']) await chown(join(folder, name), uid, gid);
  await chmod(join(folder, 'guest'), 0o777);
  await makeShares(join(folder, 'shares'), options.shares ?? {}, uid, gid);
  const port = await freePort();
  const config = join(folder, 'smb.conf');
  await writeFile(config, configuration(folder, port, options));
  const twice = `${ACCOUNT.password}\n${ACCOUNT.password}\n`;
  const added = await run('smbpasswd', ['-c', config, '-L', '-s', '-a', ACCOUNT.user], twice);
  if (added.status !== 0) throw new Error(`smbpasswd: ${added.stderr}${added.stdout}`);
  cleanup.after(() => endHelpers(folder));
  const args = ['-F', '--no-process-group', '-s', config, '-l', join(folder, 'log')];
  const server = await startForeignServer(cleanup, 'smbd', port, 'smbd', args);
  return {
    port,
    share: join(folder, 'share'),
    user: ACCOUNT.user,
    password: ACCOUNT.password,
    server,
    log: () => readFileSync(join(folder, 'log', 'smbd.log'), 'utf8'),
  };
}
