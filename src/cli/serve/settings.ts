import { randomBytes } from 'node:crypto';
import { basename, resolve } from 'node:path';
import { fileAccounts } from '#auth/index.js';
import { UsageError } from '#client/index.js';
import { type Backend, localDirectory, stateDirectory, unixNames } from '#fs/index.js';
import type { ServerOptions, ShareOptions, UserOptions } from '#server/index.js';
import { askSecret } from '../terminal.js';
import { readConfig, type ServeConfig, type ShareConfig } from './config.js';
import type { ServeFlags } from './flags.js';

/** Merges the command line and the config file; the command line wins. */
export function settingsOf(directories: readonly string[], flags: ServeFlags): ServeConfig {
  const file: ServeConfig = flags.config === undefined ? { shares: {}, users: {} } : readConfig(flags.config);
  const shares = new Map(Object.entries(file.shares));
  const named = directories.map((path) => ({ name: nameOf(path), config: { path: resolve(path) } }));
  const seen = new Set<string>();
  for (const { name, config } of [...named, ...(flags.share ?? [])]) {
    if (seen.has(name.toLowerCase()))
      throw new UsageError(`two shares are called ${name}: name them with --share NAME=DIR`);
    seen.add(name.toLowerCase());
    shares.set(name, config);
  }
  for (const { share, password } of flags.sharePassword ?? []) {
    const config = shares.get(share);
    if (!config) throw new UsageError(`--share-password: there is no share ${share}`);
    shares.set(share, { ...config, password });
  }
  if (shares.size === 0) throw new UsageError('nothing to serve: name a directory, --share NAME=DIR or --config FILE');
  const usersFile = flags.usersFile ?? file.usersFile;
  return {
    ...file,
    ...defined(flags),
    shares: Object.fromEntries(shares),
    users: file.users,
    ...(usersFile === undefined ? {} : { usersFile }),
  };
}

/** The flags that are settings of their own, if given. */
function defined(flags: ServeFlags): Partial<ServeConfig> {
  const {
    listen,
    netbios,
    guest,
    anonymous,
    dialects,
    signing,
    encryption,
    name,
    ntlmv1,
    shareLevelSecurity,
    netbiosStrict,
    stateDirectory,
  } = flags;
  const all = {
    listen,
    netbios,
    guest,
    anonymous,
    dialects,
    signing,
    encryption,
    name,
    ntlmv1,
    shareLevelSecurity,
    netbiosStrict,
    stateDirectory: stateDirectory === undefined ? undefined : resolve(stateDirectory),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Partial<ServeConfig>;
}

function nameOf(path: string): string {
  const name = basename(resolve(path));
  if (name === '') throw new UsageError(`${path} has no name to call the share by: use --share NAME=${path}`);
  return name;
}

/** Users of the command line and the config file. `made`: made-up passwords, which are shown once. */
export interface Users {
  readonly users: Record<string, UserOptions>;
  readonly made: readonly { readonly name: string; readonly password: string }[];
}

const MADE_UP_USER = 'sombrero';
const PASSWORD_BYTES = 12;

export async function usersOf(config: ServeConfig, flags: ServeFlags, signal: AbortSignal): Promise<Users> {
  const users: Record<string, UserOptions> = { ...config.users };
  const made: { name: string; password: string }[] = [];
  const makeUp = (name: string): string => {
    const password = randomBytes(PASSWORD_BYTES).toString('base64url');
    made.push({ name, password });
    return password;
  };
  const named = new Set<string>();
  for (const { name, password } of flags.user ?? []) {
    if (named.has(name.toLowerCase())) throw new UsageError(`user ${name} is named twice`);
    named.add(name.toLowerCase());
    const known = password ?? process.env.SOMBRERO_PASSWORD ?? (await askSecret(`Password of ${name}: `, signal));
    users[name] = { password: known === undefined || known === '' ? makeUp(name) : known };
  }
  const anybody = config.usersFile !== undefined || config.guest === true || config.shareLevelSecurity === true;
  if (Object.keys(users).length === 0 && !anybody) users[MADE_UP_USER] = { password: makeUp(MADE_UP_USER) };
  if (config.usersFile !== undefined && Object.keys(users).length > 0) {
    throw new UsageError('users come either from a file or from --user and "users", not from both');
  }
  return { users, made };
}

/** Served directories by path: reloading the config keeps them, and what is open in them. */
export type Directories = Map<string, Backend>;

/** A share in the form that the server takes. */
export function shareOptions(
  config: ShareConfig,
  flags: ServeFlags,
  guest: boolean,
  directories: Directories,
): ShareOptions {
  const { path, ...rest } = config;
  const backend = directories.get(path) ?? localDirectory(path);
  directories.set(path, backend);
  const guests = guest ? { guests: flags.guestWrite ? ('write' as const) : ('read' as const) } : {};
  return { ...guests, ...rest, backend };
}

function storeOf({ stateDirectory: path }: ServeConfig): Pick<ServerOptions, 'stateStore'> {
  return path === undefined ? {} : { stateStore: stateDirectory(path) };
}

/** Settings in the form that the server takes; shares are added later. */
export function serverOptions(config: ServeConfig, users: Users['users']): ServerOptions {
  const { name, domain, guest, anonymous, dialects, signing, encryption } = config;
  const smb1 = {
    ...(config.ntlmv1 && { ntlmv1: true }),
    ...(config.shareLevelSecurity && { security: 'share' as const }),
  };
  return {
    users: config.usersFile === undefined ? users : fileAccounts(config.usersFile),
    unixNames: unixNames(),
    ...(name !== undefined && { name }),
    ...(domain !== undefined && { domain }),
    ...(guest && { guest }),
    ...(config.administrators && { administrators: config.administrators }),
    ...(anonymous && { anonymous }),
    ...storeOf(config),
    ...(config.writeTimeDelayMs !== undefined && { writeTimeDelayMs: config.writeTimeDelayMs }),
    ...((config.torture || process.env.SOMBRERO_TORTURE === '1') && { torture: true }),
    ...(dialects && { dialects }),
    ...(signing && { signing }),
    ...(encryption && { encryption }),
    smb1,
    ...(config.netbiosStrict && { netbios: { strict: true } }),
  };
}
