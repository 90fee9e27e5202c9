import { errnoCode } from '../errors.js';
import type { AccessKind } from '../operation/facts.js';
import type { Share } from '../share.js';
import { integer, invalidValue } from './arguments.js';
import { bindMethods } from './bound.js';
import type { FsCpOptions } from './cp-options.js';
import { bufferOf, type Encoded, type FileData, optionsOf, piecesOf } from './data.js';
import { Dir } from './dir.js';
import { FsError, syscall, syscallEach } from './errors.js';
import { constants, openFlags } from './flags.js';
import { FileHandle, momentOf, sizeOf, type TimeLike } from './handle.js';
import { type AsBuffer, encoded, encoder, type NameEncoding, type NameWish } from './names.js';
import type { FsBuffer, NodeFileHandle } from './node-types.js';
import { isWritable, type Mode, openWith, withMode } from './open.js';
import { about, inShare, type PathLike } from './paths.js';
import { replace } from './rename.js';
import { BigIntStats, Dirent, Stats } from './stats.js';
import { type StatsFs, statsFs } from './stats-fs.js';
import { type WatchEvent, watchEvents } from './watch-events.js';
import { Watcher, type WatcherOptions } from './watcher.js';

/** What Node gives to files, unless told otherwise. */
const MODE = 0o666;

/** A handle of `node:fs` is none of a share: it is refused as no path. */
type Place = PathLike | FileHandle | NodeFileHandle;
interface Signalled {
  readonly signal?: AbortSignal | undefined;
}
interface ListWish {
  readonly recursive?: boolean | undefined;
  readonly encoding?: BufferEncoding | 'buffer' | null | undefined;
}

/**
 * A share in the shape of `fs.promises`, for code that was written for it: `/` is the share's root, errors have Node's
 * `code`, `errno`, `syscall` and `path`. What SMB does not have (owners, rights other than read-only) is refused or left
 * out; the numbers in `constants` are Linux's.
 *
 * @example
 * const { fs } = await connect('smb://ann:secret@nas/photos')
 * await fs.writeFile('/2024/a.txt', 'hello', 'utf8')
 * const names = await fs.readdir('/2024')
 */
export class SharePromises {
  readonly constants: typeof constants = constants;
  readonly #share: Share;

  /** Made by `share.fs`. */
  constructor(share: Share) {
    this.#share = share;
    bindMethods(this);
  }

