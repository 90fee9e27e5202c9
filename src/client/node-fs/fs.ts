import { errnoCode } from '../errors.js';
import type { Share } from '../share.js';
import { flags, owners, signalOf } from './arguments.js';
import { bindMethods } from './bound.js';
import { call, wantDirectory, wantNoLink, wantNoSlash } from './calls.js';
import type { FsCpOptions } from './cp-options.js';
import { bufferOf, type Encoded, type FileData, optionsOf, piecesOf } from './data.js';
import { Dir } from './dir.js';
import { FsError } from './errors.js';
import { accessKinds, constants, openFlags } from './flags.js';
import { type FsGlobOptions, search } from './glob.js';
import { FileHandle, momentOf, sizeOf, type TimeLike } from './handle.js';
import { makeDirectory, makeLink, makeTemporary, nameAgain } from './make.js';
import { type AsBuffer, encoded, encoder, type NameEncoding, type NameWish } from './names.js';
import type { FsBuffer, NodeFileHandle } from './node-types.js';
import { checkMode, isWritable, type Mode, openWith, withMode } from './open.js';
import { about, endsInSlash, inShare, type PathLike } from './paths.js';
import { replace } from './rename.js';
import { BigIntStats, Dirent, Stats } from './stats.js';
import { type StatsFs, statsFs } from './stats-fs.js';
import { copyFile, copyTree, type FsRmOptions, remove } from './trees.js';
import { type FsWatchOptions, type WatchEvent, watchEvents } from './watch-events.js';
import { Watcher, type WatcherOptions } from './watcher.js';

/** Node's default mode for new files. */
const MODE = 0o666;

/** A handle of `node:fs` belongs to this machine, so it is rejected as an invalid path. */
type Place = PathLike | FileHandle | NodeFileHandle;
interface Signalled {
  readonly signal?: AbortSignal | undefined;
}
interface WriteWish extends Signalled {
  readonly flag?: string | number | undefined;
  readonly mode?: Mode | undefined;
  /** Flush the data to stable storage before resolving. */
  readonly flush?: boolean | undefined;
}
interface ListWish {
  readonly recursive?: boolean | undefined;
  readonly encoding?: BufferEncoding | 'buffer' | null | undefined;
}

/**
 * A share with the interface of `fs.promises`, for existing code: `/` is the share's root, and errors have Node's
 * `code`, `errno`, `syscall` and `path`. What SMB lacks (owners, permissions other than read-only) is rejected or
 * ignored; the numbers in `constants` are those of Linux.
 *
 * @example
 * const { fs } = await connect('smb://ann:secret@nas/photos')
 * await fs.writeFile('/2024/a.txt', 'hello', 'utf8')
 * const names = await fs.readdir('/2024')
 */
export class SharePromises {
  readonly constants: typeof constants = constants;
  readonly #share: Share;

  /** Created by `share.fs`. */
  constructor(share: Share) {
    this.#share = share;
    bindMethods(this);
  }

