import { statusErrorOf } from '../errno.js';
import type { ByteString } from './name-map.js';
import { errnoError, isErrno, type Libc } from './native/libc.js';
import { DOSATTRIB, type DosAttrib, LARGEST_DOSATTRIB, readDosAttrib, writeDosAttrib } from './samba/dos-attrib.js';

/** DOS attributes and creation times where Samba has them. One system call per node, 1 to 4 µs. */
export class DosAttributes {
  readonly #libc: Libc;
  readonly #scratch = new Uint8Array(LARGEST_DOSATTRIB);

  constructor(libc: Libc) {
    this.#libc = libc;
  }

  /** Of a node opened for data: the cheapest way. */
  of(fd: number): DosAttrib | undefined {
    return this.#read(this.#libc.fgetxattr(fd, DOSATTRIB, this.#scratch));
  }

  at(at: ByteString): DosAttrib | undefined {
    return this.#read(this.#libc.getxattr(at, DOSATTRIB, this.#scratch));
  }

  /** Of a name in an open directory. */
  named(directory: number, name: ByteString): DosAttrib | undefined {
    return this.#read(this.#libc.getxattrIn(directory, name, DOSATTRIB, this.#scratch));
  }

  /** False where the file system does not take it: the sidecar does then. */
  keep(at: ByteString, value: DosAttrib): boolean {
    const result = this.#libc.setxattr(at, DOSATTRIB, writeDosAttrib(value));
    if (result >= 0) return true;
    if (isErrno(result, 'EROFS', 'EIO', 'ENOENT', 'EBADF')) throw statusErrorOf(errnoError(result, 'setxattr'));
    return false;
  }

  /** Whatever the reason is that there is none: nothing is said of the node then. */
  #read(length: number): DosAttrib | undefined {
    return length > 0 ? readDosAttrib(this.#scratch.subarray(0, length)) : undefined;
  }
}
