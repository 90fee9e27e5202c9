import { invalidType, invalidValue } from './arguments.js';
import { FsError, type Syscall } from './errors.js';

/** A path as `node:fs` accepts it; `file:` URLs are paths on the share, too. */
export type PathLike = string | Buffer | Uint8Array | URL;

/** The path as text; `name` is the argument's name in errors. */
export function textOf(path: PathLike, name: string = 'path'): string {
  const text = path instanceof Uint8Array ? Buffer.from(path).toString() : path instanceof URL ? ofUrl(path) : path;
  if (typeof text !== 'string') throw invalidType(name, 'of type string or an instance of Buffer or URL', path);
  if (text.includes('\0')) throw invalidValue(name, text, 'must be a string, Uint8Array, or URL without null bytes');
  return text;
}

function ofUrl(url: URL): string {
  if (url.protocol !== 'file:' || url.host !== '') {
    throw Object.assign(new TypeError('The URL must be of scheme file'), { code: 'ERR_INVALID_URL_SCHEME' });
  }
  return decodeURIComponent(url.pathname);
}

/** Node's names for the arguments of functions with two paths. */
const NAMES: Readonly<Record<string, readonly [string, string]>> = {
  copyfile: ['src', 'dest'],
  cp: ['src', 'dest'],
  rename: ['oldPath', 'newPath'],
  link: ['existingPath', 'newPath'],
  symlink: ['target', 'path'],
  mkdtemp: ['prefix', ''],
};

/** Describes an operation for errors. An empty path is reported as missing. */
export function about(syscall: string, path: PathLike, dest?: never): Syscall & { readonly path: string };
export function about(
  syscall: string,
  path: PathLike,
  dest: PathLike,
): Syscall & { readonly path: string; readonly dest: string };
export function about(syscall: string, path: PathLike, dest?: PathLike): Syscall & { readonly path: string } {
  const [first, second] = NAMES[syscall] ?? ['path', ''];
  const text = textOf(path, first);
  const other = second === '' ? undefined : textOf(dest as PathLike, second);
  const done = { syscall, path: text, dest: other };
  if (text === '' || other === '') throw new FsError('ENOENT', done);
  return done;
}

/** Whether the path ends in a slash and so has to be a directory. */
export function endsInSlash(path: string): boolean {
  return /[^/]\/+$/.test(path);
}

/** The path from the share's root, with `.` and `..` resolved; `..` at the root stays there, as in POSIX. */
export function inShare(path: PathLike): string {
  const names: string[] = [];
  for (const name of textOf(path).split(/[/\\]/)) {
    if (name === '..') names.pop();
    else if (name !== '' && name !== '.') names.push(name);
  }
  return names.join('/');
}
