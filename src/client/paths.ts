import { hostileName } from '#trees/names.js';
import { StatusError, UsageError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { kindOf } from './arguments.js';

/** Windows accepts no longer paths, and lengths are 16 bits on the wire. */
const LONGEST = 32760;

/**
 * Converts a caller's path (slashes, relative to the share, `.` and `..` allowed within it) to wire form: components
 * separated by backslashes, none at either end, '' for the share's root.
 */
export function toWire(path: string): string {
  const wire = componentsOf(path).join('\\');
  if (wire.length <= LONGEST) return wire;
  const hint = `it has ${wire.length} characters; ${LONGEST} are the most`;
  throw new StatusError(NtStatus.NameTooLong, { path: `${path.slice(0, 100)}…`, hint });
}

/** The components of a path, with `.` and `..` resolved. */
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

/** Converts a path from wire form. */
export function fromWire(path: string): string {
  return path.replaceAll('\\', '/').replace(/^\/+/, '');
}

/** Like `fromWire`, for a path that the server reports within a directory; throws if it would lead elsewhere. */
export function pathBelow(path: string, about: { readonly command: string; readonly path: string }): string {
  const plain = fromWire(path);
  const odd = plain === '' ? undefined : plain.split('/').find((name) => hostileName(name) !== undefined);
  if (odd !== undefined) throw hostile(odd, about);
  return plain;
}

/** How much of an invalid name to show. */
const MOST_SHOWN = 300;

/** The error for a name that no server should send. */
export function hostile(name: string, about: { readonly command: string; readonly path: string }): StatusError {
  const hint = `the server sent ${JSON.stringify(name.slice(0, MOST_SHOWN))}: ${hostileName(name)}`;
  return new StatusError(NtStatus.InvalidNetworkResponse, { ...about, path: about.path || undefined, hint });
}

/** The normalized path: `a//b/../c/` becomes `a/c`. */
export function normal(path: string): string {
  return componentsOf(path).join('/');
}
