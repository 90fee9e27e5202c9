import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { upcase } from '#wire/fscc/upcase.js';
import type { OpenAccess, Opened } from '../backend.js';
import type { StreamInfo, Streams } from '../capabilities.js';
import type { Clock } from '../clock.js';
import { type Budget, Chunks } from './chunks.js';
import { MemoryHandle, opened } from './handle.js';
import { type MemoryNode, MemoryStream, NODE_COST } from './node.js';

/** Named streams of an in-memory back end. */
export class MemoryStreams implements Streams<MemoryHandle> {
  readonly #clock: Clock;
  readonly #budget: Budget;

  constructor(clock: Clock, budget: Budget) {
    this.#clock = clock;
    this.#budget = budget;
  }

  open(handle: MemoryHandle, name: string, access: OpenAccess): Opened<MemoryHandle> {
    const node = opened(handle);
    const stream = node.streams.get(upcase(name));
    if (stream === undefined) throw new StatusError(NtStatus.ObjectNameNotFound);
    return this.#handle(handle, stream, access);
  }

  create(handle: MemoryHandle, name: string): Opened<MemoryHandle> {
    const node = opened(handle);
    const key = upcase(name);
    if (node.streams.has(key)) throw new StatusError(NtStatus.ObjectNameCollision);
    this.#budget.take(NODE_COST);
    const stream = new MemoryStream(name, new Chunks(this.#budget));
    node.streams.set(key, stream);
    node.changeTime = this.#clock();
    return this.#handle(handle, stream, { read: true, write: true });
  }

  list(handle: MemoryHandle): StreamInfo[] {
    return Array.from(opened(handle).streams.values(), ({ name, content }) => ({
      name,
      size: content.size,
      allocationSize: content.allocated,
    }));
  }

  remove(handle: MemoryHandle): void {
    const node = opened(handle);
    const stream = streamOf(handle);
    this.#forget(node, stream);
    node.changeTime = this.#clock();
  }

  rename(handle: MemoryHandle, name: string, replace: boolean): void {
    const node = opened(handle);
    const stream = streamOf(handle);
    const key = upcase(name);
    const there = node.streams.get(key);
    const taken = name === '' || (there !== undefined && there !== stream);
    if (taken && !replace) throw new StatusError(NtStatus.ObjectNameCollision);
    if (there !== undefined && there !== stream) this.#forget(node, there);
    node.streams.delete(upcase(stream.name));
    if (name === '') {
      // The stream's handles now refer to the file itself.
      node.content.clear();
      node.content = stream.content;
      this.#budget.giveBack(NODE_COST);
    } else {
      stream.name = name;
      node.streams.set(key, stream);
    }
    node.changeTime = this.#clock();
  }

  /** Called when a handle has been closed. */
  closed({ stream }: MemoryHandle): void {
    if (stream === undefined) return;
    stream.handles--;
    stream.bury();
  }

  /** Called when a node is gone, with all its streams. */
  clear(node: MemoryNode): void {
    for (const stream of node.streams.values()) this.#forget(node, stream);
  }

  #handle({ node, entry }: MemoryHandle, stream: MemoryStream, access: OpenAccess): Opened<MemoryHandle> {
    node.handles++;
    stream.handles++;
    return { handle: new MemoryHandle(node, entry, access, stream), info: node.info(stream.content) };
  }

  #forget(node: MemoryNode, stream: MemoryStream): void {
    node.streams.delete(upcase(stream.name));
    stream.removed = true;
    stream.bury();
    this.#budget.giveBack(NODE_COST);
  }
}

function streamOf({ stream }: MemoryHandle): MemoryStream {
  if (stream === undefined) throw new StatusError(NtStatus.InvalidParameter);
  if (stream.removed) throw new StatusError(NtStatus.ObjectNameNotFound);
  return stream;
}
