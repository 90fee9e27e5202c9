import { statusErrorOf } from '../errno.js';
import type { ByteString } from './name-map.js';
import { errnoError, isErrno, type Libc } from './native/libc.js';
import { DOSATTRIB, type DosAttrib, LARGEST_DOSATTRIB, readDosAttrib, writeDosAttrib } from './samba/dos-attrib.js';

/** DOS attributes and creation times, stored as Samba does. One system call per node, 1 to 4 µs. */
export class DosAttributes {
  readonly #libc: Libc;
  readonly #scratch = new Uint8Array(LARGEST_DOSATTRIB);

  constructor(libc: Libc) {
    this.#libc = libc;
  }

  /** Of a node opened for data, which is the cheapest. */
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

  /** False if the file system refuses it; then the sidecar stores it. */
  keep(at: ByteString, value: DosAttrib): boolean {
    const result = this.#libc.setxattr(at, DOSATTRIB, writeDosAttrib(value));
    if (result >= 0) return true;
    if (isErrno(result, 'EROFS', 'EIO', 'ENOENT', 'EBADF')) throw statusErrorOf(errnoError(result, 'setxattr'));
    return false;
  }

  /** Undefined if there is none, for whatever reason. */
  #read(length: number): DosAttrib | undefined {
    return length > 0 ? readDosAttrib(this.#scratch.subarray(0, length)) : undefined;
  }
}
