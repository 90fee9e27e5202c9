import { constants, fstatSync, ftruncateSync, openSync } from 'node:fs';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { upcase } from '#wire/fscc/upcase.js';
import type { OpenAccess, Opened } from '../backend.js';
import type { StreamInfo, Streams } from '../capabilities.js';
import { statusErrorOf } from '../errno.js';
import type { NodeRef } from './attribute-store.js';
import { LocalHandle } from './handle.js';
import { nativePath } from './name-map.js';
import { checkStreamName, referenceOfStream, streamNameOf, streamOfReference } from './samba/names.js';
import { inlineSizes, LocalStream, noSuchStream, readInline, removeStream, type StreamKeeping } from './stream.js';

/** What the streams need from their directory. */
export interface StreamHost extends StreamKeeping {
  refOf(handle: LocalHandle): NodeRef;
  close(handle: LocalHandle): void;
  /** Another handle of the same node, for one of its streams. */
  opened(node: LocalHandle, access: OpenAccess, stream: LocalStream): Opened<LocalHandle>;
}

const BOTH: OpenAccess = { read: true, write: true };
const COPY_AT_ONCE = 1024 * 1024;

export class LocalStreams implements Streams<LocalHandle> {
  readonly #host: StreamHost;
  /** Open streams, by node and folded name. */
  readonly #open = new Map<string, LocalStream>();

  constructor(host: StreamHost) {
    this.#host = host;
  }

  open(node: LocalHandle, name: string, access: OpenAccess): Opened<LocalHandle> {
    if (node.kind === 'other') throw noSuchStream();
    const ref = this.#host.refOf(node);
    const known = this.#open.get(keyOf(ref.id, name));
    if (known !== undefined) return this.#opened(node, known, access);
    const found = this.#find(ref, name);
    if (found === undefined) throw noSuchStream();
    return this.#opened(node, this.#begin(ref, found), access);
  }

  create(node: LocalHandle, name: string): Opened<LocalHandle> {
    checkStreamName(name);
    // A stream that becomes the node's own data would be written to a device.
    if (node.kind === 'other') throw new StatusError(NtStatus.AccessDenied);
    const ref = this.#host.refOf(node);
    if (this.#open.has(keyOf(ref.id, name)) || this.#find(ref, name) !== undefined) {
      throw new StatusError(NtStatus.ObjectNameCollision);
    }
    const stream = this.#begin(ref, name);
    const opened = this.#opened(node, stream, BOTH);
    try {
      stream.make(ref);
      return opened;
    } catch (error) {
      this.#host.close(opened.handle);
      throw error;
    }
  }

  list(node: LocalHandle): StreamInfo[] {
    const ref = this.#host.refOf(node);
    const found: StreamInfo[] = [];
    for (const name of this.#names(ref)) {
      const sizes = this.#open.get(keyOf(ref.id, name))?.sizes(ref) ?? this.#sizes(ref, name);
      if (sizes !== undefined) found.push({ name, ...sizes });
    }
    return found;
  }