  /** `mode` counts for a file that is made: if nobody may write, it is read-only. */
  async open(path: PathLike, flags?: string | number | null, mode: Mode = MODE): Promise<FileHandle> {
    const doing = about('open', path);
    const opening = openFlags(flags ?? 'r');
    const file = await syscall(doing, () => openWith(this.#share, inShare(path), opening, mode)).catch((error) => {
      const isTaken = error instanceof FsError && error.code === 'EISDIR' && opening.options.create === 'exclusive';
      throw isTaken ? new FsError('EEXIST', doing, error.cause) : error;
    });
    return new FileHandle(this.#share, file, opening);
  }

  readFile(
    path: Place,
    options?: null | ({ encoding?: null | undefined; flag?: string | number | undefined } & Signalled),
  ): Promise<FsBuffer>;
  readFile(
    path: Place,
    options: BufferEncoding | ({ encoding: BufferEncoding; flag?: string | number | undefined } & Signalled),
  ): Promise<string>;
  readFile(
    path: Place,
    options?: Encoded<{ flag?: string | number | undefined } & Signalled>,
  ): Promise<string | FsBuffer>;
  async readFile(
    path: Place,
    options?: Encoded<{ flag?: string | number | undefined } & Signalled>,
  ): Promise<string | FsBuffer> {
    const { encoding, flag = 'r', signal } = optionsOf(options);
    const text = (encoding as string) === 'buffer' ? undefined : encoding;
    if (text !== undefined && !Buffer.isEncoding(text)) throw invalidValue('encoding', text, 'is invalid encoding');
    const bytes =
      path instanceof FileHandle ? await path.readFile() : await this.#contents(path as PathLike, flag, signal);
    return text === undefined ? (bytes as FsBuffer) : bytes.toString(text);
  }

  async #contents(path: PathLike, flag: string | number, signal: AbortSignal | undefined): Promise<Buffer> {
    if (flag === 'r') {
      return bufferOf(await this.#on('open', path, (at) => this.#share.readFile(at, { signal }), signal));
    }
    const handle = await this.open(path, flag);
    try {
      return await handle.readFile({ ...(signal && { signal }) });
    } finally {
      await handle.close();
    }
  }

  /** `mode` counts as with `open`. */
  async writeFile(
    path: Place,
    data: FileData,
    options?: Encoded<{ flag?: string | number | undefined; mode?: Mode | undefined } & Signalled>,
  ): Promise<void> {
    if (path instanceof FileHandle) return path.writeFile(data, options as Encoded);
    const { encoding, flag = 'w', mode = MODE, signal } = optionsOf(options);
    const pieces = piecesOf(data, encoding);
    const plain = flag === 'w' || flag === 'wx' || flag === 'a' || flag === 'ax' || flag === 'r+';
    if (plain && isWritable(mode) && Buffer.isBuffer(pieces)) {
      return this.#on('open', path as PathLike, (at) => this.#share.writeFile(at, pieces, { flag, signal }), signal);
    }
    const handle = await this.open(path as PathLike, flag, mode);
    try {
      await handle.writeFile(pieces, { signal });
    } finally {
      await handle.close();
    }
  }

  appendFile(
    path: Place,
    data: FileData,
    options?: Encoded<{ flag?: string | number | undefined; mode?: Mode | undefined }>,
  ): Promise<void> {
    const { encoding, flag = 'a', mode } = optionsOf(options);
    return this.writeFile(path, data, { encoding, flag, mode });
  }

  stat(path: PathLike, options?: { readonly bigint?: false | undefined }): Promise<Stats>;
  stat(path: PathLike, options: { readonly bigint: true }): Promise<BigIntStats>;
  stat(path: PathLike, options?: { readonly bigint?: boolean | undefined }): Promise<Stats | BigIntStats>;
  async stat(path: PathLike, options: { readonly bigint?: boolean | undefined } = {}): Promise<Stats | BigIntStats> {
    const node = await this.#on('stat', path, (at) => this.#share.stat(at));
    return options.bigint ? new BigIntStats(node) : new Stats(node);
  }

  lstat(path: PathLike, options?: { readonly bigint?: false | undefined }): Promise<Stats>;
  lstat(path: PathLike, options: { readonly bigint: true }): Promise<BigIntStats>;
  lstat(path: PathLike, options?: { readonly bigint?: boolean | undefined }): Promise<Stats | BigIntStats>;
  async lstat(path: PathLike, options: { readonly bigint?: boolean | undefined } = {}): Promise<Stats | BigIntStats> {
    const node = await this.#on('lstat', path, (at) => this.#share.lstat(at));
    return options.bigint ? new BigIntStats(node) : new Stats(node);
  }

  readdir(
    path: PathLike,
    options?:
      | BufferEncoding
      | null
      | (ListWish & { encoding?: BufferEncoding | null | undefined; withFileTypes?: false | undefined }),
  ): Promise<string[]>;
  readdir(
    path: PathLike,
    options: 'buffer' | (ListWish & AsBuffer & { withFileTypes?: false | undefined }),
  ): Promise<FsBuffer[]>;
  readdir(
    path: PathLike,
    options?: BufferEncoding | null | (ListWish & { withFileTypes?: false | undefined }),
  ): Promise<string[] | FsBuffer[]>;
  readdir(path: PathLike, options: ListWish & AsBuffer & { withFileTypes: true }): Promise<Dirent<FsBuffer>[]>;
  readdir(path: PathLike, options: ListWish & { withFileTypes: true }): Promise<Dirent[]>;
  async readdir(
    path: PathLike,
    options?: BufferEncoding | 'buffer' | null | (ListWish & { withFileTypes?: boolean | undefined }),
  ): Promise<string[] | FsBuffer[] | (string | FsBuffer | Dirent | Dirent<FsBuffer> | Dirent<string | FsBuffer>)[]> {
    const { recursive, withFileTypes } = typeof options === 'object' && options !== null ? options : {};
    const wanted = encoder(options);
    const told = (names: string[]): (string | FsBuffer)[] => (wanted ? names.map(wanted) : names);
    if (!recursive && !withFileTypes)
      return told(await this.#on('scandir', path, (at) => this.#share.readdir(at).names()));
    const entries = await this.#on('scandir', path, (at) => this.#share.readdir(at, { recursive }).toArray());
    if (withFileTypes) return entries.map((entry) => new Dirent(entry, wanted ? wanted(entry.name) : entry.name));
    const directory = inShare(path);
    const start = directory === '' ? 0 : directory.length + 1;
    return told(entries.map((entry) => entry.path.slice(start)));
  }

  async opendir(path: PathLike, options: { readonly recursive?: boolean | undefined } = {}): Promise<Dir> {
    const listing = await this.#on('opendir', path, (at) => this.#share.opendir(at, options));
    return new Dir(about('opendir', path).path, listing);
  }

  /** Directories are for whoever the server lets in: `mode` has nothing to say. */
  mkdir(
    path: PathLike,
    options?: Mode | null | { recursive?: false | undefined; mode?: Mode | undefined },
  ): Promise<void>;
  mkdir(path: PathLike, options: { recursive: true; mode?: Mode | undefined }): Promise<string | undefined>;
  mkdir(
    path: PathLike,
    options?: Mode | null | { recursive?: boolean | undefined; mode?: Mode | undefined },
  ): Promise<string | undefined>;
  mkdir(
    path: PathLike,
    options?: Mode | null | { recursive?: boolean | undefined; mode?: Mode | undefined },
  ): Promise<string | undefined> | Promise<void> {
    if (typeof options !== 'object' || !options?.recursive)
      return this.#on('mkdir', path, (at) => this.#share.mkdir(at));
    return this.#on('mkdir', path, async (at) => {
      const first = await this.#share.mkdir(at, { recursive: true });
      return first === undefined ? undefined : `/${first}`;
    });
  }

