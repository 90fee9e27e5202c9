import { type AtomicWrite, errnoCode, type File, type NodeStat, type Share, UsageError } from '#client/index.js';
import { below as join } from '#trees/names.js';
import type { Crew } from './crew.js';
import { isUnknown, TransferError } from './errors.js';
import { windowsFault } from './names.js';
import {
  type Extent,
  type Facts,
  type FileTree,
  type SmallFile,
  type SourceFile,
  split,
  type Taker,
  type TargetFile,
  type TreeControl,
  type TreeEntry,
  type Version,
} from './tree.js';

/** Read-only, hidden, system, archive: the attributes that users set ([MS-FSCC] 2.6). */
const SETTABLE = 0x27;
const NORMAL = 0x80;
const READONLY = 0x01;
const SPARSE = 0x200;
/** [MS-FSCC] 2.1.2.1 IO_REPARSE_TAG_MOUNT_POINT. */
const MOUNT_POINT = 0xa0000003;

class ShareFile implements TargetFile {
  readonly file: File;
  readonly share: Share;

  constructor(share: Share, file: File) {
    this.share = share;
    this.file = file;
  }

  async inspect(control: TreeControl): Promise<{ size: number; mtime: Date }> {
    const { size, mtime } = await this.file.stat(given(control));
    return { size, mtime };
  }

  read(into: Uint8Array, position: number, control: TreeControl): Promise<number> {
    return this.file.read(into, position, given(control));
  }

  readEach(position: number, length: number, take: Taker, control: TreeControl): Promise<number> {
    return this.file.readEach(position, length, take, given(control));
  }

  write(data: Uint8Array, position: number, control: TreeControl): Promise<void> {
    return this.file.write(data, position, given(control));
  }

  truncate(size: number, control: TreeControl): Promise<void> {
    return this.file.truncate(size, given(control));
  }

  makeSparse(control: TreeControl): Promise<boolean> {
    return this.file.makeSparse(given(control));
  }

  extents(_size: number, control: TreeControl): Promise<readonly Extent[] | undefined> {
    return this.file.dataRanges(given(control));
  }

  async copyFrom(source: SourceFile, onBytes: (count: number) => void, control: TreeControl): Promise<boolean> {
    if (!(source instanceof ShareFile)) return false;
    if (source.share !== this.share && !this.file.isNear(source.file)) return false;
    let told = 0;
    const onProgress = ({ bytes }: { bytes: number }): void => {
      onBytes(bytes - told);
      told = bytes;
    };
    await this.file.copyFrom(source.file, { ...given(control), onProgress });
    return true;
  }

