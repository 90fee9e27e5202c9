import { msFromFiletime, nsFromFiletime } from '#wire/dtyp/filetime.js';
import { FileAttributes } from '#wire/fscc/attributes.js';
import { ReparseTag } from '#wire/fscc/fsctl/reparse-data.js';
import type { Dots, ListedNode, NodeInfo } from './protocol.js';

/** Symbolic links of Windows, and of Linux within Windows. */
const LINKS: readonly number[] = [ReparseTag.Symlink, ReparseTag.LxSymlink];

/** What is known about a file or directory. */
export class NodeStat {
  /** Bytes; 0 for directories. */
  readonly size: number;
  /** Bytes allocated on the server's disk. */
  readonly allocationSize: number;
  /** FILE_ATTRIBUTE_* bits. */
  readonly attributes: number;
  readonly mtime: Date;
  readonly atime: Date;
  /** Last change of the contents or metadata. */
  readonly ctime: Date;
  readonly birthtime: Date;
  /** File ID, unique within the volume; 0 if the server has none. */
  readonly id: bigint;
  /** Number of hard links; 1 in listings and if unknown. */
  readonly links: number;
  /** Reparse tag ([MS-FSCC] 2.1.2.1); 0 if it is no reparse point, or if unknown. */
  readonly reparseTag: number;
  /** Dates hold milliseconds only; servers report units of 100 ns. */
  readonly #info: NodeInfo;

  constructor(info: NodeInfo) {
    this.#info = info;
    this.attributes = info.attributes;
    this.reparseTag = info.reparseTag ?? 0;
    this.size = (info.attributes & FileAttributes.Directory) !== 0 ? 0 : info.size;
    this.allocationSize = info.allocationSize;
    this.mtime = dateOf(info.lastWriteTime);
    this.atime = dateOf(info.lastAccessTime);
    this.ctime = dateOf(info.changeTime);
    this.birthtime = dateOf(info.creationTime);
    this.id = info.id;
    this.links = info.links;
  }

  isDirectory(): boolean {
    return (this.attributes & FileAttributes.Directory) !== 0 && !this.isSymbolicLink();
  }
  isFile(): boolean {
    return (this.attributes & FileAttributes.Directory) === 0 && !this.isSymbolicLink();
  }
  /** True only in listings and `lstat`; other calls follow links. */
  isSymbolicLink(): boolean {
    return this.isReparsePoint() && LINKS.includes(this.reparseTag);
  }
  /** True for a symbolic link, junction, mount point or placeholder. */
  isReparsePoint(): boolean {
    return (this.attributes & FileAttributes.ReparsePoint) !== 0;
  }
  /** The times in nanoseconds since 1970, in the server's full precision. */
  get mtimeNs(): bigint {
    return nsFromFiletime(this.#info.lastWriteTime);
  }
  get atimeNs(): bigint {
    return nsFromFiletime(this.#info.lastAccessTime);
  }
  get ctimeNs(): bigint {
    return nsFromFiletime(this.#info.changeTime);
  }
  get birthtimeNs(): bigint {
    return nsFromFiletime(this.#info.creationTime);
  }
  get readonly(): boolean {
    return (this.attributes & FileAttributes.Readonly) !== 0;
  }
  get hidden(): boolean {
    return (this.attributes & FileAttributes.Hidden) !== 0;
  }
}

/** One entry of a directory. */
export class DirectoryEntry extends NodeStat {
  readonly name: string;
  /** From the share's root, with slashes. */
  readonly path: string;
  /** The file IDs of the directory and its parent, if the server reports them. */
  readonly dots: Dots | undefined;

  constructor(node: ListedNode, directory: string) {
    super(node);
    this.dots = node.dots;
    this.name = node.name;
    this.path = directory === '' ? node.name : `${directory}/${node.name}`;
  }
}

function dateOf(time: bigint): Date {
  return new Date(msFromFiletime(time));
}