  mkdtemp(prefix: string, options?: NameEncoding): Promise<string>;
  mkdtemp(prefix: string, options: AsBuffer): Promise<FsBuffer>;
  mkdtemp(prefix: string, options?: NameWish): Promise<string | FsBuffer>;
  async mkdtemp(prefix: string, options?: NameWish): Promise<string | FsBuffer> {
    const begin = (at: string): string => (prefix.endsWith('/') ? `${at}/` : at);
    return encoded(`/${await this.#on('mkdtemp', prefix, (at) => this.#share.mkdtemp(begin(at)))}`, options);
  }

  rmdir(path: PathLike, options: { readonly recursive?: boolean | undefined } = {}): Promise<void> {
    return this.#on('rmdir', path, (at) =>
      options.recursive ? this.#share.rm(at, { recursive: true, readOnly: true }) : this.#share.rmdir(at),
    );
  }

  unlink(path: PathLike): Promise<void> {
    return this.#on('unlink', path, async (at) => {
      try {
        await this.#share.unlink(at, { readOnly: true });
      } catch (error) {
        // A link to a directory is one itself to SMB.
        if (errnoCode(error) !== 'EISDIR' || !(await this.#share.lstat(at)).isSymbolicLink()) throw error;
        await this.#share.rmdir(at);
      }
    });
  }

  rm(
    path: PathLike,
    options: {
      readonly recursive?: boolean | undefined;
      readonly force?: boolean | undefined;
      /** There is no need to try again, so these do not count. */
      readonly maxRetries?: number | undefined;
      readonly retryDelay?: number | undefined;
    } = {},
  ): Promise<void> {
    return this.#on('rm', path, (at) => this.#share.rm(at, { ...options, readOnly: true })).catch((error) => {
      // Of this one Node says that it was meant to be recursive.
      const meant = error instanceof FsError && error.code === 'EISDIR' && !options.recursive;
      throw meant ? new FsError('ERR_FS_EISDIR', error, error.cause) : error;
    });
  }

  async rename(from: PathLike, to: PathLike): Promise<void> {
    const doing = about('rename', from, to);
    return syscall(doing, () => replace(this.#share, inShare(from), inShare(to), doing));
  }

  async copyFile(from: PathLike, to: PathLike, mode = 0): Promise<void> {
    const doing = about('copyfile', from, to);
    const exclusive = (integer('mode', mode, 0, 7) & constants.COPYFILE_EXCL) !== 0;
    const [source, target] = [inShare(from), inShare(to)];
    return syscall(doing, async () => {
      // Onto itself it does nothing.
      if (source === target && !exclusive) await this.#share.access(source, ['read']);
      else await this.#share.copy(source, target, { exclusive });
    });
  }

  async cp(from: PathLike, to: PathLike, options: FsCpOptions = {}): Promise<void> {
    const doing = about('cp', from, to);
    const { filter, ...rest } = options;
    const rooted = filter && ((from: string, to: string) => filter(`/${from}`, `/${to}`));
    return syscall(doing, () => this.#share.cp(inShare(from), inShare(to), { ...rest, filter: rooted }));
  }

  truncate(path: PathLike, length = 0): Promise<void> {
    return this.#on('open', path, (at) => this.#share.truncate(at, sizeOf(length)));
  }

  utimes(path: PathLike, atime: TimeLike, mtime: TimeLike): Promise<void> {
    return this.#on('utime', path, (at) => this.#share.utimes(at, { atime: momentOf(atime), mtime: momentOf(mtime) }));
  }

  lutimes(path: PathLike, atime: TimeLike, mtime: TimeLike): Promise<void> {
    return this.#on('lutime', path, (at) =>
      this.#share.lutimes(at, { atime: momentOf(atime), mtime: momentOf(mtime) }),
    );
  }

  /** What nobody may write becomes read-only; other rights are not kept. */
  chmod(path: PathLike, mode: Mode): Promise<void> {
    return this.#on('chmod', path, async (at) => {
      const next = withMode((await this.#share.stat(at)).attributes, mode);
      if (next !== undefined) await this.#share.setAttributes(at, next);
    });
  }

  /** Owners are not kept: it need only be there. */
  async chown(path: PathLike, _uid: number, _gid: number): Promise<void> {
    await this.#on('chown', path, (at) => this.#share.stat(at));
  }

  /** As `chown`, of a symbolic link itself. */
  async lchown(path: PathLike, _uid: number, _gid: number): Promise<void> {
    await this.#on('lchown', path, (at) => this.#share.lstat(at));
  }

  async symlink(target: PathLike, path: PathLike, type?: string | null): Promise<void> {
    const kind = type === 'junction' || type === 'dir' ? 'dir' : type === 'file' ? 'file' : undefined;
    const doing = about('symlink', target, path);
    return syscall(doing, () => this.#share.symlink(doing.path, inShare(path), { kind }));
  }

  readlink(path: PathLike, options?: NameEncoding): Promise<string>;
  readlink(path: PathLike, options: AsBuffer): Promise<FsBuffer>;
  readlink(path: PathLike, options?: NameWish): Promise<string | FsBuffer>;
  async readlink(path: PathLike, options?: NameWish): Promise<string | FsBuffer> {
    return encoded(await this.#on('readlink', path, (at) => this.#share.readlink(at)), options);
  }

  async link(existing: PathLike, path: PathLike): Promise<void> {
    const doing = about('link', existing, path);
    return syscall(doing, () => this.#share.link(inShare(existing), inShare(path))).catch((error) => {
      throw error instanceof FsError && error.code === 'EISDIR' ? new FsError('EPERM', doing, error.cause) : error;
    });
  }

  realpath(path: PathLike, options?: NameEncoding): Promise<string>;
  realpath(path: PathLike, options: AsBuffer): Promise<FsBuffer>;
  realpath(path: PathLike, options?: NameWish): Promise<string | FsBuffer>;
  async realpath(path: PathLike, options?: NameWish): Promise<string | FsBuffer> {
    return encoded(`/${await this.#on('realpath', path, (at) => this.#share.realpath(at))}`, options);
  }

  async access(path: PathLike, mode: number = constants.F_OK): Promise<void> {
    integer('mode', mode, 0, 7);
    const kinds: AccessKind[] = [];
    if ((mode & constants.R_OK) !== 0) kinds.push('read');
    if ((mode & constants.W_OK) !== 0) kinds.push('write');
    if ((mode & constants.X_OK) !== 0) kinds.push('execute');
    return this.#on('access', path, (at) => this.#share.access(at, kinds));
  }

  statfs(path: PathLike, options?: { readonly bigint?: false | undefined }): Promise<StatsFs<number>>;
  statfs(path: PathLike, options: { readonly bigint: true }): Promise<StatsFs<bigint>>;
  statfs(
    path: PathLike,
    options?: { readonly bigint?: boolean | undefined },
  ): Promise<StatsFs<number> | StatsFs<bigint>>;
  async statfs(
    path: PathLike,
    options: { bigint?: boolean | undefined } = {},
  ): Promise<StatsFs<number> | StatsFs<bigint>> {
    const volume = await this.#on('statfs', path, async (at) => {
      await this.#share.access(at);
      return this.#share.statfs();
    });
    return statsFs(volume, options.bigint === true);
  }

  /** What matches, as paths from `cwd`. */
  async *glob(
    pattern: string | readonly string[],
    options: { readonly cwd?: string | undefined; readonly exclude?: readonly string[] | undefined } = {},
  ): AsyncGenerator<string, void, undefined> {
    const { cwd = '/' } = options;
    const top = inShare(cwd);
    const start = top === '' ? 0 : top.length + 1;
    const found = this.#share.glob(pattern, { ...options, cwd: top });
    for await (const { path } of syscallEach({ syscall: 'scandir', path: cwd }, found)) yield path.slice(start);
  }

  /** As `fs.promises.watch`: 'rename' when names come and go, 'change' otherwise. */
  watch(
    path: PathLike,
    options: { readonly recursive?: boolean | undefined; readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<WatchEvent, void, undefined> {
    return watchEvents(this.#share, path, options);
  }

  /** Tells of all that comes, changes and goes below a directory, as chokidar does. */
  watcher(path: PathLike, options: WatcherOptions = {}): Watcher {
    return new Watcher(this.#share, path, options);
  }

  async #on<T>(name: string, path: PathLike, work: (at: string) => Promise<T>, signal?: AbortSignal): Promise<T> {
    return syscall({ ...about(name, path), signal }, () => work(inShare(path)));
  }
}
