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
import { type Clock, systemClock } from '../clock.js';
import { Budget, Chunks } from './chunks.js';
import { MemoryEas } from './eas.js';
import { contentOf, MemoryHandle, opened } from './handle.js';
import { MemoryNode, NODE_COST } from './node.js';
import { MemoryCopies, MemoryExtents } from './ranges.js';
import { MemoryStreams } from './streams.js';

export interface MemoryOptions {
  /** Bytes that files and directories may take together, DiskFull beyond. Default 1 GiB. */
  readonly limit?: number;
  readonly clock?: Clock;
  readonly label?: string;
}

/** A tree of nodes in memory: for tests, scratch shares, and as the plainest example of a back end. */
export function memory(options: MemoryOptions = {}): WritableBackend<MemoryHandle> {
  return new Memory(options);
}

const BATCH = 128;
const UNIT = 4096;
const LONGEST_NAME = 255;
/** Each is a medium of its own, which its serial number tells. */
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
  readonly extents: MemoryExtents;
  readonly copies: MemoryCopies;
  readonly #clock: Clock;
  readonly #budget: Budget;
  readonly #root: MemoryNode;
  readonly #watchers = new Set<Watcher>();
  #lastId = 0n;

  constructor(options: MemoryOptions) {
    this.#clock = options.clock ?? systemClock;
    this.#budget = new Budget(options.limit ?? 1024 ** 3);
    this.#root = this.#make('directory', '', 0);
    this.streams = new MemoryStreams(this.#clock, this.#budget);
    this.eas = new MemoryEas(this.#clock, this.#budget);
    const changed = (node: MemoryNode): void => this.#modified(node);
    this.extents = new MemoryExtents(changed);
    this.copies = new MemoryCopies(changed);
    this.volume = {
      label: options.label ?? 'memory',
      serial: (0x4d45_4d00 + ++instances) >>> 0,
      fileSystem: 'NTFS',
      creationTime: this.#root.creationTime,
      caseSensitive: true,
      maxNameLength: LONGEST_NAME,
    };
  }

  open(path: Path, access: OpenAccess): Opened<MemoryHandle> {
    const { parent, name } = this.#placeOf(path);
    const node = path === '' ? this.#root : parent.children.get(name);
    if (node === undefined) throw new StatusError(NtStatus.ObjectNameNotFound, { path });
    return this.#handle(node, access);
  }

  create(path: Path, kind: 'file' | 'directory', attributes: number): Opened<MemoryHandle> {
    const { parent, name } = this.#placeOf(path);
    if (path === '' || parent.children.has(name)) throw new StatusError(NtStatus.ObjectNameCollision, { path });
    this.#budget.take(NODE_COST);
    const node = this.#make(kind, name, attributes & SETTABLE_ATTRIBUTES);
    this.#attach(node, parent, name);
    return this.#handle(node, { read: true, write: true });
  }

  close(handle: MemoryHandle): void {
    if (handle.closed) return;
    handle.closed = true;
    this.streams.closed(handle);
    handle.node.handles--;
    this.#bury(handle.node);
  }

  stat(handle: MemoryHandle): NodeInfo {
    return this.#info(opened(handle), handle.stream?.content);
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
    // A Map may be changed while it is walked; a renamed entry comes again at the end.
    const seen = new Set<MemoryNode>();
    for (const [name, child] of node.children) {
      if (seen.has(child)) continue;
      seen.add(child);
      batch.push({ name, info: this.#info(child) });
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
    const node = this.#named(handle);
    const { parent, name } = this.#placeOf(to);
    if (to === '') throw new StatusError(NtStatus.ObjectNameCollision, { path: to });
    if (parent === node || parent.isBelow(node)) throw new StatusError(NtStatus.InvalidParameter, { path: to });
    const there = parent.children.get(name);
    if (there === node) return;
    if (there !== undefined && (!replace || there.kind === 'directory')) {
      throw new StatusError(NtStatus.ObjectNameCollision, { path: to });
    }
    if (there !== undefined) this.#detach(there);
    this.#detach(node);
    this.#attach(node, parent, name);
    node.changeTime = this.#clock();
  }

  remove(handle: MemoryHandle): void {
    const node = this.#named(handle);
    if (node.children.size > 0) throw new StatusError(NtStatus.DirectoryNotEmpty);
    this.#detach(node);
  }

  space(): Space {
    return { total: this.#budget.limit, free: this.#budget.limit - this.#budget.used, unit: UNIT };
  }

  watch(directory: Path, recursive: boolean, report: (change: MediumChange) => void): MediumWatch {
    const { handle } = this.open(directory, { read: false, write: false });
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

  #make(kind: 'file' | 'directory', name: string, attributes: number): MemoryNode {
    return new MemoryNode(++this.#lastId, kind, name, new Chunks(this.#budget), attributes, this.#clock());
  }

  #handle(node: MemoryNode, access: OpenAccess): Opened<MemoryHandle> {
    node.handles++;
    return { handle: new MemoryHandle(node, access), info: this.#info(node) };
  }

  #info(node: MemoryNode, content?: Chunks): NodeInfo {
    return node.info(node.parent === undefined && node !== this.#root ? 0 : 1, content);
  }

  #modified(node: MemoryNode): void {
    node.modified(this.#clock());
    this.#tell('modified', node);
  }

  /** The directory of the last component, which need not exist. For '' the root and ''. */
  #placeOf(path: Path): { parent: MemoryNode; name: string } {
    let parent = this.#root;
    if (path === '') return { parent, name: '' };
    const components = path.split('/');
    const name = components.pop() as string;
    for (const component of components) {
      demandName(component, path);
      const child = parent.children.get(component);
      if (child?.kind !== 'directory') throw new StatusError(NtStatus.ObjectPathNotFound, { path });
      parent = child;
    }
    demandName(name, path);
    return { parent, name };
  }

  #named(handle: MemoryHandle): MemoryNode {
    const node = opened(handle);
    if (node === this.#root) throw new StatusError(NtStatus.AccessDenied, { hint: 'the root' });
    if (node.parent === undefined) throw new StatusError(NtStatus.ObjectNameNotFound);
    return node;
  }

  #attach(node: MemoryNode, parent: MemoryNode, name: string): void {
    node.name = name;
    node.parent = parent;
    parent.children.set(name, node);
    parent.modified(this.#clock());
    this.#tell('added', node);
  }

  #detach(node: MemoryNode): void {
    this.#tell('removed', node);
    node.parent?.children.delete(node.name);
    node.parent?.modified(this.#clock());
    node.parent = undefined;
    this.#bury(node);
  }

  /** Gives back what a node took once it has neither name nor handle. */
  #bury(node: MemoryNode): void {
    // A node on its way to another place is without a name for a moment, but its renamer has it open.
    if (node.parent !== undefined || node.handles > 0 || node === this.#root) return;
    node.content.clear();
    this.streams.clear(node);
    this.eas.clear(node);
    this.#budget.giveBack(NODE_COST);
  }

  #tell(what: MediumChange['what'], node: MemoryNode): void {
    if (this.#watchers.size === 0 || node.parent === undefined) return;
    const names: string[] = [];
    for (let up: MemoryNode | undefined = node; up?.parent !== undefined; up = up.parent) names.unshift(up.name);
    const path = names.join('/');
    for (const { directory, recursive, report } of this.#watchers) {
      if (node.parent === directory || (recursive && node.isBelow(directory))) report({ what, path });
    }
  }
}

function demandName(name: string, path: Path): void {
  const bad = name === '' || name === '.' || name === '..' || name.length > LONGEST_NAME || /[\0\\]/.test(name);
  if (bad) throw new StatusError(NtStatus.ObjectNameInvalid, { path });
}