  remove(handle: LocalHandle): void {
    const stream = streamOf(handle);
    if (stream.isRemoved) throw noSuchStream();
    this.#open.delete(keyOf(stream.id, stream.name));
    stream.remove(this.#host.refOf(handle));
  }

  rename(handle: LocalHandle, name: string, replace: boolean): void {
    const stream = streamOf(handle);
    if (stream.isRemoved) throw noSuchStream();
    const ref = this.#host.refOf(handle);
    if (name === '') return this.#becomeUnnamed(handle, stream, ref, replace);
    checkStreamName(name);
    const [from, to] = [keyOf(ref.id, stream.name), keyOf(ref.id, name)];
    const there = from === to ? undefined : (this.#open.get(to)?.name ?? this.#find(ref, name));
    if (there !== undefined && !replace) throw new StatusError(NtStatus.ObjectNameCollision);
    if (there !== undefined) {
      const victim = this.#open.get(to);
      if (victim === undefined) removeStream(this.#host, ref, there);
      else victim.remove(ref);
    }
    stream.rename(ref, name);
    this.#open.delete(from);
    this.#open.set(to, stream);
  }

  /** Called when a handle of a stream has been closed. */
  closed(stream: LocalStream): void {
    if (--stream.handles > 0) return;
    stream.close();
    const key = keyOf(stream.id, stream.name);
    if (this.#open.get(key) === stream) this.#open.delete(key);
  }

  /** References to the large streams of a node. */
  large(ref: NodeRef): Uint8Array[] {
    if (!this.#host.overflow.isUsed) return [];
    const attributes = this.#host.store.names(ref).filter((attribute) => streamOfReference(attribute) !== undefined);
    return attributes.flatMap((attribute) => this.#host.store.get(ref, attribute) ?? []);
  }

  /** Called when the last name of a node is gone. */
  forget(ref: NodeRef, large: readonly Uint8Array[]): void {
    for (const reference of large) this.#host.overflow.remove(ref, reference);
    for (const stream of this.#open.values()) if (stream.id === ref.id) stream.outlive(ref);
  }

  #begin(ref: NodeRef, name: string): LocalStream {
    const reference = this.#host.store.get(ref, referenceOfStream(name));
    const file = reference && this.#host.overflow.open(ref, reference);
    const stream = new LocalStream(this.#host, ref.id, name, file);
    this.#open.set(keyOf(ref.id, name), stream);
    return stream;
  }

  #opened(node: LocalHandle, stream: LocalStream, access: OpenAccess): Opened<LocalHandle> {
    stream.handles++;
    try {
      return this.#host.opened(node, access, stream);
    } catch (error) {
      this.closed(stream);
      throw error;
    }
  }

  /** The stored spelling. */
  #find(ref: NodeRef, name: string): string | undefined {
    if (name === '') return undefined;
    const folded = upcase(name);
    return this.#names(ref).find((each) => upcase(each) === folded);
  }

  /** Names in a stable order, without duplicates. */
  #names(ref: NodeRef): string[] {
    const { store } = this.#host;
    const names = new Set<string>();
    for (const attribute of store.names(ref)) {
      const name = streamNameOf(attribute) ?? streamOfReference(attribute);
      if (name !== undefined && this.#sizes(ref, name) !== undefined) names.add(name);
    }
    return [...names].sort();
  }

  /** Undefined if there is no such stream after all: anybody may have written the attribute. */
  #sizes(ref: NodeRef, name: string): { size: number; allocationSize: number } | undefined {
    const { store, overflow } = this.#host;
    const reference = store.get(ref, referenceOfStream(name));
    const sizes = reference && overflow.sizes(ref, reference);
    if (sizes !== undefined) return sizes;
    const content = readInline(store, ref, name);
    return content && inlineSizes(content.length);
  }

  #becomeUnnamed(handle: LocalHandle, stream: LocalStream, ref: NodeRef, replace: boolean): void {
    let fd: number;
    try {
      fd = openSync(nativePath(ref.at), constants.O_RDWR | (constants.O_NONBLOCK ?? 0));
    } catch (error) {
      throw statusErrorOf(error);
    }
    const main = new LocalHandle(handle.path, { fd, stats: fstatSync(fd, { bigint: true }), link: undefined }, BOTH);
    try {
      if (!replace) throw new StatusError(NtStatus.ObjectNameCollision);
      this.#copy(stream, ref, main);
    } catch (error) {
      main.close();
      throw statusErrorOf(error);
    }
    this.#open.delete(keyOf(ref.id, stream.name));
    stream.remove(ref);
    stream.become(main);
  }

  #copy(stream: LocalStream, ref: NodeRef, main: LocalHandle): void {
    const { data } = this.#host;
    ftruncateSync(main.fd, 0);
    const { size } = stream.sizes(ref);
    const part = new Uint8Array(Math.min(size, COPY_AT_ONCE));
    for (let at = 0; at < size; ) {
      const length = stream.file === undefined ? stream.read(ref, part, at) : data.readNow(stream.file, part, at);
      if (typeof length !== 'number' || length === 0) break;
      data.writeNow(main, part.subarray(0, length), at);
      at += length;
    }
  }
}

function streamOf(handle: LocalHandle): LocalStream {
  if (handle.stream === undefined) throw new StatusError(NtStatus.InvalidParameter, { hint: 'no stream' });
  return handle.stream;
}

function keyOf(id: bigint, name: string): string {
  return `${id}/${upcase(name)}`;
}
