import { constants, type Dir, fstatSync, lstatSync, readSync, type Stats } from 'node:fs';
import {
  chmod,
  type FileHandle,
  lstat,
  mkdir,
  open,
  opendir,
  readlink,
  rename,
  rmdir,
  stat,
  symlink,
  unlink,
  utimes,
} from 'node:fs/promises';
import { basename, join as joinLocal, resolve } from 'node:path';
import { AtOnce } from '#fs/local/at-once.js';
import { dataRanges } from '#fs/local/data-ranges.js';
import { TransferError } from './errors.js';
import {
  ANY_WRITE,
  alreadyThere,
  changed,
  checkEmpty,
  isReadOnly,
  noFile,
  READONLY,
  readNow,
  readOnly,
  utimesOf,
  writeNow,
} from './local-small.js';
import { localFault } from './names.js';
import {
  type Extent,
  type Facts,
  type FileTree,
  isVersion,
  type SmallFile,
  type SourceFile,
  type TargetFile,
  type TreeControl,
  type TreeEntry,
  type Version,
} from './tree.js';

const BLOCK = 512;
/** Limit of one synchronous read: takes 0.1 ms from memory. */
const AT_ONCE = 1024 * 1024;
/** Directory entries examined together. */
const BATCH = 32;
/** Stands for bytes that are not UTF-8. Such a name cannot be looked up. */
const NO_CHARACTER = '\ufffd';

/** Status of an open file. Synchronous: the kernel answers at once, and a trip through the thread pool costs more. */
function factsOf(file: FileHandle): Stats {
  return fstatSync(file.fd);
}

/** Decides whether calls are made synchronously: only as long as they are quick. */
type Calls = Pick<AtOnce, 'next' | 'took'>;

/** Makes a synchronous call and records how long it took. */
function now<T>(calls: Calls, work: () => T): T {
  const start = performance.now();
  try {
    return work();
  } finally {
    calls.took(performance.now() - start);
  }
}

class LocalFile implements TargetFile {
  readonly #file: FileHandle;
  readonly #calls: Calls;

  constructor(file: FileHandle, calls: Calls) {
    this.#file = file;
    this.#calls = calls;
  }

