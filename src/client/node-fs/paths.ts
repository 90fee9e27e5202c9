import { FsError } from './errors.js';

/** A path as `node:fs` takes it; URLs are of files of this machine, so there are none here. */
export type PathLike = string | Uint8Array;

/** The text of a path. */
export function textOf(path: PathLike): string {
  const text = typeof path === 'string' ? path : Buffer.from(path).toString();
  if (text === '') throw new FsError('ENOENT', { syscall: 'path', path: text });
  return text;
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
