import { FsError, type Syscall } from './errors.js';

/** A path as `node:fs` takes it; URLs are of files of this machine, so there are none here. */
export type PathLike = string | Uint8Array;

function textOf(path: PathLike): string {
  return typeof path === 'string' ? path : Buffer.from(path).toString();
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