  async inspect(): Promise<{ size: number; mtime: Date }> {
    const { size, mtime } = factsOf(this.#file);
    return { size, mtime };
  }

  async read(into: Uint8Array, position: number, { signal }: TreeControl): Promise<number> {
    let fill = 0;
    while (fill < into.length) {
      signal?.throwIfAborted();
      const atOnce = this.#calls.next();
      const got = atOnce ? this.#readNow(into, fill, position) : await this.#readLater(into, fill, position);
      if (got === 0) break;
      fill += got;
    }
    return fill;
  }

  #readNow(into: Uint8Array, fill: number, position: number): number {
    const length = Math.min(AT_ONCE, into.length - fill);
    return now(this.#calls, () => readSync(this.#file.fd, into, fill, length, position + fill));
  }

  async #readLater(into: Uint8Array, fill: number, position: number): Promise<number> {
    return (await this.#file.read(into, fill, into.length - fill, position + fill)).bytesRead;
  }

  async write(data: Uint8Array, position: number, { signal }: TreeControl): Promise<void> {
    for (let done = 0; done < data.length; ) {
      signal?.throwIfAborted();
      done += (await this.#file.write(data, done, data.length - done, position + done)).bytesWritten;
    }
  }

  async extents(size: number): Promise<readonly Extent[] | undefined> {
    return dataRanges(this.#file.fd, size);
  }

  truncate(size: number): Promise<void> {
    return this.#file.truncate(size);
  }

  async makeSparse(): Promise<void> {
    // Local files are sparse without asking.
  }

  async finish(facts: Facts, durable: boolean): Promise<void> {
    const times = utimesOf(facts);
    if (times) await this.#file.utimes(...times);
    if (isReadOnly(facts)) await this.#file.chmod(readOnly(factsOf(this.#file).mode));
    if (durable) await this.#file.sync();
    await this.#file.close();
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

/** A directory of this machine. Nothing outside of it is read or written, whatever names a share sends. */
export class LocalTree implements FileTree {
  readonly #root: string;
  readonly #calls: Calls;

  constructor(root: string, calls: Calls = new AtOnce()) {
    this.#root = resolve(root);
    this.#calls = calls;
  }

  show(path: string): string {
    return path === '' ? this.#root : joinLocal(this.#root, path);
  }

  #at(path: string): string {
    for (const name of path === '' ? [] : path.split('/')) {
      const fault = localFault(name, process.platform);
      if (fault !== undefined) throw new TransferError('TRANSFER_BAD_NAME', `${JSON.stringify(name)}: ${fault}`);
    }
    return joinLocal(this.#root, path);
  }

  async *list(path: string, { signal }: TreeControl): AsyncGenerator<TreeEntry, void, undefined> {
    const place = this.#at(path);
    const directory = await opendir(place, { bufferSize: BATCH });
    let garbled: string | undefined;
    try {
      for (let full = true; full; ) {
        signal?.throwIfAborted();
        const atOnce = this.#calls.next();
        const batch = atOnce ? now(this.#calls, () => batchNow(directory, place)) : await batchLater(directory, place);
        full = batch.length === BATCH;
        for (const entry of batch) {
          if (typeof entry !== 'string') yield entry;
          else if (entry.includes(NO_CHARACTER)) garbled ??= entry;
        }
      }
    } finally {
      await directory.close();
    }
    // After all other entries, so that it does not hide them.
    if (garbled !== undefined) throw new TransferError('TRANSFER_BAD_NAME', `${JSON.stringify(garbled)} is no UTF-8`);
  }

  async stat(path: string, { follow = false }: { follow?: boolean }): Promise<TreeEntry | undefined> {
    const place = this.#at(path);
    try {
      return entryOf(basename(place), follow ? await stat(place) : await lstat(place));
    } catch (error) {
      return notThere(error);
    }
  }

  async open(path: string, options: { follow?: boolean }): Promise<SourceFile> {
    const file = await open(this.#at(path), flagsOf(options));
    try {
      const facts = factsOf(file);
      if (!facts.isFile()) throw noFile(this.show(path));
      if (facts.size === 0) checkEmpty(file.fd);
      return new LocalFile(file, this.#calls);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async create(path: string): Promise<TargetFile> {
    return new LocalFile(await open(this.#at(path), 'wx+'), this.#calls);
  }

  async reopen(path: string): Promise<TargetFile> {
    const flags = constants.O_RDWR | (constants.O_NOFOLLOW ?? 0);
    return new LocalFile(await open(this.#at(path), flags), this.#calls);
  }

  async readSmall(path: string, version: Version, options: TreeControl & { follow?: boolean }): Promise<Uint8Array> {
    if (this.#calls.next()) return now(this.#calls, () => readNow(this.#at(path), flagsOf(options), version));
    const file = await this.open(path, options);
    try {
      const data = new Uint8Array(version.size);
      const got = await file.read(data, 0, options);
      if (got === version.size && isVersion(await file.inspect(options), version)) return data;
      throw changed();
    } finally {
      await file.close();
    }
  }

  async writeSmall(small: SmallFile, control: TreeControl): Promise<void> {
    const { path, partial, data, facts, replace } = small;
    if (this.#calls.next()) return now(this.#calls, () => writeNow(this.#at(partial), this.#at(path), small));
    const file = await this.create(partial);
    try {
      await file.write(data, 0, control);
      await file.finish(facts, false, control);
      await this.rename(partial, path, replace);
    } catch (error) {
      await file.close().catch(() => undefined);
      await unlink(this.#at(partial)).catch(() => undefined);
      throw error;
    }
  }

  async mkdir(path: string): Promise<void> {
    const place = this.#at(path);
    try {
      await mkdir(place, { recursive: path === '' });
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
      // The top may be a link, since the user named it. A link below it would lead outside.
      const there = path === '' ? await stat(place) : await lstat(place);
      if (there.isDirectory()) return;
      const what = there.isSymbolicLink() ? 'a symbolic link, which is not followed' : 'there, and no directory';
      throw new TransferError('TRANSFER_KIND', `${place} is ${what}`, { cause: error });
    }
  }

  async rename(from: string, to: string, replace: boolean): Promise<void> {
    const place = this.#at(to);
    if (!replace && (await exists(place))) throw alreadyThere(place);
    await rename(this.#at(from), place);
  }

  remove(path: string, directory: boolean): Promise<void> {
    return directory ? rmdir(this.#at(path)) : unlink(this.#at(path));
  }

  async setFacts(path: string, facts: Facts): Promise<void> {
    const place = this.#at(path);
    const times = utimesOf(facts);
    if (times) await utimes(place, ...times);
    if (!isReadOnly(facts)) return;
    const info = await lstat(place);
    // A read-only directory would get in the way of the next transfer.
    if (info.isFile()) await chmod(place, readOnly(info.mode));
  }

  readLink(path: string): Promise<string> {
    return readlink(this.#at(path));
  }

  makeLink(path: string, target: string): Promise<void> {
    return symlink(target, this.#at(path));
  }

  nameFault(name: string): string | undefined {
    return localFault(name, process.platform);
  }
}

/** Without O_NONBLOCK, opening a pipe that has replaced the file would block. */
function flagsOf({ follow = false }: { readonly follow?: boolean }): number {
  return constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (follow ? 0 : (constants.O_NOFOLLOW ?? 0));
}

/** The next entries of a directory; for one that has disappeared since, only its name. */
function batchNow(directory: Dir, place: string): (TreeEntry | string)[] {
  const batch = [];
  for (let next = directory.readSync(); next !== null; next = batch.length < BATCH ? directory.readSync() : null) {
    const info = lstatSync(joinLocal(place, next.name), { throwIfNoEntry: false });
    batch.push(info ? entryOf(next.name, info) : next.name);
  }
  return batch;
}

async function batchLater(directory: Dir, place: string): Promise<(TreeEntry | string)[]> {
  const names: string[] = [];
  for (let next = await directory.read(); next !== null; next = names.length < BATCH ? await directory.read() : null) {
    names.push(next.name);
  }
  const look = (name: string): Promise<TreeEntry | string> =>
    lstat(joinLocal(place, name)).then(
      (info) => entryOf(name, info),
      (error) => notThere(error) ?? name,
    );
  return Promise.all(names.map(look));
}

function entryOf(name: string, info: Stats): TreeEntry {
  const size = info.isFile() ? info.size : 0;
  return {
    name,
    kind: kindOf(info),
    size,
    dense: info.blocks === undefined || info.blocks * BLOCK >= size,
    mtime: info.mtime,
    atime: info.atime,
    birthtime: info.birthtime,
    attributes: info.isFile() && (info.mode & ANY_WRITE) === 0 ? READONLY : 0,
    id: `${info.dev}:${info.ino}`,
  };
}

function kindOf(info: Stats): TreeEntry['kind'] {
  if (info.isFile()) return 'file';
  if (info.isDirectory()) return 'directory';
  return info.isSymbolicLink() ? 'link' : 'other';
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return codes.includes((error as NodeJS.ErrnoException).code ?? '');
}

function notThere(error: unknown): undefined {
  if (!hasCode(error, 'ENOENT', 'ENOTDIR')) throw error;
  return undefined;
}

async function exists(place: string): Promise<boolean> {
  try {
    await lstat(place);
    return true;
  } catch (error) {
    return notThere(error) !== undefined;
  }
}

/** A local directory as one side of a transfer. */
export function localTree(root: string): FileTree {
  return new LocalTree(root);
}
