import { errnoCode } from '../errors.js';
import type { NodeStat } from '../node-stat.js';
import { normal } from '../paths.js';
import type { Share } from '../share.js';
import { flags, integer, invalidType, MAX_32, onlyObject } from './arguments.js';
import { call, isBelowFile, isOne, wantDirectory, wantNoSlash, whatIs } from './calls.js';
import type { FsCpOptions } from './cp-options.js';
import { FsError, FsSystemError, fsError } from './errors.js';
import { constants } from './flags.js';
import { about, inShare, type PathLike, textOf } from './paths.js';

/** The options of Node's `rm`. */
export interface FsRmOptions {
  readonly recursive?: boolean | undefined;
  readonly force?: boolean | undefined;
  /** Accepted, but without effect: there is nothing to retry. */
  readonly maxRetries?: number | undefined;
  readonly retryDelay?: number | undefined;
}

/** Removes like `fs.rm`. */
export async function remove(share: Share, path: PathLike, options?: FsRmOptions): Promise<void> {
  const { recursive = false, force = false, maxRetries = 0, retryDelay = 0 } = onlyObject(options);
  flags(onlyObject(options), ['recursive', 'force']);
  integer('options.retryDelay', retryDelay, 0, MAX_32);
  integer('options.maxRetries', maxRetries, 0, MAX_32);
  // Node looks at the path first, so errors about the path name `lstat`.
  const looking = { syscall: 'lstat', path: textOf(path) };
  try {
    about('lstat', path);
    await wantDirectory(share, looking, looking.path);
    await call(share, looking, () => share.rm(inShare(path), { recursive, readOnly: true }));
  } catch (error) {
    if (!(error instanceof FsError)) throw error;
    if (error.code === 'ENOENT' && force) return;
    if (error.code === 'EISDIR' && !recursive) {
      throw new FsSystemError('ERR_FS_EISDIR', 'rm', looking.path, 'is a directory', error.cause);
    }
    const isOfLooking = ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes(error.code);
    throw isOfLooking ? error : new FsError(error.code, { ...looking, syscall: 'rm' }, error.cause);
  }
}

/** Copies one file like `fs.copyFile`. */
export async function copyFile(share: Share, from: PathLike, to: PathLike, mode?: number | null): Promise<void> {
  const doing = about('copyfile', from, to);
  const exclusive = (integer('mode', mode ?? 0, 0, 7) & constants.COPYFILE_EXCL) !== 0;
  const [source, target] = [inShare(from), inShare(to)];
  await wantDirectory(share, doing, doing.path);
  await wantNoSlash(share, doing, doing.dest, 'EISDIR');
  return call(share, doing, async () => {
    // Copying a file onto itself does nothing.
    if (source === target && !exclusive) return share.access(source, ['read']);
    try {
      await share.copy(source, target, { exclusive });
    } catch (error) {
      if (exclusive || errnoCode(error) !== 'EINVAL' || !(await isOne(share, source, target))) throw error;
    }
  });
}

/** Copies like `fs.cp`. Conflicts are diagnosed only after a failure. */
export async function copyTree(share: Share, from: PathLike, to: PathLike, options?: FsCpOptions): Promise<void> {
  const { filter, mode, ...rest } = onlyObject(options);
  flags(rest, ['recursive', 'force', 'errorOnExist', 'dereference', 'preserveTimestamps', 'verbatimSymlinks']);
  integer('mode', mode ?? 0, 0, 7);
  if (filter !== undefined && typeof filter !== 'function') {
    throw invalidType('options.filter', 'of type function', filter);
  }
  if (textOf(from, 'src') === '') throw new FsError('ENOENT', { syscall: 'lstat', path: '' });
  const doing = about('cp', from, to);
  const looking = { syscall: options?.dereference ? 'stat' : 'lstat', path: doing.path };
  const told = filter && ((from: string, to: string) => filter(`/${from}`, `/${to}`));
  await wantDirectory(share, looking, doing.path);
  try {
    await share.cp(inShare(from), inShare(to), { ...rest, filter: told });
  } catch (error) {
    if (errnoCode(error) === undefined) throw fsError(error, doing);
    throw (
      (await inTheWay(share, doing, error, options?.recursive === true).catch(() => undefined)) ?? fsError(error, doing)
    );
  }
}

interface Both {
  readonly path: string;
  readonly dest: string;
}

/** The two paths that an error is about: those given, or two below them. */
function concerned({ path, dest }: Both, error: unknown): Both {
  const [failed, target] = [normal(String(Reflect.get(error as object, 'path') ?? '')), inShare(dest)];
  if (!failed.startsWith(`${target}/`)) return { path, dest };
  const below = failed.slice(target.length);
  return { path: path.replace(/\/+$/, '') + below, dest: dest.replace(/\/+$/, '') + below };
}

async function inTheWay(share: Share, doing: Both, error: unknown, recursive: boolean): Promise<unknown> {
  const { path, dest } = concerned(doing, error);
  const [source, target] = [inShare(path), inShare(dest)];
  const node = await call(share, { syscall: 'lstat', path }, () => share.lstat(source)).catch(
    (missing: Error) => missing,
  );
  if (node instanceof Error) return node;
  const there = await whatIs(share, target);
  if (!there && (await isBelowFile(share, target))) {
    return new FsError('ENOTDIR', { syscall: 'lstat', path: dest }, error);
  }
  const found = (code: FsSystemError['code'], message: string, about: string = dest): FsSystemError =>
    new FsSystemError(code, 'cp', about, message, error);
  const unlike = there && clash([source, node], [target, there], { path, dest });
  if (unlike) return found(...unlike);
  if (node.isDirectory() && `${target}/`.startsWith(`${source}/`)) {
    return found('ERR_FS_CP_EINVAL', `cannot copy ${path} to a subdirectory of self ${dest}`);
  }
  if (node.isDirectory() && !recursive) return found('ERR_FS_EISDIR', `${path} is a directory (not copied)`, path);
  return errnoCode(error) === 'EEXIST' && there ? found('ERR_FS_CP_EEXIST', `${dest} already exists`) : undefined;
}

type Found = readonly [path: string, node: NodeStat];

/** The conflict between source and target, if any. */
function clash([source, node]: Found, [target, there]: Found, { path, dest }: Both): Clash | undefined {
  if (source === target || (node.id !== 0n && node.id === there.id)) {
    return ['ERR_FS_CP_EINVAL', 'src and dest cannot be the same'];
  }
  if (node.isDirectory() && !there.isDirectory()) {
    return ['ERR_FS_CP_DIR_TO_NON_DIR', `cannot overwrite non-directory ${dest} with directory ${path}`];
  }
  if (node.isDirectory() || !there.isDirectory()) return undefined;
  return ['ERR_FS_CP_NON_DIR_TO_DIR', `cannot overwrite directory ${dest} with non-directory ${path}`];
}

type Clash = readonly [code: FsSystemError['code'], message: string];
