import { constants } from 'node:os';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { statusErrorOf } from '../errno.js';
import type { ByteString } from './name-map.js';
import { errnoError, isErrno, type Libc } from './native/libc.js';
import type { NodeFiles } from './node-files.js';

/** A node, as identified by code that stores something for it. */
export interface NodeRef {
  /** A path that leads to the open node even after a rename. */
  readonly at: ByteString;
  /** Descriptor open for data, which is faster than the path; undefined if there is none. */
  readonly fd?: number | undefined;
  readonly id: bigint;
  /** Birth time in ns, because inode numbers are reused. */
  readonly birth: bigint;
}

/** Largest value of one attribute in bytes; Linux has the same limit. */
export const LARGEST_ATTRIBUTE = 65_536;
const SMALL = 1024;
/** Bytes of a node's attribute names that are read. */
const NAMES_AT_MOST = 65_536;

/**
 * Small values attached to a node: as extended attributes, or in files in the private directory where the file system
 * has none or refuses this one (`security.*` needs privileges; symlinks cannot have `user.*`). Values read from disk
 * are untrusted, since anybody may have written them.
 */
export class AttributeStore {
  readonly #libc: Libc | undefined;
  readonly #files: NodeFiles;
  readonly #scratch = new Uint8Array(LARGEST_ATTRIBUTE);
  readonly #small = this.#scratch.subarray(0, SMALL);

  constructor(libc: Libc | undefined, files: NodeFiles) {
    this.#libc = libc;
    this.#files = files;
  }

  /** A copy, or undefined. */
  get(node: NodeRef, name: ByteString): Uint8Array | undefined {
    const filed = this.#files.get(node, name);
    if (filed !== undefined || this.#libc === undefined) return filed;
    // Nearly all values are small, and Linux clears as much memory as the buffer's size.
    let length = read(this.#libc, node, name, this.#small);
    if (isErrno(length, 'ERANGE')) length = read(this.#libc, node, name, this.#scratch);
    if (length >= 0) return this.#scratch.slice(0, length);
    if (isAbsent(length) || isErrno(length, 'ERANGE')) return undefined;
    throw statusErrorOf(errnoError(length, 'getxattr'));
  }

  /** Whether it is stored in a file of ours, which is deleted with the node's last name. */
  isFiled(node: NodeRef, name: ByteString): boolean {
    return this.#files.get(node, name) !== undefined;
  }

  /** The value's length, or undefined. */
  sizeOf(node: NodeRef, name: ByteString): number | undefined {
    const filed = this.#files.get(node, name);
    if (filed !== undefined || this.#libc === undefined) return filed?.length;
    const length = read(this.#libc, node, name, NOTHING);
    if (length >= 0) return length;
    if (isAbsent(length)) return undefined;
    throw statusErrorOf(errnoError(length, 'getxattr'));
  }

  /** False if the medium has no room for a value of this size here. */
  set(
    node: NodeRef,
    name: ByteString,
    value: Uint8Array,
    elsewhere: 'large too' | 'if refused' = 'if refused',
  ): boolean {
    if (value.length > LARGEST_ATTRIBUTE) return false;
    const result = this.#libc?.setxattr(node.at, name, value) ?? -constants.errno.EOPNOTSUPP;
    if (result >= 0) {
      this.#files.remove(node, name);
      return true;
    }
    const tooLarge = isErrno(result, 'ENOSPC', 'E2BIG', 'ERANGE', 'EDQUOT');
    if (tooLarge && elsewhere !== 'large too') return false;
    if (!tooLarge && !isRefused(result)) throw statusErrorOf(errnoError(result, 'setxattr'));
    if (!this.#files.set(node, name, value)) return false;
    this.#libc?.removexattr(node.at, name);
    return true;
  }

  /** Returns whether there was one. */
  remove(node: NodeRef, name: ByteString): boolean {
    const filed = this.#files.remove(node, name);
    const result = this.#libc?.removexattr(node.at, name) ?? -constants.errno.ENODATA;
    if (result < 0 && !isAbsent(result) && !filed) throw statusErrorOf(errnoError(result, 'removexattr'));
    return filed || result >= 0;
  }

  names(node: NodeRef): ByteString[] {
    const filed = this.#files.names(node);
    if (this.#libc === undefined) return filed;
    const length = this.#libc.listxattr(node.at, this.#scratch);
    if (length < 0 && !isAbsent(length)) throw statusErrorOf(errnoError(length, 'listxattr'));
    const text = Buffer.from(this.#scratch.buffer, 0, Math.max(0, Math.min(length, NAMES_AT_MOST))).toString('latin1');
    const names = text.split('\0').filter((name) => name !== '');
    return filed.length === 0 ? names : [...new Set([...names, ...filed])];
  }

  /** Called when the last name of a node has been removed. */
  forget(id: bigint): void {
    this.#files.forget(id);
  }
}

const NOTHING = new Uint8Array(0);

function read(libc: Libc, node: NodeRef, name: ByteString, into: Uint8Array): number {
  return node.fd === undefined ? libc.getxattr(node.at, name, into) : libc.fgetxattr(node.fd, name, into);
}

function isAbsent(result: number): boolean {
  return isErrno(result, 'ENODATA', 'EOPNOTSUPP', 'ENOTSUP');
}

function isRefused(result: number): boolean {
  return isErrno(result, 'EPERM', 'EACCES', 'EOPNOTSUPP', 'ENOTSUP');
}

/** Throws if a value that has no other place does not fit. */
export function demandRoom(fits: boolean, status: number = NtStatus.DiskFull): void {
  if (!fits) throw new StatusError(status);
}