  /** `mode` applies to a file that is created: if it grants nobody write permission, the file is made read-only. */
  async open(path: PathLike, flags?: string | number | null, mode?: Mode | null): Promise<FileHandle> {
    const doing = about('open', path);
    const opening = openFlags(flags ?? 'r');
    const made = checkMode(mode ?? MODE);
    const { create } = opening.options;
    if (create === 'never') await wantDirectory(this.#share, doing, doing.path);
    else await wantNoSlash(this.#share, doing, doing.path, 'EISDIR');
    if (opening.options.noFollow) await wantNoLink(this.#share, doing);
    const opened = call(this.#share, doing, () => openWith(this.#share, inShare(path), opening, made));
    const file = await opened.catch((error) => {
      const isTaken = error instanceof FsError && error.code === 'EISDIR' && create === 'exclusive';
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
    const { encoding, flag, signal } = optionsOf(options);
    signalOf(signal);
    const bytes =
      path instanceof FileHandle
        ? await path.readFile({ ...(signal && { signal }) })
        : await this.#contents(path as PathLike, flag || 'r', signal);
    return encoding === undefined ? (bytes as FsBuffer) : bytes.toString(encoding);
  }

  async #contents(path: PathLike, flag: string | number, signal: AbortSignal | undefined): Promise<Buffer> {
    if (flag !== 'r') {
      const handle = await this.open(path, flag);
      return handle.readFile({ ...(signal && { signal }) }).finally(() => handle.close());
    }
    const reading = this.#on('open', path, (at) => this.#share.readFile(at, { signal }), signal);
    return bufferOf(
      await reading.catch((error) => {
        // In Node, opening a directory works and reading from it fails.
        const isDirectory = error instanceof FsError && error.code === 'EISDIR';
        throw isDirectory ? new FsError('EISDIR', { syscall: 'read' }, error.cause) : error;
      }),
    );
  }

  /** `mode` applies as for `open`. */
  async writeFile(path: Place, data: FileData, options?: Encoded<WriteWish>): Promise<void> {
    const { encoding, flag: given, mode, signal, flush } = optionsOf(options);
    flags({ flush: flush ?? undefined }, ['flush']);
    signalOf(signal);
    if (path instanceof FileHandle) return path.writeFile(data, options as Encoded);
    const flag = given || 'w';
    const pieces = piecesOf(data, encoding);
    const plain = flag === 'w' || flag === 'wx' || flag === 'a' || flag === 'ax' || flag === 'r+';
    if (plain && !flush && isWritable(mode ?? MODE) && Buffer.isBuffer(pieces) && !/[/\\]$/.test(String(path))) {
      return this.#on('open', path as PathLike, (at) => this.#share.writeFile(at, pieces, { flag, signal }), signal);
    }
    const handle = await this.open(path as PathLike, flag, mode);
    try {
      await handle.writeFile(pieces, { signal });
      if (flush) await handle.sync();
    } finally {
      await handle.close();
    }
  }

  async appendFile(path: Place, data: FileData, options?: Encoded<WriteWish>): Promise<void> {
    const { flag, ...rest } = optionsOf(options);
    return this.writeFile(path, data, { ...rest, flag: flag || 'a' });
  }

  stat(path: PathLike, options?: { readonly bigint?: false | undefined }): Promise<Stats>;
  stat(path: PathLike, options: { readonly bigint: true }): Promise<BigIntStats>;
  stat(path: PathLike, options?: { readonly bigint?: boolean | undefined }): Promise<Stats | BigIntStats>;
  async stat(path: PathLike, options?: { readonly bigint?: boolean | undefined }): Promise<Stats | BigIntStats> {
    const node = await this.#on('stat', path, (at) => this.#share.stat(at));
    return options?.bigint ? new BigIntStats(node) : new Stats(node);
  }

  lstat(path: PathLike, options?: { readonly bigint?: false | undefined }): Promise<Stats>;
  lstat(path: PathLike, options: { readonly bigint: true }): Promise<BigIntStats>;
  lstat(path: PathLike, options?: { readonly bigint?: boolean | undefined }): Promise<Stats | BigIntStats>;
  async lstat(path: PathLike, options?: { readonly bigint?: boolean | undefined }): Promise<Stats | BigIntStats> {
    const node = await this.#on('lstat', path, (at) => this.#share.lstat(at));
    return options?.bigint ? new BigIntStats(node) : new Stats(node);
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
    const { path: top } = about('scandir', path);
    const told = (names: string[]): (string | FsBuffer)[] => (wanted ? names.map(wanted) : names);
    if (!recursive && !withFileTypes)
      return told(await this.#on('scandir', path, (at) => this.#share.readdir(at).names()));
    const wish = { recursive: Boolean(recursive) };
    const entries = await this.#on('scandir', path, (at) => this.#share.readdir(at, wish).toArray());
    if (withFileTypes) return entries.map((entry) => new Dirent(entry, wanted ? wanted(entry.name) : entry.name, top));
    const directory = inShare(path);
    const start = directory === '' ? 0 : directory.length + 1;
    return told(entries.map((entry) => entry.path.slice(start)));
  }

  async opendir(
    path: PathLike,
    options: NameEncoding | { readonly recursive?: boolean | undefined; readonly bufferSize?: number | undefined } = {},
  ): Promise<Dir> {
    const encode = encoder(options as NameEncoding);
    const { recursive } = Object(options) as { recursive?: boolean };
    const listing = await this.#on('opendir', path, (at) => this.#share.opendir(at, { recursive: Boolean(recursive) }));
    return new Dir(about('opendir', path).path, listing, encode);
  }

  /** `mode` is ignored: permissions on directories are up to the server. */
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
    return makeDirectory(
      this.#share,
      path,
      typeof options === 'object' && options !== null ? options : { mode: options },
    );
  }

  mkdtemp(prefix: string, options?: NameEncoding): Promise<string>;
  mkdtemp(prefix: string, options: AsBuffer): Promise<FsBuffer>;
  mkdtemp(prefix: string, options?: NameWish): Promise<string | FsBuffer>;
  async mkdtemp(prefix: string, options?: NameWish): Promise<string | FsBuffer> {
    encoder(options);
    return encoded(await makeTemporary(this.#share, prefix), options);
  }

  async rmdir(path: PathLike, options: { readonly recursive?: boolean | undefined } = {}): Promise<void> {
    flags(options, ['recursive']);
    return this.#on('rmdir', path, (at) =>
      options.recursive ? this.#share.rm(at, { recursive: true, readOnly: true }) : this.#share.rmdir(at),
    );
  }

  unlink(path: PathLike): Promise<void> {
    return this.#on('unlink', path, async (at) => {
      try {
        await this.#share.unlink(at, { readOnly: true });
      } catch (error) {
        // To SMB, a symbolic link to a directory is itself a directory.
        if (errnoCode(error) !== 'EISDIR' || !(await this.#share.lstat(at)).isSymbolicLink()) throw error;
        await this.#share.rmdir(at);
      }
    });
  }

  async rm(path: PathLike, options?: FsRmOptions): Promise<void> {
    return remove(this.#share, path, options);
  }

  async rename(from: PathLike, to: PathLike): Promise<void> {
    const doing = about('rename', from, to);
    await wantDirectory(this.#share, doing, doing.path);
    if (endsInSlash(doing.dest)) await wantDirectory(this.#share, doing, `${doing.path}/`);
    return call(this.#share, doing, () => replace(this.#share, inShare(from), inShare(to), doing));
  }

  async copyFile(from: PathLike, to: PathLike, mode?: number | null): Promise<void> {
    return copyFile(this.#share, from, to, mode);
  }

  async cp(from: PathLike, to: PathLike, options?: FsCpOptions): Promise<void> {
    return copyTree(this.#share, from, to, options);
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

  /** Removing all write permissions makes the file read-only; other permissions are not stored. */
  chmod(path: PathLike, mode: Mode): Promise<void> {
    return this.#on('chmod', path, async (at) => {
      const next = withMode((await this.#share.stat(at)).attributes, mode);
      if (next !== undefined) await this.#share.setAttributes(at, next);
    });
  }

  /** Only checks that the path exists, since owners are not stored. */
  async chown(path: PathLike, uid: number, gid: number): Promise<void> {
    owners(uid, gid);
    await this.#on('chown', path, (at) => this.#share.stat(at));
  }

  /** Like `chown`, for a symbolic link itself. */
  async lchown(path: PathLike, uid: number, gid: number): Promise<void> {
    owners(uid, gid);
    await this.#on('lchown', path, (at) => this.#share.lstat(at));
  }

  async symlink(target: PathLike, path: PathLike, type?: string | null): Promise<void> {
    return makeLink(this.#share, target, path, type);
  }

  readlink(path: PathLike, options?: NameEncoding): Promise<string>;
  readlink(path: PathLike, options: AsBuffer): Promise<FsBuffer>;
  readlink(path: PathLike, options?: NameWish): Promise<string | FsBuffer>;
  async readlink(path: PathLike, options?: NameWish): Promise<string | FsBuffer> {
    return encoded(await this.#on('readlink', path, (at) => this.#share.readlink(at)), options);
  }

  async link(existing: PathLike, path: PathLike): Promise<void> {
    return nameAgain(this.#share, existing, path);
  }

  realpath(path: PathLike, options?: NameEncoding): Promise<string>;
  realpath(path: PathLike, options: AsBuffer): Promise<FsBuffer>;
  realpath(path: PathLike, options?: NameWish): Promise<string | FsBuffer>;
  async realpath(path: PathLike, options?: NameWish): Promise<string | FsBuffer> {
    return encoded(`/${await this.#on('realpath', path, (at) => this.#share.realpath(at))}`, options);
  }

  async access(path: PathLike, mode?: number | null): Promise<void> {
    const kinds = accessKinds(mode ?? constants.F_OK);
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

  /** Finds paths that match, relative to `cwd`; with `withFileTypes`, entries. */
  glob(
    pattern: string | readonly string[],
    options?: FsGlobOptions & { readonly withFileTypes?: false | undefined },
  ): AsyncGenerator<string, void, undefined>;
  glob(
    pattern: string | readonly string[],
    options: FsGlobOptions & { readonly withFileTypes: true },
  ): AsyncGenerator<Dirent, void, undefined>;
  glob(
    pattern: string | readonly string[],
    options: FsGlobOptions = {},
  ): AsyncGenerator<string | Dirent, void, undefined> | AsyncGenerator<string, void, undefined> {
    return search(this.#share, pattern, options);
  }

  /** Like `fs.promises.watch`: 'rename' when a name appears or disappears, 'change' otherwise. */
  watch(path: PathLike, options?: BufferEncoding | FsWatchOptions): AsyncGenerator<WatchEvent, void, undefined> {
    return watchEvents(this.#share, path, options);
  }

  /** Watches a directory tree for additions, changes and removals, like chokidar. */
  watcher(path: PathLike, options: WatcherOptions = {}): Watcher {
    return new Watcher(this.#share, path, options);
  }

  async #on<T>(name: string, path: PathLike, work: (at: string) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const doing = { ...about(name, path), signal };
    await wantDirectory(this.#share, doing, doing.path);
    return call(this.#share, doing, () => work(inShare(path)));
  }
}
