import { fileAccounts } from '#auth/index.js';
import { createServer, type SmbServer } from '#server/index.js';
import { Failure } from '../failure.js';
import type { Endpoint } from '../options.js';
import { print, say } from '../terminal.js';
import { startCapture } from './capture.js';
import type { ServeConfig } from './config.js';
import { startControl } from './control.js';
import type { ServeFlags } from './flags.js';
import { startLog } from './log.js';
import { type Directories, serverOptions, settingsOf, shareOptions, usersOf } from './settings.js';

const DEFAULT_LISTEN: Endpoint = { host: '127.0.0.1', port: 4450 };
/** How long requests in flight may take when the server is asked to end. */
const DRAIN_MS = 5000;

/** Serves until the signal is aborted. */
export async function runServer(directories: readonly string[], flags: ServeFlags, signal: AbortSignal): Promise<void> {
  const config = settingsOf(directories, flags);
  const { users, made } = await usersOf(config, flags, signal);
  const server = createServer(serverOptions(config, users));
  const endLog = startLog(flags.log, flags.verbose === true);
  const endCapture = flags.capture === undefined ? undefined : await startCapture(flags.capture);
  let endControl: (() => Promise<void>) | undefined;
  try {
    const directoriesServed: Directories = new Map();
    setShares(server, config, flags, directoriesServed);
    const lines = await listenAll(server, config);
    endControl = flags.control === false ? undefined : await startControl(server, flags.control);
    for (const { name, password } of made)
      await print(`user ${name} with the password ${password} (made up, shown once)\n`);
    warnOf(config);
    await warnOfNobody(config);
    await print(lines.map((line) => `${line}\n`).join(''));
    const kept = new Set([...(flags.user ?? []), ...made].map(({ name }) => name.toLowerCase()));
    const reload = (): void => reloadConfig(server, directories, flags, directoriesServed, kept);
    process.on('SIGHUP', reload);
    await aborted(signal);
    process.off('SIGHUP', reload);
  } finally {
    await endControl?.();
    await server.close({ drainMs: DRAIN_MS });
    await endCapture?.();
    endLog();
  }
}

// Opens all directories before the first share changes.
function setShares(server: SmbServer, config: ServeConfig, flags: ServeFlags, served: Directories): void {
  const shares = Object.entries(config.shares).map(
    ([name, share]) => [name, shareOptions(share, flags, config.guest === true, served)] as const,
  );
  for (const [name, options] of shares) server.shares.set(name, options);
}

/** Listens at all endpoints; returns a line for each share and endpoint. */
async function listenAll(server: SmbServer, config: ServeConfig): Promise<string[]> {
  const places = [
    ...(config.listen ?? [DEFAULT_LISTEN]).map((place) => ({ ...place, netbios: false })),
    ...(config.netbios ?? []).map((place) => ({ ...place, netbios: true })),
  ];
  const lines: string[] = [];
  for (const { host, port, netbios } of places) {
    const address = await listenAt(server, host, port, netbios);
    const shown = address.host.includes(':') ? `[${address.host}]` : address.host;
    const how = netbios ? ' (NetBIOS session service)' : '';
    for (const name of Object.keys(config.shares)) {
      lines.push(`listening on smb://${shown}:${address.port}/${encodeURIComponent(name)}${how}`);
    }
  }
  return lines;
}

async function listenAt(server: SmbServer, host: string, port: number, netbios: boolean): Promise<Endpoint> {
  try {
    return await server.listen(port, host, { netbios });
  } catch (error) {
    const flag = netbios ? '--netbios' : '--listen';
    switch ((error as NodeJS.ErrnoException).code) {
      case 'EADDRINUSE':
        throw new Failure(`${host}:${port} is in use already: choose another port with ${flag} HOST:PORT (EADDRINUSE)`);
      case 'EACCES':
        throw new Failure(
          `${host}:${port} is not for everybody: choose a port above 1023, or give node cap_net_bind_service (EACCES)`,
        );
      case 'EADDRNOTAVAIL':
        throw new Failure(`${host} is no address of this machine (EADDRNOTAVAIL)`);
      default:
        throw error;
    }
  }
}

function warnOf(config: ServeConfig): void {
  if (config.dialects?.min === 'NT1') {
    say('sombrero serve: SMB1 is on: it has no encryption and weak signing; only for devices that know nothing else');
  }
  if (config.ntlmv1) say('sombrero serve: NTLMv1 is accepted: whoever hears a logon has the password in hours');
  if (config.guest) {
    say("sombrero serve: guests are let in, unsigned and unencrypted; Windows 11 wants 'Set-SmbClientConfiguration");
    say("  -EnableInsecureGuestLogons $true' and '… -RequireSecuritySignature $false' before it comes in as one");
  }
}

/** An empty file is allowed, since users may be added later, but it may be due to a typo in its name. */
async function warnOfNobody({ usersFile }: ServeConfig): Promise<void> {
  if (usersFile === undefined || (await fileAccounts(usersFile).list()).length > 0) return;
  say(`sombrero serve: nobody is in ${usersFile}: 'sombrero passwd ${usersFile} NAME' adds a user`);
}

/** Applies the shares and users of the config file as it is now. If it has an error, nothing changes. */
function reloadConfig(
  server: SmbServer,
  directories: readonly string[],
  flags: ServeFlags,
  served: Directories,
  kept: ReadonlySet<string>,
): void {
  if (flags.config === undefined) return;
  try {
    const config = settingsOf(directories, flags);
    setShares(server, config, flags, served);
    const wanted = new Set(Object.keys(config.shares).map((name) => name.toLowerCase()));
    for (const { name } of server.shares.list()) if (!wanted.has(name.toLowerCase())) server.shares.delete(name);
    if (config.usersFile === undefined) reloadUsers(server, config, kept);
    say(`sombrero serve: ${flags.config} is read again: ${Object.keys(config.shares).join(', ')}`);
  } catch (error) {
    say(`sombrero serve: nothing changed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** `kept`: users from the command line, and made-up ones. */
function reloadUsers(server: SmbServer, config: ServeConfig, kept: ReadonlySet<string>): void {
  const wanted = new Set(Object.keys(config.users).map((name) => name.toLowerCase()));
  for (const name of server.users.names) {
    const stays = kept.has(name.toLowerCase()) || wanted.has(name.toLowerCase());
    if (!stays) server.users.remove(name);
  }
  for (const [name, { password, ntHash }] of Object.entries(config.users)) {
    if (ntHash !== undefined) server.users.set(name, { ntHash });
    else if (password !== undefined) server.users.set(name, { password });
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
