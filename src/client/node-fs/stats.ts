import type { DirectoryEntry, NodeStat } from '../node-stat.js';
import { inShare } from './paths.js';

const FILE = 0o100000;
const DIRECTORY = 0o040000;
const LINK = 0o120000;
const BLOCK = 4096;
const SECTOR = 512;
/** Everything on a share is on one device, whose number is unknown. */
const DEVICE = 1;

const no = (): boolean => false;

/** The type of a node, with the methods of `fs.Stats` and `fs.Dirent`. */
class Kind {
  readonly #node: NodeStat;

  constructor(node: NodeStat) {
    this.#node = node;
  }

  isFile(): boolean {
    return this.#node.isFile();
  }
  isDirectory(): boolean {
    return this.#node.isDirectory();
  }
  isSymbolicLink(): boolean {
    return this.#node.isSymbolicLink();
  }
  isBlockDevice(): boolean {
    return no();
  }
  isCharacterDevice(): boolean {
    return no();
  }
  isFIFO(): boolean {
    return no();
  }
  isSocket(): boolean {
    return no();
  }
}

function modeOf(node: NodeStat): number {
  if (node.isSymbolicLink()) return LINK | 0o777;
  const rights = node.isDirectory() ? 0o777 : 0o666;
  const kind = node.isDirectory() ? DIRECTORY : FILE;
  return kind | (node.readonly && !node.isDirectory() ? rights & 0o555 : rights);
}

/** Milliseconds with a fraction, as in Node. */
function msOf(ns: bigint): number {
  return Number(ns / 100n) / 10_000;
}

/** Like `fs.Stats`. The mode reflects only the read-only attribute; owners are not reported. */
export class Stats extends Kind {
  readonly dev: number = DEVICE;
  readonly ino: number;
  readonly mode: number;
  readonly nlink: number;
  readonly uid: number = 0;
  readonly gid: number = 0;
  readonly rdev: number = 0;
  readonly size: number;
  readonly blksize: number = BLOCK;
  /** In units of 512 bytes. */
  readonly blocks: number;
  readonly atimeMs: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly birthtimeMs: number;
  readonly atime: Date;
  readonly mtime: Date;
  readonly ctime: Date;
  readonly birthtime: Date;

  constructor(node: NodeStat) {
    super(node);
    this.ino = Number(node.id);
    this.mode = modeOf(node);
    this.nlink = node.links;
    this.size = node.size;
    this.blocks = Math.ceil(node.allocationSize / SECTOR);
    this.atime = node.atime;
    this.mtime = node.mtime;
    this.ctime = node.ctime;
    this.birthtime = node.birthtime;
    this.atimeMs = msOf(node.atimeNs);
    this.mtimeMs = msOf(node.mtimeNs);
    this.ctimeMs = msOf(node.ctimeNs);
    this.birthtimeMs = msOf(node.birthtimeNs);
  }
}

/** Like `fs.BigIntStats`. */
export class BigIntStats extends Kind {
  readonly dev: bigint = BigInt(DEVICE);
  readonly ino: bigint;
  readonly mode: bigint;
  readonly nlink: bigint;
  readonly uid: bigint = 0n;
  readonly gid: bigint = 0n;
  readonly rdev: bigint = 0n;
  readonly size: bigint;
  readonly blksize: bigint = BigInt(BLOCK);
  readonly blocks: bigint;
  readonly atimeMs: bigint;
  readonly mtimeMs: bigint;
  readonly ctimeMs: bigint;
  readonly birthtimeMs: bigint;
  readonly atimeNs: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly birthtimeNs: bigint;
  readonly atime: Date;
  readonly mtime: Date;
  readonly ctime: Date;
  readonly birthtime: Date;

  constructor(node: NodeStat) {
    super(node);
    const plain = new Stats(node);
    this.ino = node.id;
    this.mode = BigInt(plain.mode);
    this.nlink = BigInt(plain.nlink);
    this.size = BigInt(plain.size);
    this.blocks = BigInt(plain.blocks);
    this.atime = plain.atime;
    this.mtime = plain.mtime;
    this.ctime = plain.ctime;
    this.birthtime = plain.birthtime;
    this.atimeMs = BigInt(plain.atime.getTime());
    this.mtimeMs = BigInt(plain.mtime.getTime());
    this.ctimeMs = BigInt(plain.ctime.getTime());
    this.birthtimeMs = BigInt(plain.birthtime.getTime());
    this.atimeNs = node.atimeNs;
    this.mtimeNs = node.mtimeNs;
    this.ctimeNs = node.ctimeNs;
    this.birthtimeNs = node.birthtimeNs;
  }
}

/** Like `fs.Dirent`. */
export class Dirent<N extends string | Buffer = string> extends Kind {
  readonly name: N;
  /** The directory that contains it. */
  readonly parentPath: string;
  /** The older name of `parentPath`. */
  readonly path: string;

  /** `name`: in the requested encoding; `top`: the listed directory, as the caller gave it. */
  constructor(entry: DirectoryEntry, name: N, top: string) {
    super(entry);
    this.name = name;
    const around = entry.path.slice(0, -entry.name.length).replace(/\/$/, '');
    this.parentPath = around === inShare(top) ? top : `/${around}`;
    this.path = this.parentPath;
  }
}
