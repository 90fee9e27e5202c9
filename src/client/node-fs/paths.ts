import { invalidType, invalidValue } from './arguments.js';
import { FsError, type Syscall } from './errors.js';

/** A path as `node:fs` takes it; `file:` URLs are paths of the share, too. */
export type PathLike = string | Buffer | Uint8Array | URL;

function textOf(path: PathLike): string {
  const text = path instanceof Uint8Array ? Buffer.from(path).toString() : path instanceof URL ? ofUrl(path) : path;
  if (typeof text !== 'string') throw invalidType('path', 'of type string or an instance of Buffer or URL', path);
  if (text.includes('\0')) throw invalidValue('path', text, 'must be a string, Uint8Array, or URL without null bytes');
  return text;
}

function ofUrl(url: URL): string {
  if (url.protocol !== 'file:' || url.host !== '') {
    throw Object.assign(new TypeError('The URL must be of scheme file'), { code: 'ERR_INVALID_URL_SCHEME' });
  }
  return decodeURIComponent(url.pathname);
}

/** What is done, and to which path; no path at all is nothing that is there. */
export function about(syscall: string, path: PathLike, dest?: PathLike): Syscall & { readonly path: string } {
  const [text, other] = [textOf(path), dest === undefined ? undefined : textOf(dest)];
  const done = { syscall, path: text, dest: other };
  if (text === '' || other === '') throw new FsError('ENOENT', done);
  return done;
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
