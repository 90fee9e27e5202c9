import { type BigIntStats, fstatSync, fsync, ftruncate, lstatSync, statSync } from 'node:fs';
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
import { systemClock } from '../clock.js';
import { statusErrorOf } from '../errno.js';
import { readOnly } from '../read-only.js';
import { AttributeStore, type NodeRef } from './attribute-store.js';
import { type Containment, isPrivate } from './containment.js';
import { canClone, LocalCopies } from './copies.js';
import { DataIo } from './data-io.js';
import { DosAttributes } from './dos-attributes.js';
import { EntryReader } from './entry-attributes.js';
import { type DataHost, LocalExtents } from './extents.js';
import { LocalDescriptors, LocalEas } from './extras.js';
import { Facts } from './facts.js';
import { LocalHandle } from './handle.js';
import { LocalLinks } from './links.js';
import { listDirectory } from './list.js';
import { LocalLocks } from './locks.js';
import { type ByteString, nativePath, toMedium } from './name-map.js';
import { Naming, wirePath } from './naming.js';
import { NodeFiles } from './node-files.js';
import type { LocalDirectoryOptions } from './options.js';
import { Overflow } from './overflow.js';
import { Places } from './places.js';
import { privatePlace } from './private-place.js';
import { reachOf } from './root.js';
import { descriptorAttribute } from './samba/nt-acl.js';
import { Sidecar } from './sidecar.js';
import { LocalSnapshots } from './snapshots.js';
import type { LocalStream } from './stream.js';
import { LocalStreams } from './streams.js';
import { LocalWatch } from './watch.js';

/** Most directory watches of one back end; a directory watched twice counts twice. */
const MOST_WATCHES = 65_536;

/**
 * A directory of this machine as a share.
 *
 * Metadata calls are synchronous: an open with all checks takes 15 to 20 µs that way, but 300 µs through Node's thread
 * pool, most of which the event loop spends busy anyhow. Data goes through `DataIo`; flushes, free space and reading
 * directories for lookups go through the thread pool.
 */
export function localDirectory(root: string, options: LocalDirectoryOptions = {}): WritableBackend<LocalHandle> {
  return new LocalDirectory(root, options);
}

class LocalDirectory implements WritableBackend<LocalHandle> {
  readonly volume: Volume;
  readonly streams: LocalStreams;
  readonly eas: LocalEas;
  readonly descriptors: LocalDescriptors;
  readonly extents?: LocalExtents;
  readonly copies: LocalCopies;
  readonly links: LocalLinks;
  readonly locks?: LocalLocks;
  readonly snapshots?: LocalSnapshots;
  readonly #containment: Containment;
  readonly #watchBudget = { left: MOST_WATCHES };
  readonly #facts: Facts;
  readonly #dos: DosAttributes | undefined;
  readonly #entries: EntryReader | undefined;
  readonly #places: Places;
  readonly #naming: Naming;
  readonly #data = new DataIo();
  readonly #store: AttributeStore;
  readonly #options: LocalDirectoryOptions;

