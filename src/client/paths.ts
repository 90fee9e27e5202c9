import { hostileName } from '#trees/names.js';
import { StatusError, UsageError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { kindOf } from './arguments.js';

/** Windows takes no longer ones, and the length of a name travels as 16 bits. */
const LONGEST = 32760;

/**
 * A path as callers write it (slashes, relative to the share; `.` and `..` allowed inside of it) as the wire wants it:
 * backslashes between the components, none around them, '' for the share's root.
 */
export function toWire(path: string): string {
  const wire = componentsOf(path).join('\\');
  if (wire.length <= LONGEST) return wire;
  const hint = `it has ${wire.length} characters; ${LONGEST} are the most`;
  throw new StatusError(NtStatus.NameTooLong, { path: `${path.slice(0, 100)}…`, hint });
}

/** The names of a path, `.` and `..` resolved. */
export function componentsOf(path: string): string[] {
  if (typeof path !== 'string') throw new UsageError(`a path must be a string, not ${kindOf(path)}`);
  const names: string[] = [];
  for (const name of path.split(/[/\\]/)) {
    if (name === '' || name === '.') continue;
    if (name === '..') {
      if (names.pop() === undefined) throw new UsageError(`the path '${path}' leads out of the share`);
    } else if (name.includes('\0')) {
      throw new UsageError('a path cannot hold a NUL character');
    } else {
      names.push(name);
    }
  }
  return names;
}

/** A path from the wire as callers read it. */
export function fromWire(path: string): string {
  return path.replaceAll('\\', '/').replace(/^\/+/, '');
}

/** As `fromWire`, where the server is to say what lies in a directory: it says nothing that leads elsewhere. */
export function pathBelow(path: string, about: { readonly command: string; readonly path: string }): string {
  const plain = fromWire(path);
  const odd = plain === '' ? undefined : plain.split('/').find((name) => hostileName(name) !== undefined);
  if (odd !== undefined) throw hostile(odd, about);
  return plain;
}

/** How much of a name that is none is shown. */
const MOST_SHOWN = 300;

/** The server named something that cannot be. */
export function hostile(name: string, about: { readonly command: string; readonly path: string }): StatusError {
  const hint = `the server sent ${JSON.stringify(name.slice(0, MOST_SHOWN))}: ${hostileName(name)}`;
  return new StatusError(NtStatus.InvalidNetworkResponse, { ...about, path: about.path || undefined, hint });
}

/** The path in its plain form: `a//b/../c/` is `a/c`. */
export function normal(path: string): string {
  return componentsOf(path).join('/');
}
