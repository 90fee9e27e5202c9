import { closeSync, constants, fstatSync, fsync, ftruncate, openSync } from 'node:fs';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { Eventually } from '../backend.js';
import { statusErrorOf } from '../errno.js';
import { type AttributeStore, demandRoom, LARGEST_ATTRIBUTE, type NodeRef } from './attribute-store.js';
import type { DataIo } from './data-io.js';
import type { LocalHandle } from './handle.js';
import { nativePath } from './name-map.js';
import type { Overflow } from './overflow.js';
import { attributeOfStream, extentOfStream, referenceOfStream } from './samba/names.js';

/** What streams are stored with. */
export interface StreamKeeping {
  readonly store: AttributeStore;
  readonly overflow: Overflow;
  readonly data: DataIo;
}

/** Largest content of an attribute, besides the NUL that smbd appends. */
const MOST_INLINE = LARGEST_ATTRIBUTE - 1;
const UNIT = 512;

/**
 * An open named stream, shared by all its handles, so that they see the same content whatever becomes of its name. It
 * is stored in an attribute as smbd does if it fits, else in a file; once removed, in memory or an unnamed file.
 */
export class LocalStream {
  readonly #keeping: StreamKeeping;
  readonly id: bigint;
  /** Name as created. */
  name: string;
  handles = 0;
  /** The file that holds it, if not in an attribute. */
  #file: LocalHandle | undefined;
  /** Content of a small stream that was removed. */
  #removed: Uint8Array | undefined;

  constructor(keeping: StreamKeeping, id: bigint, name: string, file: LocalHandle | undefined) {
    this.#keeping = keeping;
    this.id = id;
    this.name = name;
    this.#file = file;
  }

  get isRemoved(): boolean {
    return this.#removed !== undefined;
  }

