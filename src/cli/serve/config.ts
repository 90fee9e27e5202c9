import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { UsageError } from '#client/index.js';
import type { Right, UserOptions } from '#server/index.js';
import { type DialectRange, type Endpoint, parseDialects, parseEndpoint } from '../options.js';

/** A share as described by the command line or the config file. */
export interface ShareConfig {
  readonly path: string;
  readonly readOnly?: boolean;
  readonly comment?: string;
  readonly users?: Readonly<Record<string, Right>>;
  readonly guests?: Right;
  readonly encryption?: 'required';
  readonly password?: string;
  readonly hidden?: boolean;
  readonly hideUnreadable?: boolean;
  readonly hideUnwritable?: boolean;
  readonly canonicalAcls?: boolean;
  readonly streams?: boolean;
  readonly caseSensitive?: boolean;
  readonly hideDotFiles?: boolean;
  readonly hideFiles?: readonly string[];
  readonly deleteReadOnly?: boolean;
  readonly continuouslyAvailable?: boolean;
}

/** The settings of a server; includes every key of the config file. */
export interface ServeConfig {
  readonly shares: Readonly<Record<string, ShareConfig>>;
  readonly users: Readonly<Record<string, UserOptions>>;
  readonly usersFile?: string;
  readonly listen?: readonly Endpoint[];
  readonly netbios?: readonly Endpoint[];
  readonly name?: string;
  readonly domain?: string;
  readonly guest?: boolean;
  readonly administrators?: readonly string[];
  readonly anonymous?: boolean;
  readonly dialects?: DialectRange;
  readonly signing?: 'enabled' | 'required';
  readonly encryption?: 'off' | 'enabled' | 'required';
  readonly ntlmv1?: boolean;
  readonly shareLevelSecurity?: boolean;
  readonly netbiosStrict?: boolean;
  readonly writeTimeDelayMs?: number;
  /** Where persistent opens are stored. */
  readonly stateDirectory?: string;
  /** For tests only. */
  readonly torture?: boolean;
}

type Check<T> = (value: unknown, where: string) => T;

function fault(where: string, what: string): never {
  throw new UsageError(`${where} must be ${what}`);
}

const text: Check<string> = (value, where) =>
  typeof value === 'string' && value !== '' ? value : fault(where, 'a text');
const flag: Check<boolean> = (value, where) => (typeof value === 'boolean' ? value : fault(where, 'true or false'));

const count: Check<number> = (value, where) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : fault(where, 'a whole number');

function oneOf<T extends string>(...choices: readonly T[]): Check<T> {
  return (value, where) => choices.find((choice) => choice === value) ?? fault(where, `one of ${choices.join(', ')}`);
}

/** A string for a parser of the command line. */
function parsed<T>(parse: (text: string) => T): Check<T> {
  return (value, where) => {
    try {
      return parse(text(value, where));
    } catch (error) {
      if (error instanceof InvalidArgumentError) throw new UsageError(`${where}: ${error.message}`);
      throw error;
    }
  };
}

function listOf<T>(check: Check<T>): Check<readonly T[]> {
  return (value, where) => (Array.isArray(value) ? value : [value]).map((item, i) => check(item, `${where}[${i}]`));
}

function recordOf<T>(check: Check<T>): Check<Readonly<Record<string, T>>> {
  return (value, where) => {
    const entries = Object.entries(object(value, where));
    return Object.fromEntries(entries.map(([key, item]) => [key, check(item, `${where}.${key}`)]));
  };
}

const object: Check<Readonly<Record<string, unknown>>> = (value, where) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) fault(where, 'an object');
  return value as Readonly<Record<string, unknown>>;
};

/** Checks the keys of an object; an unknown key is an error. */
function fields<T>(checks: { readonly [K in keyof T]-?: Check<Exclude<T[K], undefined>> }): Check<Partial<T>> {
  return (value, where) => {
    const found: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(object(value, where))) {
      const check = Object.hasOwn(checks, key) ? (checks as Record<string, Check<unknown>>)[key] : undefined;
      const place = where === '' ? key : `${where}.${key}`;
      if (!check) throw new UsageError(`${place} is not known; known are ${Object.keys(checks).join(', ')}`);
      found[key] = check(item, place);
    }
    return found as Partial<T>;
  };
}

const right = oneOf('none', 'read', 'write');

const shareFields = fields<ShareConfig>({
  path: text,
  readOnly: flag,
  comment: text,
  users: recordOf(right),
  guests: right,
  encryption: oneOf('required'),
  password: text,
  hidden: flag,
  hideUnreadable: flag,
  hideUnwritable: flag,
  canonicalAcls: flag,
  streams: flag,
  caseSensitive: flag,
  hideDotFiles: flag,
  hideFiles: listOf(text),
  deleteReadOnly: flag,
  continuouslyAvailable: flag,
});

const share: Check<ShareConfig> = (value, where) => {
  if (typeof value === 'string') return { path: text(value, where) };
  const found = shareFields(value, where);
  return { ...found, path: found.path ?? fault(`${where}.path`, 'there') };
};

const user: Check<UserOptions> = (value, where) => {
  const found = fields<UserOptions>({ password: text, ntHash: text, sid: text, groups: listOf(text) })(value, where);
  if (found.password === undefined && found.ntHash === undefined) fault(where, 'an object with password or ntHash');
  return found;
};

const config = fields<ServeConfig>({
  shares: recordOf(share),
  users: recordOf(user),
  usersFile: text,
  listen: listOf(parsed(parseEndpoint)),
  netbios: listOf(parsed(parseEndpoint)),
  name: text,
  domain: text,
  guest: flag,
  administrators: listOf(text),
  anonymous: flag,
  dialects: parsed(parseDialects),
  signing: oneOf('enabled', 'required'),
  encryption: oneOf('off', 'enabled', 'required'),
  ntlmv1: flag,
  shareLevelSecurity: flag,
  netbiosStrict: flag,
  writeTimeDelayMs: count,
  stateDirectory: text,
  torture: flag,
});

/** Reads a config file (JSON). Relative paths in it start from its own directory. */
export function readConfig(file: string): ServeConfig {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  try {
    const found = config(value, '');
    const here = dirname(resolve(file));
    const shares = Object.entries(found.shares ?? {}).map(([name, one]) => [
      name,
      { ...one, path: resolve(here, one.path) },
    ]);
    const usersFile = found.usersFile === undefined ? {} : { usersFile: resolve(here, found.usersFile) };
    const stateDirectory =
      found.stateDirectory === undefined ? {} : { stateDirectory: resolve(here, found.stateDirectory) };
    return { ...found, users: found.users ?? {}, shares: Object.fromEntries(shares), ...usersFile, ...stateDirectory };
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`${file}: ${error.message}`, { cause: error });
    throw error;
  }
}