  async finish({ attributes, ...times }: Facts, durable: boolean, control: TreeControl): Promise<void> {
    // Through the handle: a later close would update the write time again.
    if (Object.keys(times).length > 0) await this.file.utimes(times, given(control));
    if (durable) await this.file.flush(given(control));
    await this.file.close();
    if (attributes !== undefined) await setFacts(this.share, this.file.path, { attributes }, control);
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

/** A small file in the form that a share takes. */
class PlacedFile implements AtomicWrite {
  readonly path: string;
  readonly data: Uint8Array;
  readonly times: Facts;
  readonly replace: boolean;
  readonly #file: SmallFile;
  readonly #at: (path: string) => string;

  constructor(file: SmallFile, path: string, at: (path: string) => string) {
    this.path = path;
    this.data = file.data;
    this.times = file.facts;
    this.replace = file.replace;
    this.#file = file;
    this.#at = at;
  }

  get partial(): string {
    return this.#at(this.#file.partial);
  }
}

/** An entry of a share, with everything the server reports about it. */
export interface ShareEntry extends TreeEntry {
  readonly stat: NodeStat;
}

/** A directory of a share. Made by `shareTree`. */
export class ShareTree implements FileTree {
  readonly #share: Share;
  readonly #root: string;
  readonly #name: string;
  /** Prefix of paths in messages. */
  readonly #shown: string;
  readonly #crew: Pick<Crew, 'use'>;

  constructor(share: Share, root: string, name: string, crew?: Crew) {
    this.#share = share;
    this.#root = root;
    this.#name = name;
    this.#shown = name.endsWith('/') ? name : `${name}/`;
    this.#crew = crew ?? { use: (work) => work(share) };
  }

  show(path: string): string {
    return path === '' ? this.#name : this.#shown + path;
  }

  #at(path: string): string {
    return this.#root === '' ? path : path === '' ? this.#root : `${this.#root}/${path}`;
  }

  async *list(path: string, control: TreeControl): AsyncGenerator<ShareEntry, void, undefined> {
    for await (const entry of this.#share.readdir(this.#at(path), given(control)))
      yield { ...entryOf(entry.name, entry), dots: entry.dots };
  }

  async stat(path: string, options: TreeControl & { follow?: boolean }): Promise<ShareEntry | undefined> {
    try {
      const look = options.follow ? this.#share.stat : this.#share.lstat;
      return entryOf(split(path).name, await look.call(this.#share, this.#at(path), given(options)));
    } catch (error) {
      const code = errnoCode(error);
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
      throw error;
    }
  }

  async open(path: string, control: TreeControl): Promise<SourceFile> {
    return new ShareFile(this.#share, await this.#share.open(this.#at(path), { access: 'read', ...given(control) }));
  }

  async create(path: string, control: TreeControl): Promise<TargetFile> {
    const options = { access: 'read-write', create: 'exclusive', ...given(control) } as const;
    const place = this.#at(path);
    const file = await this.#share.open(place, options).catch((error) => {
      // Nobody else uses this name: our first attempt created the file, and its answer was lost.
      if (!isUnknown(error)) throw error;
      return this.#share.open(place, { ...options, create: 'truncate' });
    });
    return new ShareFile(this.#share, file);
  }

  async reopen(path: string, control: TreeControl): Promise<TargetFile> {
    const options = { access: 'read-write', create: 'never', ...given(control) } as const;
    return new ShareFile(this.#share, await this.#share.open(this.#at(path), options));
  }

  async readSmall(path: string, { size }: Version, control: TreeControl): Promise<Uint8Array> {
    // The size in a listing may be wrong: do not read more than it says.
    const options = { ...given(control), limit: size };
    const data = await this.#crew.use((share) => share.readFile(this.#at(path), options)).catch(ifNotLarger);
    if (data?.length === size) return data;
    throw new TransferError('TRANSFER_CHANGED', 'it changed while it was read');
  }

  async writeSmall(file: SmallFile, control: TreeControl): Promise<void> {
    const { attributes } = file.facts;
    const place = this.#at(file.path);
    const write = new PlacedFile(file, place, (path) => this.#at(path));
    await this.#crew.use((share) => share.writeAtomically(write, given(control)));
    if (attributes !== undefined) await setFacts(this.#share, place, { attributes }, control);
  }

  readLink(path: string, control: TreeControl): Promise<string> {
    return this.#share.readlink(this.#at(path), given(control));
  }

  makeLink(path: string, target: string, control: TreeControl): Promise<void> {
    return this.#share.symlink(target, this.#at(path), given(control));
  }

  async mkdir(path: string, control: TreeControl): Promise<void> {
    const place = this.#at(path);
    if (place === '') return;
    try {
      // With `recursive`, a directory that exists is fine, even one created by a lost first attempt.
      await this.#share.mkdir(place, { recursive: true, ...given(control) });
    } catch (error) {
      if (errnoCode(error) !== 'EEXIST') throw error;
      throw new TransferError('TRANSFER_KIND', `${this.show(path)} is there, and no directory`, { cause: error });
    }
  }

  async rename(from: string, to: string, replace: boolean, control: TreeControl): Promise<void> {
    try {
      await this.#share.rename(this.#at(from), this.#at(to), { replace, ...given(control) });
    } catch (error) {
      // The source is gone, so our first attempt has renamed it.
      if (!isUnknown(error) || (await this.stat(from, control)) !== undefined) throw error;
    }
  }

  async markSparse(path: string, control: TreeControl): Promise<void> {
    const place = this.#at(path);
    // Samba treats the renamed file as a new one and may forget the attribute.
    const { attributes } = await this.#share.stat(place, given(control));
    if (attributes & (SPARSE | READONLY)) return;
    const file = await this.#share.open(place, { access: 'write', create: 'never', ...given(control) });
    try {
      await file.makeSparse(given(control));
    } finally {
      await file.close();
    }
  }

  async remove(path: string, directory: boolean, options: TreeControl & { readOnly?: boolean }): Promise<void> {
    const place = this.#at(path);
    const how = { ...given(options), readOnly: options.readOnly };
    try {
      await (directory ? this.#share.rmdir(place, how) : this.#share.unlink(place, how));
    } catch (error) {
      // It is gone, which is what we wanted.
      if (!isUnknown(error)) throw error;
    }
  }

  isFollowedLink(path: string, control: TreeControl): Promise<boolean> {
    return this.#share.isFollowedLink(this.#at(path), given(control));
  }

  async setFacts(path: string, facts: Facts, control: TreeControl): Promise<void> {
    // The share's root directory belongs to the server.
    const place = this.#at(path);
    if (place !== '') await setFacts(this.#share, place, facts, control);
  }

  nameFault(name: string): string | undefined {
    return windowsFault(name);
  }
}

function ifNotLarger(error: unknown): undefined {
  if (!(error instanceof UsageError)) throw error;
}

function given({ signal }: TreeControl): { readonly signal?: AbortSignal } {
  return signal ? { signal } : {};
}

async function setFacts(share: Share, path: string, facts: Facts, control: TreeControl): Promise<void> {
  const { attributes, ...times } = facts;
  if (Object.keys(times).length > 0) await share.utimes(path, times, given(control));
  // Zero means 'unchanged'; NORMAL clears all attributes.
  if (attributes !== undefined) await share.setAttributes(path, attributes & SETTABLE || NORMAL, given(control));
}

function entryOf(name: string, info: NodeStat): ShareEntry {
  return {
    name,
    kind: kindOf(info),
    size: info.size,
    // Not every server sets the attribute.
    dense: (info.attributes & SPARSE) === 0 && info.allocationSize >= info.size,
    mtime: info.mtime,
    atime: info.atime,
    birthtime: info.birthtime,
    attributes: info.attributes & SETTABLE,
    id: info.id === 0n ? '' : String(info.id),
    stat: info,
  };
}

/**
 * Junctions lead elsewhere too; other reparse points (deduplication, cloud files) read like the file they stand for.
 */
function kindOf(info: NodeStat): TreeEntry['kind'] {
  if (info.isSymbolicLink() || (info.isReparsePoint() && info.reparseTag === MOUNT_POINT)) return 'link';
  return info.isDirectory() ? 'directory' : 'file';
}

/**
 * A directory of a share as one side of a transfer. `name` stands for it in messages; a `crew` speeds up small files.
 */
export function shareTree(
  share: Share,
  root: string = '',
  name: string = join(share.name, root),
  crew?: Crew,
): ShareTree {
  return new ShareTree(share, root, name, crew);
}
