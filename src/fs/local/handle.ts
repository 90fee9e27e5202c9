import { type BigIntStats, closeSync } from 'node:fs';
import type { NodeKind, OpenAccess } from '../backend.js';
import type { Found } from './containment.js';
import type { ByteString } from './name-map.js';
import type { LocalStream } from './stream.js';

/** An open node of a local directory. */
export class LocalHandle {
  /** -1 if there is none or the handle is closed. */
  fd: number;
  /** Path it was opened by, updated by renames through this back end. */
  path: ByteString;
  readonly kind: NodeKind;
  readonly readable: boolean;
  readonly writable: boolean;
  readonly dev: bigint;
  /** Inode number of the node. */
  readonly ino: bigint;
  /** Device and inode number of the name itself: the symlink, if it is one. */
  readonly nameDev: bigint;
  readonly nameIno: bigint;
  /** Birth time in ns. */
  readonly birth: bigint;
  /** The named stream, if it is a handle of one; `fd` is the node's then. */
  readonly stream: LocalStream | undefined;
  closed = false;

  constructor(path: ByteString, found: Found, access: OpenAccess, stream?: LocalStream) {
    this.fd = found.fd;
    this.path = path;
    this.kind = stream === undefined ? kindOf(found.stats) : 'file';
    this.stream = stream;
    this.birth = found.stats.birthtimeNs;
    this.readable = access.read;
    this.writable = access.write;
    this.dev = found.stats.dev;
    this.ino = found.stats.ino;
    this.nameDev = (found.link ?? found.stats).dev;
    this.nameIno = (found.link ?? found.stats).ino;
  }

  #inUse = 0;
  #writing: Promise<unknown> = Promise.resolve();

  /** Runs a thread-pool operation on the descriptor, which stays open until then even if the handle is closed. */
  async use<T>(operation: (fd: number) => Promise<T>): Promise<T> {
    this.#inUse++;
    try {
      return await operation(this.fd);
    } finally {
      this.#inUse--;
      if (this.closed) this.#letGo();
    }
  }

  /** As `use`, but one at a time: concurrent writers of one file would only spin in the kernel, waiting in turn. */
  useAlone<T>(operation: (fd: number) => Promise<T>): Promise<T> {
    const before = this.#writing;
    const turn = this.use(async (fd) => {
      await before;
      return operation(fd);
    });
    this.#writing = turn.catch(() => undefined);
    return turn;
  }

  /** Closes the descriptor now, or when the last operation on it has ended. */
  close(): void {
    this.closed = true;
    this.#letGo();
  }

  #letGo(): void {
    if (this.#inUse > 0 || this.fd < 0) return;
    closeSync(this.fd);
    this.fd = -1;
  }

  /** Whether the descriptor is open for data, so that functions on descriptors work. */
  get hasData(): boolean {
    return this.kind === 'file' && this.stream === undefined && (this.readable || this.writable);
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
