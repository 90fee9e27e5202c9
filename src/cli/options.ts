import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ConnectOptions, DialectName } from '#client/index.js';

const NAMES: readonly DialectName[] = ['NT1', '2.0.2', '2.1', '3.0', '3.0.2', '3.1.1'];
const FIRST: DialectName = '2.0.2';
const LAST: DialectName = '3.1.1';

export interface DialectRange {
  readonly min: DialectName;
  readonly max: DialectName;
}

/** Parses `3.1.1`, `nt1`. */
export function parseDialect(text: string): DialectName {
  const found = NAMES.find((name) => name.toLowerCase() === text.trim().toLowerCase());
  if (!found) throw new InvalidArgumentError(`there are ${NAMES.join(', ')}.`);
  return found;
}

/** Parses `2.1..3.1.1`, `..3.0`, `NT1..`, or a single dialect. */
export function parseDialects(text: string): DialectRange {
  const [low, high] = rangeParts(text);
  const min = low === '' ? FIRST : parseDialect(low);
  const max = high === '' ? LAST : parseDialect(high);
  if (NAMES.indexOf(min) > NAMES.indexOf(max)) throw new InvalidArgumentError(`${min} is newer than ${max}.`);
  return { min, max };
}

function rangeParts(text: string): [string, string] {
  const at = text.indexOf('..');
  return at === -1 ? [text, text] : [text.slice(0, at), text.slice(at + 2)];
}

/** Parses seconds; returns milliseconds. */
function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0) || seconds > 86_400) throw new InvalidArgumentError('a number of seconds, such as 30 or 0.5.');
  return seconds * 1000;
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** Parses `127.0.0.1:4450`, `[::1]:4450`, `:4450`. */
export function parseEndpoint(text: string): Endpoint {
  const found = /^(?:\[([0-9a-fA-F:.%\w]+)\]|([^:[\]]*)):(\d{1,5})$/.exec(text.trim());
  const port = Number(found?.[3]);
  if (!found || port > 65535)
    throw new InvalidArgumentError('must look like HOST:PORT, such as 127.0.0.1:4450 or [::1]:4450.');
  return { host: found[1] ?? (found[2] || '127.0.0.1'), port };
}

/** Parses a whole number of at least 1. */
export function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1) throw new InvalidArgumentError('a whole number of at least 1.');
  return count;
}

/** Parser for options that may be repeated. */
export function collect<T>(parse: (text: string) => T): (text: string, all: readonly T[] | undefined) => T[] {
  return (text, all) => [...(all ?? []), parse(text)];
}

/** The flags of every client command. */
export interface ClientFlags {
  readonly dialects?: DialectRange;
  readonly signing?: 'off' | 'enabled' | 'required';
  readonly encryption?: 'off' | 'enabled' | 'required';
  readonly timeout?: number;
  readonly netbios?: boolean;
  readonly guest?: boolean;
  readonly anonymous?: boolean;
  readonly ntlmv1?: boolean;
  readonly user?: string;
  readonly credentials?: string;
}

const POLICIES = ['off', 'enabled', 'required'];

/** Adds the client flags to a command. */
export function withClientFlags(command: Command): Command {
  return command
    .optionsGroup('Connection:')
    .addOption(new Option('--dialects <MIN..MAX>', `dialects to offer: ${NAMES.join(', ')}`).argParser(parseDialects))
    .addOption(new Option('--signing <policy>', 'message signing (default: required)').choices(POLICIES))
    .addOption(new Option('--encryption <policy>', 'message encryption (default: enabled)').choices(POLICIES))
    .addOption(
      new Option('--timeout <seconds>', 'how long the server may stay silent (default: 30)').argParser(parseSeconds),
    )
    .option('--netbios', 'use the NetBIOS session service (RFC 1002), on port 139 unless the URL has one')
    .option('--user <[DOMAIN\\]NAME>', 'whom to log on as, unless the URL says (or SOMBRERO_USER)')
    .option('--credentials <file>', "file with lines 'username = …', 'password = …', 'domain = …', as for smbclient")
    .option('--guest', 'accept a guest logon, which leaves messages unprotected')
    .option('--anonymous', 'log on without an account')
    .option('--ntlmv1', 'SMB1 servers only: answer with NTLMv1, which can be broken in hours');
}

/** Turns the flags into options of the library. */
export function connectOptions(flags: ClientFlags, signal?: AbortSignal): ConnectOptions {
  return {
    ...(flags.dialects && { dialects: flags.dialects }),
    ...(flags.signing && { signing: flags.signing }),
    ...(flags.encryption && { encryption: flags.encryption }),
    ...(flags.timeout !== undefined && { timeoutMs: flags.timeout }),
    ...(flags.netbios && { netbios: true }),
    ...(flags.guest && { guest: true }),
    ...(flags.anonymous && { anonymous: true }),
    ...(flags.ntlmv1 && { smb1: { ntlmv1: true, extendedSecurity: false } }),
    ...(signal && { signal }),
  };
}
