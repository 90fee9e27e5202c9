import { fstatSync, fsync, ftruncate, lstatSync, realpathSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { basename } from 'node:path';
import { filetimeFromNs } from '#wire/dtyp/filetime.js';
import { StatusError, UsageError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type {
  DirectoryEntry,
  Eventually,
  InfoChange,
  MediumChange,
  MediumWatch,
  NodeInfo,
  OpenAccess,
  Opened,
  Path,
  Space,
  Volume,
  WritableBackend,
} from '../backend.js';
import { type Clock, systemClock } from '../clock.js';
import { errnoOf, statusErrorOf } from '../errno.js';
import { type Containment, PRIVATE_DIRECTORY } from './containment.js';
import { DataIo } from './data-io.js';
import { Facts } from './facts.js';
import { LocalHandle } from './handle.js';
import { listDirectory } from './list.js';
import { NameIndex } from './name-index.js';
import { type ByteString, nativePath, toMedium, toWire } from './name-map.js';
import { Places } from './places.js';
import { ProcContainment } from './proc-containment.js';
import { RealpathContainment, realPath } from './realpath-containment.js';
import { Sidecar } from './sidecar.js';
import { LocalWatch } from './watch.js';

export interface LocalDirectoryOptions {
  /** The volume's name; the directory's name otherwise. */
  readonly label?: string;
  /** Files whose names begin with a full stop are HIDDEN unless a client says otherwise. Default true. */
  readonly hideDotFiles?: boolean;
  /** Permissions of new files, of which the process's umask takes its bits away. Default 0o666. */
  readonly fileMode?: number;
  /** Permissions of new directories, likewise. Default 0o777. */
  readonly directoryMode?: number;
  /**
   * Where DOS attributes, creation times and exact times are kept that the file system cannot keep: a directory (made
   * when it is first needed; default `.sombrero` in the share, which no client sees), or false: they are dropped. What
   * is kept belongs to the node and does not go along when files are copied by other ways.
   */
  readonly sidecar?: string | false;
  /** Nodes that the sidecar remembers at most. Default 100,000. */
  readonly sidecarLimit?: number;
  /** Directories watched at most for one change notification of a tree. Default 4096. */
  readonly watchLimit?: number;
  readonly clock?: Clock;
  /** How to stay inside: by /proc/self/fd where there is one, else by resolving paths. */
  readonly containment?: 'auto' | 'realpath';
}

/**
 * A directory of this machine as a share.
 *
 * Metadata is asked for synchronously: an open with all checks takes 15 to 20 µs so, 300 µs by way of Node's thread
 * pool, of which the event loop is busy for most anyhow. Data goes by `DataIo`; flushing, space and reading
 * directories for look-ups go through the pool.
 */
export function localDirectory(root: string, options: LocalDirectoryOptions = {}): WritableBackend<LocalHandle> {
  return new LocalDirectory(root, options);
}

class LocalDirectory implements WritableBackend<LocalHandle> {
  readonly volume: Volume;
  readonly #containment: Containment;
  readonly #facts: Facts;
  readonly #places: Places;
  readonly #names: NameIndex;
  readonly #data = new DataIo();
  readonly #options: LocalDirectoryOptions;

  constructor(root: string, options: LocalDirectoryOptions) {
    this.#options = options;
    const at = realRoot(root);
    const stats = statSync(nativePath(at), { bigint: true });
    if (!stats.isDirectory()) throw new UsageError(`${root} is no directory`);
    this.#containment =
      options.containment !== 'realpath' && hasProc() ? new ProcContainment(at) : new RealpathContainment(at);
    const sidecar = new Sidecar(sidecarPlace(this.#containment, options.sidecar), options.sidecarLimit ?? 100_000);
    this.#facts = new Facts(sidecar, stats.dev, options.hideDotFiles ?? true);
    this.#places = new Places(this.#containment);
    this.#names = new NameIndex(options.clock ?? systemClock);
    this.volume = {
      label: options.label ?? basename(root),
      serial: Number(BigInt.asUintN(32, stats.dev ^ (stats.ino * 0x9e37_79b1n))),
      fileSystem: 'NTFS',
      creationTime: filetimeFromNs(stats.birthtimeNs || stats.ctimeNs),
      caseSensitive: process.platform !== 'darwin' && process.platform !== 'win32',
      maxNameLength: 255,
    };
  }

  open(path: Path, access: OpenAccess): Opened<LocalHandle> {
    const at = toMedium(path);
    const found = this.#containment.open(at, access);
    const handle = new LocalHandle(at, found, access);
    this.#places.add(handle);
    return { handle, info: this.#facts.of(found.stats, at) };
  }

  create(path: Path, kind: 'file' | 'directory', attributes: number): Opened<LocalHandle> {
    if (path === '') throw new StatusError(NtStatus.ObjectNameCollision, { path });
    const at = toMedium(path);
    const access = { read: true, write: true };
    const mode = kind === 'file' ? (this.#options.fileMode ?? 0o666) : (this.#options.directoryMode ?? 0o777);
    const found = this.#changing(parentOf(path), { added: baseOf(path) }, () => this.#places.make(at, kind, mode));
    const handle = new LocalHandle(at, found, access);
    this.#places.add(handle);
    try {
      const info = this.#facts.of(found.stats, at);
      const change = this.#facts.lacking(info, attributes);
      if (change === undefined) return { handle, info };
      this.setInfo(handle, { attributes: change });
      return { handle, info: this.stat(handle) };
    } catch (error) {
      this.close(handle);
      throw statusErrorOf(error, path);
    }
  }

  close(handle: LocalHandle): void {
    if (handle.closed) return;
    this.#places.delete(handle);
    handle.close();
  }

  stat(handle: LocalHandle): NodeInfo {
    demandOpen(handle);
    try {
      const stats =
        handle.fd >= 0
          ? fstatSync(handle.fd, { bigint: true })
          : lstatSync(nativePath(this.#via(handle)), { bigint: true });
      return this.#facts.of(stats, handle.path);
    } catch (error) {
      throw statusErrorOf(error);
    }
  }

  read(handle: LocalHandle, into: Uint8Array, offset: number): Eventually<number> {
    demandData(handle, handle.readable);
    return this.#data.read(handle, into, offset);
  }

  write(handle: LocalHandle, from: Uint8Array, offset: number): Eventually<void> {
    demandData(handle, handle.writable);
    return this.#data.write(handle, from, offset);
  }

  truncate(handle: LocalHandle, size: number): Promise<void> {
    demandData(handle, handle.writable);
    return handle.useAlone((fd) => answer((done) => ftruncate(fd, size, done)));
  }

  flush(handle: LocalHandle): Eventually<void> {
    demandOpen(handle);
    // Handles without data have nothing to flush (and the system would refuse).
    if (handle.kind !== 'file' || !(handle.readable || handle.writable)) return;
    return handle.use((fd) => answer((done) => fsync(fd, done)));
  }

  list(handle: LocalHandle): AsyncIterable<readonly DirectoryEntry[]> {
    demandOpen(handle);
    if (handle.kind !== 'directory') throw new StatusError(NtStatus.NotADirectory);
    return listDirectory(this.#containment, this.#facts, this.#via(handle), handle);
  }

  setInfo(handle: LocalHandle, change: InfoChange): void {
    demandOpen(handle);
    try {
      this.#facts.change(this.#via(handle), handle.path, change);
    } catch (error) {
      throw statusErrorOf(error);
    }
  }

  rename(handle: LocalHandle, to: Path, replace: boolean): void {
    demandOpen(handle);
    if (to === '') throw new StatusError(NtStatus.ObjectNameCollision, { path: to });
    const from = wirePath(handle.path);
    const [removed, added] = [baseOf(from), baseOf(to)];
    const move = (): void => this.#places.rename(handle, toMedium(to), replace);
    if (parentOf(from) === parentOf(to)) this.#changing(parentOf(to), { removed, added }, move);
    else this.#changing(parentOf(from), { removed }, () => this.#changing(parentOf(to), { added }, move));
  }

  remove(handle: LocalHandle): void {
    demandOpen(handle);
    const path = wirePath(handle.path);
    const gone = { removed: baseOf(path) };
    const removed = this.#changing(parentOf(path), gone, () => this.#places.remove(handle));
    if (removed !== undefined) this.#facts.forget(removed);
  }

  async findName(directory: Path, name: string): Promise<string | undefined> {
    let opened: Opened<LocalHandle>;
    try {
      opened = this.open(directory, { read: false, write: false });
    } catch (error) {
      if (error instanceof StatusError) return undefined;
      throw error;
    }
    try {
      if (directory === '' && name.toLowerCase() === PRIVATE_DIRECTORY) return undefined;
      return await this.#names.find(this.#via(opened.handle), directory, name);
    } finally {
      this.close(opened.handle);
    }
  }

  async space(): Promise<Space> {
    const { bsize, blocks, bavail } = await statfs(nativePath(this.#containment.root)).catch((error: unknown) => {
      throw statusErrorOf(error);
    });
    return { total: blocks * bsize, free: bavail * bsize, unit: bsize };
  }

  watch(directory: Path, recursive: boolean, report: (change: MediumChange) => void): MediumWatch {
    const limit = this.#options.watchLimit ?? 4096;
    return new LocalWatch(this.#containment, toMedium(directory), recursive, limit, report);
  }

  /** Makes a change to the names in a directory, and lets its index know. */
  #changing<T>(key: Path, names: { added?: string; removed?: string }, operation: () => T): T {
    if (!this.#names.knows(key)) return operation();
    // The parent of anything in there.
    const parent = this.#containment.parent(key === '' ? 'x' : `${toMedium(key)}/x`);
    try {
      return this.#names.change({ at: parent.at, key, ...names }, operation);
    } finally {
      parent.release();
    }
  }

  #via(handle: LocalHandle): ByteString {
    return this.#containment.via(handle.fd, handle.path);
  }
}

function parentOf(path: Path): Path {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function baseOf(path: Path): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function wirePath(path: ByteString): Path {
  return path.split('/').map(toWire).join('/');
}

function demandOpen(handle: LocalHandle): void {
  if (handle.closed) throw new StatusError(NtStatus.FileClosed);
}

function demandData(handle: LocalHandle, allowed: boolean): void {
  demandOpen(handle);
  if (handle.kind === 'directory') throw new StatusError(NtStatus.FileIsADirectory);
  if (!allowed || handle.kind !== 'file') throw new StatusError(NtStatus.AccessDenied);
}

function answer(call: (done: (error: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    call((error) => (error ? reject(statusErrorOf(error)) : resolve()));
  });
}

function realRoot(root: string): ByteString {
  try {
    return realPath(Buffer.from(realpathSync(root)).toString('latin1'));
  } catch (error) {
    throw new UsageError(`the directory ${root} cannot be shared (${errnoOf(error)})`, { cause: error });
  }
}

let proc: boolean | undefined;

/** Whether the system tells where open nodes are. */
function hasProc(): boolean {
  proc ??= process.platform === 'linux' && statSync('/proc/self/fd', { throwIfNoEntry: false }) !== undefined;
  return proc;
}

function sidecarPlace(containment: Containment, option: string | false | undefined): (() => SidecarAt) | undefined {
  if (option === false) return undefined;
  if (option !== undefined) {
    const directory = Buffer.from(option).toString('latin1');
    return () => ({ directory, release: () => {} });
  }
  return () => {
    // The private directory must be one: a symlink planted there would lead the file out.
    const at = containment.parent('');
    const directory = `${at.at}/${PRIVATE_DIRECTORY}`;
    const stats = lstatSync(nativePath(directory), { throwIfNoEntry: false });
    if (stats === undefined || stats.isDirectory()) return { directory, release: at.release };
    at.release();
    throw new StatusError(NtStatus.AccessDenied, { path: PRIVATE_DIRECTORY });
  };
}

interface SidecarAt {
  readonly directory: ByteString;
  release(): void;
}
