import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { StatusError } from '#wire/erref/errors.js';
import { errnoOf, statusErrorOf } from '../errno.js';
import type { NodeRef } from './attribute-store.js';
import { type ByteString, nativePath } from './name-map.js';
import { makeDirectory, type PrivatePlace } from './private-place.js';

const HEADER = 'sombrero node 1\n';
const FOLDER = 'nodes';
const NEW = `.${process.pid}.new`;
/** Milliseconds until we notice that another server has begun to store something for a node. */
const LOOK_MS = 1000;
/** The interval is also at least this many times as long as looking takes. */
const LOOK_SHARE = 50;
/** Largest total size in bytes of what is stored for one node. */
const LARGEST = 256 * 1024;
const NOFOLLOW = constants.O_NOFOLLOW ?? 0;

type Values = Map<ByteString, Uint8Array>;

/**
 * Values of nodes that the file system cannot hold, in one file per node in the private directory: a header, the node's
 * birth time (inode numbers are reused), then each name and value, preceded by their lengths.
 */
export class NodeFiles {
  readonly #place: PrivatePlace | undefined;
  readonly #limit: number;
  #known = new Set<bigint>();
  /** The folder's timestamp when it was read; `#lookAt`: when to look again. */
  #stamp: bigint | undefined;
  #settled = false;
  #lookAt = Number.NEGATIVE_INFINITY;

  constructor(place: PrivatePlace | undefined, limit: number) {
    this.#place = place;
    this.#limit = limit;
  }

  get(node: NodeRef, name: ByteString): Uint8Array | undefined {
    return this.#has(node.id) ? this.#read(node).get(name) : undefined;
  }

  names(node: NodeRef): ByteString[] {
    return this.#has(node.id) ? Array.from(this.#read(node).keys()) : [];
  }

  /** False if there is no room, or no private directory. */
  set(node: NodeRef, name: ByteString, value: Uint8Array): boolean {
    // Another server may have created the file.
    const values = this.#read(node);
    if (values.size === 0 && !this.#has(node.id) && this.#known.size >= this.#limit) return false;
    values.set(name, value);
    return sizeOf(values) <= LARGEST && this.#write(node, values);
  }

  remove(node: NodeRef, name: ByteString): boolean {
    if (this.#place === undefined || (this.#known.size === 0 && !this.#has(node.id))) return false;
    const values = this.#read(node);
    if (!values.delete(name)) return false;
    if (values.size === 0) this.forget(node.id);
    else this.#write(node, values);
    return true;
  }

  forget(id: bigint): void {
    if (!this.#has(id)) return;
    this.#known.delete(id);
    this.#within((folder) => unlinkSync(nativePath(`${folder}/${id}`)), undefined);
  }

  #has(id: bigint): boolean {
    const now = performance.now();
    if (now >= this.#lookAt) {
      this.#within((folder) => this.#look(folder), undefined);
      const end = performance.now();
      this.#lookAt = end + Math.max(LOOK_MS, (end - now) * LOOK_SHARE);
    }
    return this.#known.has(id);
  }

  #look(folder: ByteString): void {
    const { mtimeNs } = lstatSync(nativePath(folder), { bigint: true });
    const moved = mtimeNs !== this.#stamp;
    if (!moved && this.#settled) return;
    // Timestamps are coarse: a change within the same tick is only seen by reading once more.
    this.#settled = !moved;
    this.#stamp = mtimeNs;
    this.#known = new Set(readdirSync(nativePath(folder)).filter(isId).map(BigInt));
  }

  #read(node: NodeRef): Values {
    const bytes = this.#within((folder) => readFile(nativePath(`${folder}/${node.id}`)), undefined);
    return (bytes && parse(bytes, node.birth)) ?? new Map();
  }

  #write(node: NodeRef, values: Values): boolean {
    return this.#within(
      (folder) => {
        makeDirectory(folder);
        const path = `${folder}/${node.id}`;
        const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | NOFOLLOW;
        const fd = openSync(nativePath(path + NEW), flags, 0o600);
        try {
          writeFileSync(fd, compose(values, node.birth));
          renameSync(nativePath(path + NEW), nativePath(path));
        } catch (error) {
          unlinkSync(nativePath(path + NEW));
          throw error;
        } finally {
          closeSync(fd);
        }
        this.#known.add(node.id);
        return true;
      },
      false,
      true,
    );
  }

  /** Runs `use` on the folder; returns `otherwise` if the system refuses. */
  #within<T>(use: (folder: ByteString) => T, otherwise: T, make = false): T {
    if (this.#place === undefined) return otherwise;
    let place: ReturnType<PrivatePlace> | undefined;
    try {
      place = this.#place();
      const folder = `${place.directory}/${FOLDER}`;
      if (make) makeDirectory(place.directory);
      // A planted symlink would lead outside.
      const stats = lstatSync(nativePath(folder), { throwIfNoEntry: false });
      if (stats === undefined ? !make : !stats.isDirectory()) return otherwise;
      return use(folder);
    } catch (error) {
      if (make && ['ENOSPC', 'EDQUOT'].includes(errnoOf(error))) throw statusErrorOf(error);
      if (errnoOf(error) === '' && !(error instanceof StatusError)) throw error;
      return otherwise;
    } finally {
      place?.release();
    }
  }
}

const isId = (name: string): boolean => /^\d{1,20}$/.test(name);

function readFile(path: string | Buffer): Uint8Array | undefined {
  const fd = openSync(path, constants.O_RDONLY | NOFOLLOW);
  try {
    const { size } = fstatSync(fd);
    if (size > 2 * LARGEST) return undefined;
    const bytes = new Uint8Array(size);
    return bytes.subarray(0, readSync(fd, bytes, 0, size, 0));
  } finally {
    closeSync(fd);
  }
}

const START = HEADER.length + 8;
const LENGTHS = 6;

function sizeOf(values: Values): number {
  let size = START;
  for (const [name, value] of values) size += LENGTHS + name.length + value.length;
  return size;
}

function compose(values: Values, birth: bigint): Uint8Array {
  const bytes = Buffer.alloc(sizeOf(values));
  bytes.write(HEADER, 'latin1');
  bytes.writeBigInt64LE(birth, HEADER.length);
  let at = START;
  for (const [name, value] of values) {
    bytes.writeUInt16LE(name.length, at);
    bytes.writeUInt32LE(value.length, at + 2);
    bytes.write(name, at + LENGTHS, 'latin1');
    bytes.set(value, at + LENGTHS + name.length);
    at += LENGTHS + name.length + value.length;
  }
  return bytes;
}

/** Undefined if it is not a file of ours, or belongs to a node that had this inode number before. */
function parse(file: Uint8Array, birth: bigint): Values | undefined {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.length);
  if (bytes.length < START || bytes.toString('latin1', 0, HEADER.length) !== HEADER) return undefined;
  if (bytes.readBigInt64LE(HEADER.length) !== birth) return undefined;
  const values: Values = new Map();
  for (let at = START; at + LENGTHS <= bytes.length; ) {
    const value = at + LENGTHS + bytes.readUInt16LE(at);
    const end = value + bytes.readUInt32LE(at + 2);
    if (end > bytes.length) break;
    values.set(bytes.toString('latin1', at + LENGTHS, value), new Uint8Array(bytes.subarray(value, end)));
    at = end;
  }
  return values;
}
