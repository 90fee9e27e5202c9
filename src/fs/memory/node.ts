import type { NodeInfo } from '../backend.js';
import type { Ea } from '../capabilities.js';
import type { Chunks } from './chunks.js';

/** Approximate overhead of a node in bytes, besides its content: otherwise empty files would be free. */
export const NODE_COST = 512;

/** A named stream in memory. */
export class MemoryStream {
  name: string;
  readonly content: Chunks;
  handles = 0;
  removed = false;

  constructor(name: string, content: Chunks) {
    this.name = name;
    this.content = content;
  }

  /** Releases its memory once it has neither name nor handle. */
  bury(): void {
    if (this.removed && this.handles === 0) this.content.clear();
  }
}

/** A name in a directory. It stays the same object when moved. */
export class Entry {
  readonly node: MemoryNode;
  name: string;
  /** Undefined for the root, and once the name is removed. */
  parent: MemoryNode | undefined;

  constructor(node: MemoryNode, name: string) {
    this.node = node;
    this.name = name;
  }
}

/** A file, directory or symlink in memory. */
export class MemoryNode {
  readonly id: bigint;
  readonly kind: 'file' | 'directory' | 'symlink';
  /** All its names; the root has one, without a parent. */
  readonly entries: Set<Entry> = new Set();
  readonly children: Map<string, Entry> = new Map();
  /** Target of a symlink. */
  target = '';
  descriptor: Uint8Array | undefined;
  content: Chunks;
  /** Named streams by case-folded name. */
  readonly streams: Map<string, MemoryStream> = new Map();
  /** Extended attributes by upper-case name. */
  eas: ReadonlyMap<string, Ea> = new Map();
  /** Size in bytes of the list of extended attributes. */
  eaSize = 0;
  handles = 0;
  attributes: number;
  creationTime: bigint;
  lastAccessTime: bigint;
  lastWriteTime: bigint;
  changeTime: bigint;

  constructor(id: bigint, kind: MemoryNode['kind'], content: Chunks, attributes: number, now: bigint) {
    this.id = id;
    this.kind = kind;
    this.content = content;
    this.attributes = attributes;
    this.creationTime = now;
    this.lastAccessTime = now;
    this.lastWriteTime = now;
    this.changeTime = now;
  }

  /** `content`: the one whose sizes are reported. */
  info(content: Chunks = this.content): NodeInfo {
    return {
      kind: this.kind,
      id: this.id,
      size: content.size,
      allocationSize: content.allocated,
      links: this.entries.size,
      attributes: this.attributes,
      eaSize: this.eaSize,
      creationTime: this.creationTime,
      lastAccessTime: this.lastAccessTime,
      lastWriteTime: this.lastWriteTime,
      changeTime: this.changeTime,
    };
  }

  modified(now: bigint): void {
    this.lastWriteTime = now;
    this.changeTime = now;
  }

  /** Parent of a directory, which has at most one name. */
  get parent(): MemoryNode | undefined {
    for (const { parent } of this.entries) return parent;
    return undefined;
  }

  isBelow(other: MemoryNode): boolean {
    for (let node = this.parent; node !== undefined; node = node.parent) if (node === other) return true;
    return false;
  }
}