  read(node: NodeRef, into: Uint8Array, offset: number): Eventually<number> {
    if (this.#file !== undefined) return this.#keeping.data.read(this.#file, into, offset);
    const part = this.#content(node).subarray(offset, offset + into.length);
    into.set(part);
    return part.length;
  }

  write(node: NodeRef, from: Uint8Array, offset: number): Eventually<void> {
    if (from.length === 0) return undefined;
    if (this.#file === undefined) {
      const before = this.#content(node);
      const size = Math.max(before.length, offset + from.length);
      if (size <= MOST_INLINE) {
        const content = new Uint8Array(size);
        content.set(before);
        content.set(from, offset);
        if (this.#put(node, content)) return undefined;
      }
      this.#moveOut(node, before);
    }
    return this.#keeping.data.write(this.#file as LocalHandle, from, offset);
  }

  truncate(node: NodeRef, size: number): Eventually<void> {
    if (this.#file === undefined) {
      const before = this.#content(node);
      if (size <= MOST_INLINE) {
        const content = new Uint8Array(size);
        content.set(before.subarray(0, size));
        if (this.#put(node, content)) return undefined;
      }
      this.#moveOut(node, before);
    }
    return (this.#file as LocalHandle).useAlone((fd) => answer((done) => ftruncate(fd, size, done)));
  }

  /** Attributes are flushed by flushing the node itself. */
  async flush(node: NodeRef): Promise<void> {
    if (this.#file !== undefined) return await this.#file.use((fd) => answer((done) => fsync(fd, done)));
    if (this.isRemoved) return;
    const fd = openSync(nativePath(node.at), constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      await answer((done) => fsync(fd, done));
    } finally {
      closeSync(fd);
    }
  }

  sizes(node: NodeRef): { size: number; allocationSize: number } {
    if (this.#file !== undefined) {
      const { size, blocks } = fstatSync(this.#file.fd);
      return { size, allocationSize: blocks * UNIT };
    }
    return inlineSizes(this.#content(node).length);
  }

  /** The file that holds its data, if one does. */
  get file(): LocalHandle | undefined {
    return this.#file;
  }

  /** Creates it, empty. */
  make(node: NodeRef): void {
    const empty = new Uint8Array(0);
    if (!this.#put(node, empty)) this.#moveOut(node, empty);
  }

  /** The node's last name is gone, and with it what we store elsewhere: keeps the content of the open stream. */
  outlive(node: NodeRef): void {
    if (this.#file === undefined && this.#keeping.store.isFiled(node, attributeOfStream(this.name))) {
      this.#removed = this.#content(node);
    }
  }

  /** Removes its name; open handles keep the content. */
  remove(node: NodeRef): void {
    const content = this.#file === undefined ? this.#content(node) : new Uint8Array(0);
    removeStream(this.#keeping, node, this.name);
    this.#removed = content;
  }

  rename(node: NodeRef, name: string): void {
    if (name === this.name) return;
    const { store } = this.#keeping;
    const [from, to] = [referenceOfStream(this.name), referenceOfStream(name)];
    const reference = store.get(node, from);
    if (this.#file !== undefined && reference !== undefined) {
      demandRoom(store.set(node, to, reference, 'large too'));
      store.remove(node, from);
    } else {
      const content = this.#content(node);
      const before = this.name;
      this.name = name;
      try {
        if (!this.#put(node, content)) this.#moveOut(node, content);
      } catch (error) {
        this.name = before;
        throw error;
      }
      // Only now, so that one of the two exists whatever happens.
      removeStream(this.#keeping, node, before);
    }
    this.name = name;
  }

  /** From now on the stream is the node's own data. */
  become(file: LocalHandle): void {
    this.#file?.close();
    this.#file = file;
    this.#removed = new Uint8Array(0);
  }

  close(): void {
    this.#file?.close();
    this.#file = undefined;
  }

  #content(node: NodeRef): Uint8Array {
    if (this.#removed !== undefined) return this.#removed;
    return readInline(this.#keeping.store, node, this.name) ?? new Uint8Array(0);
  }

  #put(node: NodeRef, content: Uint8Array): boolean {
    if (this.#removed !== undefined) {
      this.#removed = content;
      return true;
    }
    return putInline(this.#keeping.store, node, this.name, content);
  }

  #moveOut(node: NodeRef, content: Uint8Array): void {
    const { store, overflow, data } = this.#keeping;
    const { file, reference } = overflow.create(node);
    try {
      data.writeNow(file, content, 0);
      // Before the inline content is removed, so that one of the two exists whatever happens.
      if (this.#removed === undefined)
        demandRoom(store.set(node, referenceOfStream(this.name), reference, 'large too'));
      else overflow.remove(node, reference);
    } catch (error) {
      file.close();
      overflow.remove(node, reference);
      throw error;
    }
    this.#file = file;
    if (this.#removed !== undefined) return;
    removeInline(store, node, this.name);
    // Once more, as an attribute: there may have been no room beside the content.
    store.set(node, referenceOfStream(this.name), reference);
  }
}

export function inlineSizes(size: number): { size: number; allocationSize: number } {
  return { size, allocationSize: Math.ceil(size / UNIT) * UNIT };
}

/** If smbd split a stream into several attributes, the last byte is the number of further ones instead of NUL. */
export function readInline(store: AttributeStore, node: NodeRef, name: string): Uint8Array | undefined {
  const value = store.get(node, attributeOfStream(name));
  if (value === undefined || value.length === 0) return undefined;
  const more = value[value.length - 1] as number;
  const parts = [value.subarray(0, -1)];
  for (let i = 1; i <= more; i++) {
    const part = store.get(node, extentOfStream(name, i));
    if (part === undefined) break;
    parts.push(part);
  }
  if (parts.length === 1) return parts[0];
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function putInline(store: AttributeStore, node: NodeRef, name: string, content: Uint8Array): boolean {
  if (content.length > MOST_INLINE) return false;
  const value = new Uint8Array(content.length + 1);
  value.set(content);
  if (!store.set(node, attributeOfStream(name), value)) return false;
  removeExtents(store, node, name);
  return true;
}

function removeInline(store: AttributeStore, node: NodeRef, name: string): void {
  store.remove(node, attributeOfStream(name));
  removeExtents(store, node, name);
}

function removeExtents(store: AttributeStore, node: NodeRef, name: string): void {
  for (let i = 1; i < 256 && store.remove(node, extentOfStream(name, i)); i++);
}

/** Removes a stream, wherever it is stored. */
export function removeStream({ store, overflow }: StreamKeeping, node: NodeRef, name: string): void {
  const reference = store.get(node, referenceOfStream(name));
  if (reference !== undefined) {
    overflow.remove(node, reference);
    store.remove(node, referenceOfStream(name));
  }
  removeInline(store, node, name);
}

function answer(call: (done: (error: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    call((error) => (error ? reject(statusErrorOf(error)) : resolve()));
  });
}

export function noSuchStream(): StatusError {
  return new StatusError(NtStatus.ObjectNameNotFound, { hint: 'stream' });
}
