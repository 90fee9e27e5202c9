import type { Extent, Extents, RangeCopies } from '../capabilities.js';
import { contentOf, type MemoryHandle } from './handle.js';
import type { MemoryNode } from './node.js';

/** Allocated extents of files in memory. `changed` is called for nodes whose content was changed. */
export class MemoryExtents implements Extents<MemoryHandle> {
  readonly #changed: (node: MemoryNode) => void;

  constructor(changed: (node: MemoryNode) => void) {
    this.#changed = changed;
  }

  allocated(handle: MemoryHandle, { offset, length }: Extent, limit: number): Extent[] {
    return contentOf(handle, true).extents(offset, offset + length, limit);
  }

  zero(handle: MemoryHandle, { offset, length }: Extent): void {
    contentOf(handle, handle.access.write).zero(offset, offset + length);
    this.#changed(handle.node);
  }
}

/** Copies share memory as far as possible, until one of them is written. */
export class MemoryCopies implements RangeCopies<MemoryHandle> {
  readonly #changed: (node: MemoryNode) => void;

  constructor(changed: (node: MemoryNode) => void) {
    this.#changed = changed;
  }

  copy(from: MemoryHandle, fromOffset: number, to: MemoryHandle, toOffset: number, length: number): number {
    const source = contentOf(from, from.access.read);
    const target = contentOf(to, to.access.write);
    const count = Math.max(0, Math.min(length, source.size - fromOffset));
    target.clone(source, fromOffset, toOffset, count);
    this.#changed(to.node);
    return count;
  }

  clone(from: MemoryHandle, fromOffset: number, to: MemoryHandle, toOffset: number, length: number): void {
    this.copy(from, fromOffset, to, toOffset, length);
  }
}
