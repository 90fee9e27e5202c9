import { resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import type { DialectRange, Endpoint } from '../options.js';
import type { ShareConfig } from './config.js';
import type { LogFormat } from './log.js';

/** The flags of `serve`. */
export interface ServeFlags {
  readonly share?: readonly NamedShare[];
  readonly listen?: readonly Endpoint[];
  readonly netbios?: readonly Endpoint[];
  readonly user?: readonly NamedUser[];
  readonly usersFile?: string;
  readonly guest?: boolean;
  readonly guestWrite?: boolean;
  readonly anonymous?: boolean;
  readonly dialects?: DialectRange;
  readonly signing?: 'enabled' | 'required';
  readonly encryption?: 'off' | 'enabled' | 'required';
  readonly config?: string;
  readonly log: LogFormat;
  readonly verbose?: boolean;
  readonly capture?: string;
  /** A path, or false for no socket. */
  readonly control?: string | false;
  readonly name?: string;
  readonly ntlmv1?: boolean;
  readonly shareLevelSecurity?: boolean;
  readonly sharePassword?: readonly NamedPassword[];
  readonly netbiosStrict?: boolean;
  readonly stateDirectory?: string;
}

export interface NamedShare {
  readonly name: string;
  readonly config: ShareConfig;
}

export interface NamedUser {
  readonly name: string;
  readonly password: string | undefined;
}

export interface NamedPassword {
  readonly share: string;
  readonly password: string;
}

const SHARE_FORM = 'must look like NAME=DIR, NAME=DIR:ro or NAME=DIR:ca.';

/** Parses `NAME=DIR`, `NAME=DIR:ro` (read-only) or `NAME=DIR:ca` (continuously available). */
export function parseShare(text: string): NamedShare {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError(SHARE_FORM);
  const [, path = '', how = ''] = /^(.*?)(?::(ro|rw|ca))?$/s.exec(text.slice(at + 1)) ?? [];
  if (path === '') throw new InvalidArgumentError(SHARE_FORM);
  const flags = { ro: { readOnly: true }, ca: { continuouslyAvailable: true } }[how] ?? {};
  return { name: text.slice(0, at), config: { path: resolve(path), ...flags } };
}

/** Parses `NAME` or `NAME:PASSWORD`. */
export function parseUser(text: string): NamedUser {
  const at = text.indexOf(':');
  const name = at === -1 ? text : text.slice(0, at);
  if (name === '') throw new InvalidArgumentError('must look like NAME or NAME:PASSWORD.');
  return { name, password: at === -1 ? undefined : text.slice(at + 1) };
}

/** Parses `SHARE=PASSWORD`. */
export function parseSharePassword(text: string): NamedPassword {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('must look like NAME=PASSWORD.');
  return { share: text.slice(0, at), password: text.slice(at + 1) };
}
