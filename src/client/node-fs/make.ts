import type { Share } from '../share.js';
import { flags, invalidValue } from './arguments.js';
import { call, isBelowFile, wantDirectory, wantNoSlash } from './calls.js';
import { FsError } from './errors.js';
import { checkMode, type Mode } from './open.js';
import { about, endsInSlash, inShare, type PathLike } from './paths.js';

/** Creates a directory like `fs.mkdir`; with `recursive`, returns the first one that was missing. */
export async function makeDirectory(
  share: Share,
  path: PathLike,
  options: { readonly recursive?: boolean | undefined; readonly mode?: Mode | null | undefined },
): Promise<string | undefined> {
  const doing = about('mkdir', path);
  flags(options, ['recursive']);
  checkMode(options.mode ?? 0o777);
  const at = inShare(path);
  if (!options.recursive) {
    await call(share, doing, () => share.mkdir(at));
    return undefined;
  }
  try {
    const first = await call(share, doing, () => share.mkdir(at, { recursive: true }));
    return first === undefined ? undefined : `/${first}`;
  } catch (error) {
    const isTaken = error instanceof FsError && error.code === 'EEXIST';
    throw isTaken && (endsInSlash(doing.path) || (await isBelowFile(share, at)))
      ? new FsError('ENOTDIR', doing, error.cause)
      : error;
  }
}

/** Creates a directory with a unique name that begins with `prefix`, like mkdtemp(3). */
export async function makeTemporary(share: Share, prefix: string): Promise<string> {
  const { path } = about('mkdtemp', prefix);
  const start = inShare(path) + (path.endsWith('/') ? '/' : '');
  const doing = { syscall: 'mkdtemp', path: `${path}XXXXXX` };
  return `/${await call(share, doing, () => share.mkdtemp(start))}`;
}

const KINDS: readonly unknown[] = ['dir', 'file', 'junction', null, undefined];

/** Creates a symbolic link like `fs.symlink`. */
export async function makeLink(share: Share, target: PathLike, path: PathLike, type?: string | null): Promise<void> {
  const doing = about('symlink', target, path);
  if (!KINDS.includes(type)) {
    throw invalidValue('type', type, "must be one of: 'dir', 'file', 'junction', null, undefined");
  }
  const kind = type === 'file' ? 'file' : type ? 'dir' : undefined;
  await wantNoSlash(share, doing, doing.dest, 'ENOENT');
  return call(share, doing, () => share.symlink(doing.path, inShare(path), { kind }));
}

/** Creates a hard link like `fs.link`. */
export async function nameAgain(share: Share, existing: PathLike, path: PathLike): Promise<void> {
  const doing = about('link', existing, path);
  await wantDirectory(share, doing, doing.path);
  await wantNoSlash(share, doing, doing.dest, 'ENOENT');
  try {
    await call(share, doing, () => share.link(inShare(existing), inShare(path)));
  } catch (error) {
    throw error instanceof FsError && error.code === 'EISDIR' ? new FsError('EPERM', doing, error.cause) : error;
  }
}
