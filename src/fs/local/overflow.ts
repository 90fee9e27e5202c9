import { randomBytes } from 'node:crypto';
import { closeSync, constants, fstatSync, lstatSync, openSync, unlinkSync } from 'node:fs';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { statusErrorOf } from '../errno.js';
import type { NodeRef } from './attribute-store.js';
import { LocalHandle } from './handle.js';
import { type ByteString, nativePath } from './name-map.js';
import { makeDirectory, type PrivatePlace } from './private-place.js';

const FOLDER = 'streams';
const NOFOLLOW = constants.O_NOFOLLOW ?? 0;
const BOTH = { read: true, write: true };

/**
 * Streams that are too large for an attribute, stored as files in the private directory. A reference attribute names
 * the file and the node that it belongs to, so that neither a copy of the node nor any other node can use it.
 */
export class Overflow {
  readonly #place: PrivatePlace | undefined;
  #used: boolean | undefined;

  constructor(place: PrivatePlace | undefined) {
    this.#place = place;
  }

  /** Whether there can be any such streams. */
  get isUsed(): boolean {
    this.#used ??= this.#looksUsed();
    return this.#used;
  }

  /** Creates a file and the reference to it. */
  create(node: NodeRef): { file: LocalHandle; reference: Uint8Array } {
    const token = randomBytes(12).toString('hex');
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL;
    const file = this.#within(token, true, (path) => open(path, flags));
    this.#used = true;
    return { file, reference: Buffer.from(`${node.id} ${node.birth} ${token}`) };
  }

  /** Undefined if it does not belong to this node, or is gone. */
  open(node: NodeRef, reference: Uint8Array): LocalHandle | undefined {
    return this.#existing(node, reference, (path) => open(path, constants.O_RDWR));
  }

  sizes(node: NodeRef, reference: Uint8Array): { size: number; allocationSize: number } | undefined {
    const stats = this.#existing(node, reference, (path) => lstatSync(nativePath(path)));
    return stats?.isFile() ? { size: stats.size, allocationSize: stats.blocks * 512 } : undefined;
  }

  remove(node: NodeRef, reference: Uint8Array): void {
    this.#existing(node, reference, (path) => unlinkSync(nativePath(path)));
  }

  #existing<T>(node: NodeRef, reference: Uint8Array, use: (path: ByteString) => T): T | undefined {
    const token = tokenOf(node, reference);
    if (token === undefined) return undefined;
    try {
      return this.#within(token, false, use);
    } catch (error) {
      if (error instanceof StatusError && error.status === NtStatus.ObjectNameNotFound) return undefined;
      throw error;
    }
  }

  #looksUsed(): boolean {
    try {
      return this.#place !== undefined && this.#within('', false, () => true);
    } catch (error) {
      if (error instanceof StatusError) return false;
      throw error;
    }
  }

  #within<T>(token: string, make: boolean, use: (path: ByteString) => T): T {
    if (this.#place === undefined) throw new StatusError(NtStatus.DiskFull);
    let place: ReturnType<PrivatePlace> | undefined;
    try {
      place = this.#place();
      const folder = `${place.directory}/${FOLDER}`;
      if (make) for (const directory of [place.directory, folder]) makeDirectory(directory);
      // A planted symlink would lead outside.
      const stats = lstatSync(nativePath(folder), { throwIfNoEntry: false });
      if (!stats?.isDirectory()) throw new StatusError(NtStatus.ObjectNameNotFound);
      return use(`${folder}/${token}`);
    } catch (error) {
      throw statusErrorOf(error);
    } finally {
      place?.release();
    }
  }
}

function open(path: ByteString, flags: number): LocalHandle {
  const fd = openSync(nativePath(path), flags | NOFOLLOW, 0o600);
  const stats = fstatSync(fd, { bigint: true });
  if (stats.isFile()) return new LocalHandle(path, { fd, stats, link: undefined }, BOTH);
  closeSync(fd);
  throw new StatusError(NtStatus.ObjectNameNotFound);
}

function tokenOf(node: NodeRef, reference: Uint8Array): string | undefined {
  if (reference.length > 80) return undefined;
  const [id, birth, token = ''] = Buffer.from(reference).toString('latin1').split(' ');
  const ours = id === String(node.id) && birth === String(node.birth) && /^[0-9a-f]{24}$/.test(token);
  return ours ? token : undefined;
}
