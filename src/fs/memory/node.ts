import type { NodeInfo } from '../backend.js';
import type { Ea } from '../capabilities.js';
import type { Chunks } from './chunks.js';

/** What a node takes beside its content, roughly: names and facts count too, or empty files would be free. */
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

  /** Gives back what it took once it has neither name nor handle. */
  bury(): void {
    if (this.removed && this.handles === 0) this.content.clear();
  }
}

/** A file or directory in memory. */
export class MemoryNode {
  readonly id: bigint;
  readonly kind: 'file' | 'directory';
  name: string;
  /** Undefined for the root and for nodes that have been removed. */
  parent: MemoryNode | undefined;
  readonly children: Map<string, MemoryNode> = new Map();
  content: Chunks;
  /** Named ones by their names without regard to case. */
  readonly streams: Map<string, MemoryStream> = new Map();
  /** By their names in upper case. */
  eas: ReadonlyMap<string, Ea> = new Map();
  handles = 0;
  attributes: number;
  creationTime: bigint;
  lastAccessTime: bigint;
  lastWriteTime: bigint;
  changeTime: bigint;

  constructor(id: bigint, kind: 'file' | 'directory', name: string, content: Chunks, attributes: number, now: bigint) {
    this.id = id;
    this.kind = kind;
    this.name = name;
    this.content = content;
    this.attributes = attributes;
    this.creationTime = now;
    this.lastAccessTime = now;
    this.lastWriteTime = now;
    this.changeTime = now;
  }

  /** `content`: whose sizes are told. */
  info(links: number, content: Chunks = this.content): NodeInfo {
    return {
      kind: this.kind,
      id: this.id,
      size: content.size,
      allocationSize: content.allocated,
      links,
      attributes: this.attributes,
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

  isBelow(other: MemoryNode): boolean {
    for (let node = this.parent; node !== undefined; node = node.parent) if (node === other) return true;
    return false;
  }
}
