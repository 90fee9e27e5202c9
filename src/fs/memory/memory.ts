import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileAttributes, SETTABLE_ATTRIBUTES } from '#wire/fscc/attributes.js';
import type {
  DirectoryEntry,
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
import type { Links } from '../capabilities.js';
import { type Clock, systemClock } from '../clock.js';
import { Budget, Chunks } from './chunks.js';
import { MemoryDescriptors } from './descriptors.js';
import { MemoryEas } from './eas.js';
import { contentOf, MemoryHandle, opened } from './handle.js';
import { Entry, MemoryNode, NODE_COST } from './node.js';
import { MemoryCopies, MemoryExtents } from './ranges.js';
import { MemoryStreams } from './streams.js';
import { LONGEST_NAME, type Place, Tree } from './tree.js';

export interface MemoryOptions {
  /** Bytes that files and directories may take together; DiskFull beyond that. Default 1 GiB. */
  readonly limit?: number;
  readonly clock?: Clock;
  readonly label?: string;
}

/** A tree of nodes in memory: for tests, scratch shares, and as the simplest example of a back end. */
export function memory(options: MemoryOptions = {}): WritableBackend<MemoryHandle> {
  return new Memory(options);
}

const BATCH = 128;
const UNIT = 4096;
const LONGEST_TARGET = 4095;
const NO_DATA = { read: false, write: false };
/** Counts instances, as each is a volume with its own serial number. */
let instances = 0;

interface Watcher extends MediumWatch {
  readonly directory: MemoryNode;
  readonly recursive: boolean;
  readonly report: (change: MediumChange) => void;
}

class Memory implements WritableBackend<MemoryHandle> {
  readonly volume: Volume;
  readonly streams: MemoryStreams;
  readonly eas: MemoryEas;
  readonly descriptors: MemoryDescriptors;
  readonly extents: MemoryExtents;
  readonly copies: MemoryCopies;
  readonly links: Links<MemoryHandle>;
  readonly #clock: Clock;
  readonly #budget: Budget;
  readonly #tree: Tree;
  readonly #byId = new Map<bigint, MemoryNode>();
  readonly #watchers = new Set<Watcher>();
  #lastId = 0n;

  constructor(options: MemoryOptions) {
    this.#clock = options.clock ?? systemClock;
    this.#budget = new Budget(options.limit ?? 1024 ** 3);
    const root = this.#make('directory', 0);
    this.#tree = new Tree(root);
    this.streams = new MemoryStreams(this.#clock, this.#budget);
    this.eas = new MemoryEas(this.#clock, this.#budget);
    this.descriptors = new MemoryDescriptors(this.#clock, this.#budget);
    const changed = (node: MemoryNode): void => this.#modified(node);
    this.extents = new MemoryExtents(changed);
    this.copies = new MemoryCopies(changed);
    this.links = { target: targetOf, make: (path, target) => this.#makeLink(path, target) };
    this.volume = {
      label: options.label ?? 'memory',
      serial: (0x4d45_4d00 + ++instances) >>> 0,
      fileSystem: 'NTFS',
      creationTime: root.creationTime,
      caseSensitive: true,
      maxNameLength: LONGEST_NAME,
    };
  }

  open(path: Path, access: OpenAccess): Opened<MemoryHandle> {
    const entry = this.#tree.find(path);
    const node = access.link === true ? entry.node : this.#tree.behind(entry);
    if (node === undefined) throw new StatusError(NtStatus.AccessDenied, { hint: 'symlink' });
    return this.#handle(node, entry, access);
  }

  create(path: Path, kind: 'file' | 'directory', attributes: number): Opened<MemoryHandle> {
    const place = this.#freePlace(path);
    const entry = this.#add(this.#make(kind, attributes & SETTABLE_ATTRIBUTES), place);
    return this.#handle(entry.node, entry, { read: true, write: true });
  }

  close(handle: MemoryHandle): void {
    if (handle.closed) return;
    handle.closed = true;
    this.streams.closed(handle);
    handle.node.handles--;
    this.#bury(handle.node);
  }

  stat(handle: MemoryHandle): NodeInfo {
    return opened(handle).info(handle.stream?.content);
  }

  read(handle: MemoryHandle, into: Uint8Array, offset: number): number {
    return contentOf(handle, handle.access.read).read(into, offset);
  }

  write(handle: MemoryHandle, from: Uint8Array, offset: number): void {
    const { node } = handle;
    const content = contentOf(handle, handle.access.write);
    if (!Number.isSafeInteger(offset + from.length)) throw new StatusError(NtStatus.DiskFull);
    content.write(from, offset);
    this.#modified(node);
  }

  truncate(handle: MemoryHandle, size: number): void {
    const { node } = handle;
    contentOf(handle, handle.access.write).truncate(size);
    this.#modified(node);
  }

  flush(handle: MemoryHandle): void {
    opened(handle);
  }

  async *list(handle: MemoryHandle): AsyncGenerator<readonly DirectoryEntry[]> {
    const node = opened(handle);
    if (node.kind !== 'directory') throw new StatusError(NtStatus.NotADirectory);
    let batch: DirectoryEntry[] = [];
    // The Map may change during iteration, and a renamed entry then comes again at the end.
    const seen = new Set<Entry>();
    for (const [name, entry] of node.children) {
      const behind = seen.has(entry) ? undefined : this.#tree.behind(entry);
      seen.add(entry);
      if (behind === undefined) continue;
      batch.push({ name, info: behind.info() });
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }

  setInfo(handle: MemoryHandle, change: InfoChange): void {
    const node = opened(handle);
    if (change.attributes !== undefined) {
      node.attributes = (node.attributes & ~SETTABLE_ATTRIBUTES) | (change.attributes & SETTABLE_ATTRIBUTES);
    }
    if (change.sparse !== undefined) {
      const { SparseFile } = FileAttributes;
      node.attributes = change.sparse ? node.attributes | SparseFile : node.attributes & ~SparseFile;
    }
    node.creationTime = change.creationTime ?? node.creationTime;
    node.lastAccessTime = change.lastAccessTime ?? node.lastAccessTime;
    node.lastWriteTime = change.lastWriteTime ?? node.lastWriteTime;
    node.changeTime = change.changeTime ?? this.#clock();
    this.#tell('modified', node);
  }

  rename(handle: MemoryHandle, to: Path, replace: boolean): void {
    const entry = this.#named(handle);
    const { node } = entry;
    const { parent, name } = this.#tree.placeOf(to);
    if (to === '') throw new StatusError(NtStatus.ObjectNameCollision, { path: to });
    if (parent === node || parent.isBelow(node)) throw new StatusError(NtStatus.InvalidParameter, { path: to });
    const there = parent.children.get(name);
    if (there === entry) return;
    if (there !== undefined) this.#makeWay(there, replace, to);
    this.#detach(entry, true);
    this.#attach(entry, parent, name);
    node.changeTime = this.#clock();
  }

  remove(handle: MemoryHandle): void {
    const entry = this.#named(handle);
    if (entry.node.children.size > 0) throw new StatusError(NtStatus.DirectoryNotEmpty);
    this.#detach(entry);
  }

  hardLink(handle: MemoryHandle, to: Path, replace: boolean): void {
    const node = opened(handle);
    if (to === '') throw new StatusError(NtStatus.ObjectNameCollision, { path: to });
    if (node.kind === 'directory') throw new StatusError(NtStatus.FileIsADirectory);
    if (node.entries.size === 0) throw new StatusError(NtStatus.ObjectNameNotFound);
    const { parent, name } = this.#tree.placeOf(to);
    const there = parent.children.get(name);
    if (there !== undefined && replace && there.node === node) return;
    if (there !== undefined) this.#makeWay(there, replace, to);
    this.#attach(new Entry(node, name), parent, name);
    node.changeTime = this.#clock();
  }

  pathOf(id: bigint): Path | undefined {
    for (const entry of this.#byId.get(id)?.entries ?? []) return pathOf(entry);
    return undefined;
  }

  space(): Space {
    return { total: this.#budget.limit, free: this.#budget.limit - this.#budget.used, unit: UNIT };
  }

  watch(directory: Path, recursive: boolean, report: (change: MediumChange) => void): MediumWatch {
    const { handle } = this.open(directory, NO_DATA);
    const watcher: Watcher = {
      directory: handle.node,
      recursive,
      report,
      close: () => void this.#watchers.delete(watcher),
    };
    this.close(handle);
    this.#watchers.add(watcher);
    return watcher;
  }

  #make(kind: MemoryNode['kind'], attributes: number): MemoryNode {
    const node = new MemoryNode(++this.#lastId, kind, new Chunks(this.#budget), attributes, this.#clock());
    this.#byId.set(node.id, node);
    return node;
  }

  #makeLink(path: Path, target: string): void {
    const place = this.#freePlace(path);
    const bad = target === '' || target.length > LONGEST_TARGET || target.includes('\0');
    if (bad) throw new StatusError(NtStatus.InvalidParameter, { path });
    const { node } = this.#add(this.#make('symlink', FileAttributes.ReparsePoint), place);
    node.target = target;
  }

  #freePlace(path: Path): Place {
    const place = this.#tree.placeOf(path);
    const taken = path === '' || place.parent.children.has(place.name);
    if (taken) throw new StatusError(NtStatus.ObjectNameCollision, { path });
    return place;
  }

  #add(node: MemoryNode, { parent, name }: Place): Entry {
    this.#budget.take(NODE_COST);
    const entry = new Entry(node, name);
    this.#attach(entry, parent, name);
    return entry;
  }

  #handle(node: MemoryNode, entry: Entry, access: OpenAccess): Opened<MemoryHandle> {
    node.handles++;
    return { handle: new MemoryHandle(node, entry, access), info: node.info() };
  }

  #modified(node: MemoryNode): void {
    node.modified(this.#clock());
    this.#tell('modified', node);
  }

  /** The name that a handle was opened by. */
  #named(handle: MemoryHandle): Entry {
    opened(handle);
    const { entry } = handle;
    if (entry === this.#tree.root) throw new StatusError(NtStatus.AccessDenied, { hint: 'the root' });
    if (entry.parent === undefined) throw new StatusError(NtStatus.ObjectNameNotFound);
    return entry;
  }

  #makeWay(there: Entry, replace: boolean, path: Path): void {
    if (!replace || there.node.kind === 'directory') throw new StatusError(NtStatus.ObjectNameCollision, { path });
    this.#detach(there);
  }

  #attach(entry: Entry, parent: MemoryNode, name: string): void {
    entry.name = name;
    entry.parent = parent;
    entry.node.entries.add(entry);
    parent.children.set(name, entry);
    parent.modified(this.#clock());
    this.#report('added', entry);
  }

  /** `moving`: the node gets another name right away. */
  #detach(entry: Entry, moving = false): void {
    this.#report('removed', entry);
    entry.parent?.children.delete(entry.name);
    entry.parent?.modified(this.#clock());
    entry.parent = undefined;
    entry.node.entries.delete(entry);
    if (!moving) this.#bury(entry.node);
  }

  /** Releases a node's memory once it has neither name nor handle. */
  #bury(node: MemoryNode): void {
    if (node.entries.size > 0 || node.handles > 0) return;
    node.content.clear();
    this.streams.clear(node);
    this.eas.clear(node);
    this.descriptors.clear(node);
    this.#byId.delete(node.id);
    this.#budget.giveBack(NODE_COST);
  }

  #tell(what: MediumChange['what'], node: MemoryNode): void {
    for (const entry of node.entries) this.#report(what, entry);
  }

  #report(what: MediumChange['what'], entry: Entry): void {
    const { parent } = entry;
    if (this.#watchers.size === 0 || parent === undefined) return;
    const path = pathOf(entry);
    for (const { directory, recursive, report } of this.#watchers) {
      if (parent === directory || (recursive && parent.isBelow(directory))) report({ what, path });
    }
  }
}

function pathOf(entry: Entry): Path {
  const names: string[] = [];
  let at: Entry | undefined = entry;
  while (at?.parent !== undefined) {
    names.unshift(at.name);
    [at] = at.parent.entries;
  }
  return names.join('/');
}

function targetOf(link: MemoryHandle): string {
  const node = opened(link);
  if (node.kind !== 'symlink') throw new StatusError(NtStatus.NotAReparsePoint);
  return node.target;
}
