import { filetimeFromMs, msFromFiletime } from '#wire/dtyp/filetime.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileAttributes } from '#wire/fscc/attributes.js';
import type {
  DirectoryEntry,
  InfoChange,
  NodeInfo,
  OpenAccess,
  Opened,
  Path,
  Volume,
  WritableBackend,
} from './backend.js';
import type { Links } from './capabilities.js';
import { errnoOf, statusErrorOf } from './errno.js';
import { nodeTime } from './local/node-time.js';
import type { FileHandleLike, FsPromisesLike, StatsLike } from './node-fs-like.js';

export interface NodeFsOptions {
  readonly label?: string;
  /** Default true. */
  readonly caseSensitive?: boolean;
}

/** An open node of a file system with the `fs.promises` interface. */
export interface NodeFsHandle {
  path: Path;
  readonly info: NodeInfo;
  readonly access: OpenAccess;
  /** Directories have none. */
  readonly file: FileHandleLike | undefined;
  /** Inode of the name itself: a symlink's differs from its target's. */
  readonly nameIno: number;
}

const BATCH = 64;
/** Counts instances, as each is a volume with its own serial number. */
let instances = 0;

/**
 * Serves anything with the interface of `fs.promises`, below `root`. Paths are checked first and used afterwards, which
 * is safe only if nobody else changes the file system meanwhile; use `localDirectory` for directories of this machine.
 * Only the READONLY attribute and the access and write times are stored.
 */
export function fromNodeFs(fs: FsPromisesLike, root = '/', options: NodeFsOptions = {}): WritableBackend<NodeFsHandle> {
  return new NodeFs(fs, root, options);
}

class NodeFs implements WritableBackend<NodeFsHandle> {
  readonly volume: Volume;
  readonly links?: Links<NodeFsHandle>;
  readonly hardLink?: (node: NodeFsHandle, to: Path, replace: boolean) => Promise<void>;
  readonly #fs: FsPromisesLike;
  readonly #root: string;
  readonly #open = new Set<NodeFsHandle>();