  constructor(root: string, options: LocalDirectoryOptions) {
    this.#options = options;
    const { containment, libc, former } = reachOf(root, options);
    this.#containment = containment;
    const at = this.#containment.root;
    const stats = statSync(nativePath(at), { bigint: true });
    if (!stats.isDirectory()) throw new UsageError(`${root} is no directory`);
    const place = privatePlace(this.#containment, options.sidecar);
    const limit = options.sidecarLimit ?? 100_000;
    this.#dos = libc && new DosAttributes(libc);
    const descriptorName = descriptorAttribute(options.descriptorName);
    this.#entries = libc && this.#dos && new EntryReader(libc, this.#dos, descriptorName);
    const facts = { dev: stats.dev, hideDotFiles: options.hideDotFiles ?? true, libc };
    this.#facts = new Facts(new Sidecar(place, limit), this.#dos, facts);
    this.#store = new AttributeStore(libc, new NodeFiles(place, limit));
    this.#places = new Places(this.#containment, libc, (place, stats) => this.#leaving(place, stats));
    this.#naming = new Naming(this.#containment, this.#places, options.clock ?? systemClock);
    const refOf = (handle: LocalHandle): NodeRef => this.#refOf(handle);
    const data = this.#dataHost();
    this.streams = new LocalStreams({
      store: this.#store,
      overflow: new Overflow(place),
      data: this.#data,
      refOf,
      close: (handle) => this.close(handle),
      opened: (node, access, stream) => this.#openStream(node, access, stream),
    });
    this.eas = new LocalEas(this.#store, refOf, descriptorName);
    this.descriptors = new LocalDescriptors(this.#store, refOf, descriptorName);
    if (libc !== undefined) this.extents = new LocalExtents(libc, data);
    if (libc !== undefined && options.advisoryLocks !== false) this.locks = new LocalLocks(libc);
    this.copies = new LocalCopies(libc, data, libc !== undefined && canClone(libc, at));
    this.links = new LocalLinks({
      containment: this.#containment,
      libc,
      making: (path, make) => this.#naming.adding(path, make),
    });
    const serve = (state: string) => readOnly(localDirectory(state, { ...options, snapshots: false }));
    if (former !== undefined) this.snapshots = new LocalSnapshots(former.directory, serve);
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
    return this.#opened(new LocalHandle(at, found, access), found.stats);
  }

  create(path: Path, kind: 'file' | 'directory', attributes: number): Opened<LocalHandle> {
    if (path === '') throw new StatusError(NtStatus.ObjectNameCollision, { path });
    const at = toMedium(path);
    const access = { read: true, write: true };
    const mode = kind === 'file' ? (this.#options.fileMode ?? 0o666) : (this.#options.directoryMode ?? 0o777);
    const found = this.#naming.make(path, kind, mode);
    const handle = new LocalHandle(at, found, access);
    this.#places.add(handle);
    try {
      // A new node has no stored attributes yet.
      const info = this.#facts.of(found.stats, at, undefined);
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
    if (handle.stream !== undefined) this.streams.closed(handle.stream);
  }

  stat(handle: LocalHandle): NodeInfo {
    demandOpen(handle);
    try {
      return this.#infoOf(handle, this.#statsOf(handle));
    } catch (error) {
      throw statusErrorOf(error);
    }
  }

  read(handle: LocalHandle, into: Uint8Array, offset: number): Eventually<number> {
    demandData(handle, handle.readable);
    if (handle.stream !== undefined) return handle.stream.read(this.#refOf(handle), into, offset);
    return this.#data.read(handle, into, offset);
  }

  write(handle: LocalHandle, from: Uint8Array, offset: number): Eventually<void> {
    demandData(handle, handle.writable);
    if (handle.stream !== undefined) return handle.stream.write(this.#refOf(handle), from, offset);
    return this.#data.write(handle, from, offset);
  }

  truncate(handle: LocalHandle, size: number): Eventually<void> {
    demandData(handle, handle.writable);
    if (handle.stream !== undefined) return handle.stream.truncate(this.#refOf(handle), size);
    return handle.useAlone((fd) => answer((done) => ftruncate(fd, size, done)));
  }

  flush(handle: LocalHandle): Eventually<void> {
    demandOpen(handle);
    if (handle.stream !== undefined) return handle.stream.flush(this.#refOf(handle));
    // Handles without data access have nothing to flush, and the system would refuse.
    if (handle.kind !== 'file' || !(handle.readable || handle.writable)) return;
    return handle.use((fd) => answer((done) => fsync(fd, done)));
  }

  list(handle: LocalHandle): AsyncIterable<readonly DirectoryEntry[]> {
    demandOpen(handle);
    if (handle.kind !== 'directory') throw new StatusError(NtStatus.NotADirectory);
    const isHidden = (path: ByteString): boolean => isPrivate(this.#containment, path);
    const listing = {
      containment: this.#containment,
      facts: this.#facts,
      dos: this.#dos,
      entries: this.#entries,
      isHidden,
    };
    return listDirectory(listing, this.#via(handle), handle);
  }

  setInfo(handle: LocalHandle, change: InfoChange): void {
    demandOpen(handle);
    // Without a descriptor of the symlink itself, this would change its target.
    if (handle.kind === 'symlink' && handle.fd < 0) throw new StatusError(NtStatus.NotSupported);
    try {
      this.#facts.change(this.#via(handle), handle.path, change);
    } catch (error) {
      throw statusErrorOf(error);
    }
  }

  rename(handle: LocalHandle, to: Path, replace: boolean): void {
    demandOpen(handle);
    if (to === '') throw new StatusError(NtStatus.ObjectNameCollision, { path: to });
    this.#naming.rename(handle, to, replace);
  }

  remove(handle: LocalHandle): void {
    demandOpen(handle);
    this.#naming.remove(handle);
  }

  hardLink(node: LocalHandle, to: Path, replace: boolean): void {
    demandOpen(node);
    if (to === '') throw new StatusError(NtStatus.ObjectNameCollision, { path: to });
    if (node.kind === 'directory') throw new StatusError(NtStatus.FileIsADirectory);
    this.#naming.link(node, to, replace);
  }

  pathOf(id: bigint): Path | undefined {
    for (const handle of this.#places.open) {
      if (this.#facts.idOf(handle) === id && !handle.throughLink) return wirePath(handle.path);
    }
    return undefined;
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
      if (directory === '' && isPrivate(this.#containment, toMedium(name))) return undefined;
      return await this.#naming.find(this.#via(opened.handle), directory, name);
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
    const bounds = { limit, budget: this.#watchBudget };
    return new LocalWatch(this.#containment, toMedium(directory), recursive, bounds, report);
  }

  /** What is stored elsewhere for a node is deleted along with its last name. */
  #leaving(at: ByteString, stats: BigIntStats): () => void {
    const ref = { at, id: this.#facts.idOf(stats), birth: stats.birthtimeNs };
    // Asked before the removal, as the last name may be the only way to the node.
    const large = stats.isSymbolicLink() ? [] : this.streams.large(ref);
    return () => {
      this.#facts.forget(stats);
      this.streams.forget(ref, large);
      this.#store.forget(ref.id);
    };
  }

  #via(handle: LocalHandle): ByteString {
    return this.#containment.via(handle.fd, handle.path);
  }

  #refOf(handle: LocalHandle): NodeRef {
    demandOpen(handle);
    const via = (): ByteString => this.#via(handle);
    return {
      get at() {
        return via();
      },
      fd: handle.hasData ? handle.fd : undefined,
      id: this.#facts.idOf(handle),
      birth: handle.birth,
    };
  }

  #opened(handle: LocalHandle, stats: BigIntStats): Opened<LocalHandle> {
    try {
      const info = this.#infoOf(handle, stats);
      this.#places.add(handle);
      return { handle, info };
    } catch (error) {
      handle.close();
      throw statusErrorOf(error);
    }
  }

  #openStream(node: LocalHandle, access: OpenAccess, stream: LocalStream): Opened<LocalHandle> {
    const fd = this.#containment.again(node.fd, node.path);
    const stats = fd >= 0 ? fstatSync(fd, { bigint: true }) : this.#statsOf(node);
    return this.#opened(new LocalHandle(node.path, { fd, stats, link: undefined }, access, stream), stats);
  }

  #statsOf(handle: LocalHandle): BigIntStats {
    if (handle.fd >= 0) return fstatSync(handle.fd, { bigint: true });
    if (handle.kind === 'symlink') return this.#places.statsOf(handle);
    return lstatSync(nativePath(this.#via(handle)), { bigint: true });
  }

  #infoOf(handle: LocalHandle, stats: BigIntStats): NodeInfo {
    const dos = this.#dos && (handle.hasData ? this.#dos.of(handle.fd) : this.#dos.at(this.#via(handle)));
    const info = this.#facts.of(stats, handle.path, dos);
    if (handle.stream === undefined) return info;
    return { ...info, ...handle.stream.sizes(this.#refOf(handle)) };
  }

  #dataHost(): DataHost {
    return {
      demandData,
      size: (handle) => handle.stream?.sizes(this.#refOf(handle)).size ?? fstatSync(handle.fd).size,
      read: (handle, into, offset) => this.read(handle, into, offset),
      write: (handle, from, offset) => this.write(handle, from, offset),
    };
  }
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
