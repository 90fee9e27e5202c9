import { invalidType, invalidValue } from './arguments.js';
import { FsError, type Syscall } from './errors.js';

/** A path as `node:fs` takes it; `file:` URLs are paths of the share, too. */
export type PathLike = string | Buffer | Uint8Array | URL;

/** As text; `name` is what it is called where it is none. */
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

/** What Node calls the two paths of what has two. */
const NAMES: Readonly<Record<string, readonly [string, string]>> = {
  copyfile: ['src', 'dest'],
  cp: ['src', 'dest'],
  rename: ['oldPath', 'newPath'],
  link: ['existingPath', 'newPath'],
  symlink: ['target', 'path'],
  mkdtemp: ['prefix', ''],
};

/** What is done, and to which path; no path at all is nothing that is there. */
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

/** A path whose last name is to be a directory's. */
export function endsInSlash(path: string): boolean {
  return /[^/]\/+$/.test(path);
}

/** From the share's root, `.` and `..` resolved; above the root is the root, as it is with `/`. */
export function inShare(path: PathLike): string {
  const names: string[] = [];
  for (const name of textOf(path).split(/[/\\]/)) {
    if (name === '..') names.pop();
    else if (name !== '' && name !== '.') names.push(name);
  }
  return names.join('/');
}