  constructor(fs: FsPromisesLike, root: string, options: NodeFsOptions) {
    this.#fs = fs;
    this.#root = root.replace(/\/+$/, '');
    if (fs.readlink !== undefined && fs.symlink !== undefined) {
      this.links = { target: (link) => this.#target(link), make: (path, target) => this.#makeLink(path, target) };
    }
    if (fs.link !== undefined) this.hardLink = (node, to, replace) => this.#hardLink(node, to, replace);
    this.volume = {
      label: options.label ?? 'files',
      serial: (0x4e46_5300 + ++instances) >>> 0,
      fileSystem: 'NTFS',
      creationTime: 0n,
      caseSensitive: options.caseSensitive ?? true,
      maxNameLength: 255,
    };
  }

  async open(path: Path, access: OpenAccess): Promise<Opened<NodeFsHandle>> {
    return await translated(async () => {
      const at = await this.#placeOf(path);
      const named = await this.#fs.lstat(at);
      const isLink = named.isSymbolicLink();
      if (isLink && access.link === true && this.links !== undefined) {
        return this.#opened({ path, info: infoOf(named), access, file: undefined, nameIno: named.ino });
      }
      const real = isLink ? await this.#follow(at) : at;
      const stats = isLink ? await this.#fs.stat(real) : named;
      const file = await this.#openFile(real, kindOf(stats), access);
      return this.#opened({ path, info: infoOf(stats), access, file, nameIno: named.ino });
    });
  }

  async create(path: Path, kind: 'file' | 'directory', attributes: number): Promise<Opened<NodeFsHandle>> {
    if (path === '') throw new StatusError(NtStatus.ObjectNameCollision, { path });
    return await translated(async () => {
      const at = await this.#placeOf(path);
      const readonly = (attributes & FileAttributes.Readonly) !== 0;
      let file: FileHandleLike | undefined;
      if (kind === 'directory') await this.#fs.mkdir(at);
      else file = await this.#fs.open(at, 'wx+', readonly ? 0o444 : 0o666);
      const stats = await this.#fs.lstat(at);
      return this.#opened({ path, info: infoOf(stats), access: { read: true, write: true }, file, nameIno: stats.ino });
    });
  }

  async close(handle: NodeFsHandle): Promise<void> {
    if (!this.#open.delete(handle)) return;
    await translated(async () => handle.file?.close());
  }

  async stat(handle: NodeFsHandle): Promise<NodeInfo> {
    return await translated(async () => {
      if (handle.file !== undefined) return infoOf(await handle.file.stat());
      const at = this.#at(handle.path);
      return infoOf(handle.info.kind === 'symlink' ? await this.#fs.lstat(at) : await this.#fs.stat(at));
    });
  }

  async read(handle: NodeFsHandle, into: Uint8Array, offset: number): Promise<number> {
    const file = fileOf(handle, handle.access.read);
    return await translated(async () => {
      let done = 0;
      while (done < into.length) {
        const { bytesRead } = await file.read(into, done, into.length - done, offset + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return done;
    });
  }

  async write(handle: NodeFsHandle, from: Uint8Array, offset: number): Promise<void> {
    const file = fileOf(handle, handle.access.write);
    await translated(async () => {
      for (let done = 0; done < from.length; ) {
        done += (await file.write(from, done, from.length - done, offset + done)).bytesWritten;
      }
    });
  }

  async truncate(handle: NodeFsHandle, size: number): Promise<void> {
    const file = fileOf(handle, handle.access.write);
    await translated(() => file.truncate(size));
  }

  async flush(handle: NodeFsHandle): Promise<void> {
    await translated(async () => handle.file?.sync());
  }

  async *list(handle: NodeFsHandle): AsyncGenerator<readonly DirectoryEntry[]> {
    if (handle.info.kind !== 'directory') throw new StatusError(NtStatus.NotADirectory);
    const names = await translated(() => this.#fs.readdir(this.#at(handle.path)));
    for (let i = 0; i < names.length; i += BATCH) {
      const entries = await Promise.all(names.slice(i, i + BATCH).map((name) => this.#entry(handle.path, name)));
      yield entries.filter((entry) => entry !== undefined);
    }
  }

  async setInfo(handle: NodeFsHandle, change: InfoChange): Promise<void> {
    if (handle.info.kind === 'symlink') throw new StatusError(NtStatus.NotSupported);
    await translated(async () => {
      const at = await this.#follow(this.#at(handle.path));
      const stats = await this.#fs.stat(at);
      if (change.attributes !== undefined && stats.isFile()) {
        const readonly = (change.attributes & FileAttributes.Readonly) !== 0;
        await this.#fs.chmod(at, readonly ? stats.mode & 0o7555 : (stats.mode & 0o7777) | 0o200);
      }
      if (change.lastAccessTime === undefined && change.lastWriteTime === undefined) return;
      const access = change.lastAccessTime === undefined ? stats.atimeMs : msFromFiletime(change.lastAccessTime);
      const write = change.lastWriteTime === undefined ? stats.mtimeMs : msFromFiletime(change.lastWriteTime);
      await this.#fs.utimes(at, nodeTime(access), nodeTime(write));
    });
  }

  async rename(handle: NodeFsHandle, to: Path, replace: boolean): Promise<void> {
    if (handle.path === '') throw new StatusError(NtStatus.AccessDenied, { hint: 'the root' });
    if (to === '') throw new StatusError(NtStatus.ObjectNameCollision, { path: to });
    await translated(async () => {
      const from = handle.path;
      const at = await this.#demandName(handle);
      const target = await this.#placeOf(to);
      if (to === from) return;
      if (to.startsWith(`${from}/`)) throw new StatusError(NtStatus.InvalidParameter, { path: to });
      await this.#makeWay(handle, target, replace);
      await this.#fs.rename(at, target);
      for (const open of this.#open) {
        if (open.path === from || open.path.startsWith(`${from}/`)) open.path = to + open.path.slice(from.length);
      }
    });
  }

  async remove(handle: NodeFsHandle): Promise<void> {
    if (handle.path === '') throw new StatusError(NtStatus.AccessDenied, { hint: 'the root' });
    await translated(async () => {
      const at = await this.#demandName(handle);
      if ((await this.#fs.lstat(at)).isDirectory()) await this.#fs.rmdir(at);
      else await this.#fs.unlink(at);
    });
  }

  async #openFile(at: string, kind: NodeInfo['kind'], access: OpenAccess): Promise<FileHandleLike | undefined> {
    if (kind === 'other' && (access.read || access.write)) throw new StatusError(NtStatus.AccessDenied);
    return kind === 'file' ? await this.#fs.open(at, access.write ? 'r+' : 'r') : undefined;
  }

  async #target(link: NodeFsHandle): Promise<string> {
    if (link.info.kind !== 'symlink') throw new StatusError(NtStatus.NotAReparsePoint);
    return await translated(async () => (await this.#fs.readlink?.(await this.#demandName(link))) ?? '');
  }

  async #makeLink(path: Path, target: string): Promise<void> {
    if (path === '') throw new StatusError(NtStatus.ObjectNameCollision, { path });
    if (target === '' || target.includes('\0')) throw new StatusError(NtStatus.InvalidParameter, { path });
    await translated(async () => this.#fs.symlink?.(target, await this.#placeOf(path)));
  }

  async #hardLink(node: NodeFsHandle, to: Path, replace: boolean): Promise<void> {
    if (to === '') throw new StatusError(NtStatus.ObjectNameCollision, { path: to });
    if (node.info.kind === 'directory') throw new StatusError(NtStatus.FileIsADirectory);
    await translated(async () => {
      const at = await this.#demandName(node);
      const target = await this.#placeOf(to);
      const there = await this.#fs.lstat(target).catch(absent);
      if (there !== undefined && replace && there.ino === node.nameIno) return;
      if (there !== undefined && (!replace || there.isDirectory())) {
        throw new StatusError(NtStatus.ObjectNameCollision, { path: to });
      }
      if (there !== undefined) await this.#fs.unlink(target);
      await this.#fs.link?.(at, target);
    });
  }

  #opened(handle: NodeFsHandle): Opened<NodeFsHandle> {
    this.#open.add(handle);
    return { handle, info: handle.info };
  }

  #at(path: Path): string {
    return path === '' ? this.#root || '/' : `${this.#root}/${path}`;
  }

  /** The path with its parent resolved; ObjectPathNotFound if the parent is not a directory inside the root. */
  async #placeOf(path: Path): Promise<string> {
    if (path === '') return this.#at('');
    const names = path.split('/');
    if (names.some((name) => name === '' || name === '.' || name === '..' || /[\0\\]/.test(name))) {
      throw new StatusError(NtStatus.ObjectNameInvalid, { path });
    }
    const parent = this.#at(names.slice(0, -1).join('/'));
    try {
      const real = await this.#follow(parent);
      if ((await this.#fs.stat(real)).isDirectory()) return `${real === '/' ? '' : real}/${names.at(-1)}`;
    } catch (error) {
      const known = error instanceof StatusError || ['ENOENT', 'ENOTDIR', 'ELOOP'].includes(errnoOf(error));
      if (!known) throw error;
    }
    throw new StatusError(NtStatus.ObjectPathNotFound, { path });
  }

  /** The path with symlinks resolved; AccessDenied if it leads outside or nowhere. */
  async #follow(at: string): Promise<string> {
    const root = await this.#fs.realpath(this.#at(''));
    const real = await this.#fs.realpath(at).catch(absent);
    if (real === undefined || !(real === root || real.startsWith(root === '/' ? '/' : `${root}/`))) {
      throw new StatusError(NtStatus.AccessDenied, { hint: 'symlink' });
    }
    return real;
  }

  async #makeWay(handle: NodeFsHandle, target: string, replace: boolean): Promise<void> {
    const there = await this.#fs.lstat(target).catch(absent);
    if (there === undefined || there.ino === handle.nameIno) return;
    if (!replace || there.isDirectory()) throw new StatusError(NtStatus.ObjectNameCollision, { path: handle.path });
    // The system only replaces a file by a file and a directory by a directory.
    if (handle.info.kind === 'directory') await this.#fs.unlink(target);
  }

  async #demandName(handle: NodeFsHandle): Promise<string> {
    const at = await this.#placeOf(handle.path);
    const stats = await this.#fs.lstat(at);
    if (stats.ino !== handle.nameIno) throw new StatusError(NtStatus.ObjectNameNotFound, { path: handle.path });
    return at;
  }

  async #entry(directory: Path, name: string): Promise<DirectoryEntry | undefined> {
    try {
      const at = `${this.#at(directory)}/${name}`;
      const stats = await this.#fs.lstat(at);
      return { name, info: infoOf(stats.isSymbolicLink() ? await this.#fs.stat(await this.#follow(at)) : stats) };
    } catch (error) {
      if (error instanceof StatusError || errnoOf(error) !== '') return undefined;
      throw error;
    }
  }
}

async function translated<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw statusErrorOf(error);
  }
}

function absent(error: unknown): undefined {
  if (!['ENOENT', 'ENOTDIR', 'ELOOP'].includes(errnoOf(error))) throw error;
}

function kindOf(stats: StatsLike): NodeInfo['kind'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  return stats.isSymbolicLink() ? 'symlink' : 'other';
}

function infoOf(stats: StatsLike): NodeInfo {
  const kind = kindOf(stats);
  const size = kind === 'file' ? stats.size : 0;
  return {
    kind,
    id: BigInt(stats.ino),
    size,
    allocationSize: kind === 'file' ? (stats.blocks ?? Math.ceil(size / 512)) * 512 : 0,
    links: stats.nlink,
    attributes: attributesOf(kind, stats),
    creationTime: filetimeFromMs(stats.birthtimeMs),
    lastAccessTime: filetimeFromMs(stats.atimeMs),
    lastWriteTime: filetimeFromMs(stats.mtimeMs),
    changeTime: filetimeFromMs(stats.ctimeMs),
  };
}

function attributesOf(kind: NodeInfo['kind'], stats: StatsLike): number {
  if (kind === 'symlink') return FileAttributes.ReparsePoint;
  return kind === 'file' && (stats.mode & 0o200) === 0 ? FileAttributes.Readonly : 0;
}

function fileOf(handle: NodeFsHandle, allowed: boolean): FileHandleLike {
  if (handle.info.kind === 'directory') throw new StatusError(NtStatus.FileIsADirectory);
  if (!allowed || handle.file === undefined) throw new StatusError(NtStatus.AccessDenied);
  return handle.file;
}
