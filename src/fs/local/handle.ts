import type { BigIntStats } from 'node:fs';
import type { NodeKind, OpenAccess } from '../backend.js';
import type { Found } from './containment.js';
import type { ByteString } from './name-map.js';

/** An open node of a local directory. */
export class LocalHandle {
  /** -1 if it has none or is closed. */
  fd: number;
  /** Where it was opened, kept up to date by renames through this back end. */
  path: ByteString;
  readonly kind: NodeKind;
  readonly readable: boolean;
  readonly writable: boolean;
  readonly dev: bigint;
  /** Of the node. */
  readonly ino: bigint;
  /** Of what the name stands for: the symlink if there is one. */
  readonly nameDev: bigint;
  readonly nameIno: bigint;
  closed = false;

  constructor(path: ByteString, found: Found, access: OpenAccess) {
    this.fd = found.fd;
    this.path = path;
    this.kind = kindOf(found.stats);
    this.readable = access.read;
    this.writable = access.write;
    this.dev = found.stats.dev;
    this.ino = found.stats.ino;
    this.nameDev = (found.link ?? found.stats).dev;
    this.nameIno = (found.link ?? found.stats).ino;
  }

  get throughLink(): boolean {
    return this.nameIno !== this.ino || this.nameDev !== this.dev;
  }
}

export function kindOf(stats: BigIntStats): NodeKind {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  return stats.isSymbolicLink() ? 'symlink' : 'other';
}
