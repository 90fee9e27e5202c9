import { readlinkSync, symlinkSync } from 'node:fs';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { Path } from '../backend.js';
import type { Links } from '../capabilities.js';
import { statusErrorOf } from '../errno.js';
import { type Containment, isPrivate, lastOf } from './containment.js';
import type { LocalHandle } from './handle.js';
import { type ByteString, nativePath, toMedium, toWire } from './name-map.js';
import { errnoError, type Libc } from './native/libc.js';

/** Longest path on Linux. */
const LONGEST = 4096;

/** What links need from the directory. */
export interface LinkHost {
  readonly containment: Containment;
  readonly libc: Libc | undefined;
  /** Runs an operation that creates a name. */
  making(path: Path, operation: () => void): void;
}

export class LocalLinks implements Links<LocalHandle> {
  readonly #host: LinkHost;

  constructor(host: LinkHost) {
    this.#host = host;
  }

  target(link: LocalHandle): string {
    if (link.closed) throw new StatusError(NtStatus.FileClosed);
    if (link.kind !== 'symlink') throw new StatusError(NtStatus.NotAReparsePoint);
    const { libc, containment } = this.#host;
    if (libc !== undefined && link.fd >= 0) {
      const into = new Uint8Array(LONGEST);
      const length = libc.readlinkOpen(link.fd, into);
      if (length < 0) throw statusErrorOf(errnoError(length, 'readlink'));
      return targetToWire(Buffer.from(into.buffer, 0, length).toString('latin1'));
    }
    const parent = containment.parent(link.path);
    try {
      return targetToWire(readlinkSync(nativePath(`${parent.at}/${lastOf(link.path)}`), 'latin1' as BufferEncoding));
    } catch (error) {
      throw statusErrorOf(error);
    } finally {
      parent.release();
    }
  }

  make(path: Path, target: string): void {
    if (path === '') throw new StatusError(NtStatus.ObjectNameCollision, { path });
    const at = toMedium(path);
    if (isPrivate(this.#host.containment, at)) throw new StatusError(NtStatus.AccessDenied);
    const says = targetToMedium(target);
    if (says === '' || says.length >= LONGEST) throw new StatusError(NtStatus.InvalidParameter, { path });
    const parent = this.#host.containment.parent(at);
    try {
      this.#host.making(path, () => symlinkSync(nativePath(says), nativePath(`${parent.at}/${lastOf(at)}`)));
    } catch (error) {
      throw statusErrorOf(error, path);
    } finally {
      parent.release();
    }
  }
}

const isDots = (name: string): boolean => name === '' || name === '.' || name === '..';

function targetToWire(target: ByteString): string {
  const names = target.split('/');
  return names.map((name) => (isDots(name) ? name : toWire(name))).join('/');
}

function targetToMedium(target: string): ByteString {
  const names = target.split('/');
  return names.map((name) => (isDots(name) ? name : toMedium(name))).join('/');
}
