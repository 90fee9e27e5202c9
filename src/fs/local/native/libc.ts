import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { getSystemErrorName } from 'node:util';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { ByteString } from '../name-map.js';

/**
 * Linux calls that Node lacks. Calls that may fail in normal operation return a negative errno instead of throwing, as
 * an exception costs more than the call. Paths are byte strings.
 */
export interface Libc {
  /** The value's length, or -ENODATA, -ERANGE (larger than `into`), … */
  getxattr(at: ByteString, name: ByteString, into: Uint8Array): number;
  fgetxattr(fd: number, name: ByteString, into: Uint8Array): number;
  /** Of a name in an open directory, without following symlinks. */
  getxattrIn(directory: number, entry: ByteString, name: ByteString, into: Uint8Array): number;
  /** As `listxattr`, of a name in an open directory, without following symlinks. */
  listxattrIn(directory: number, entry: ByteString, into: Uint8Array): number;
  setxattr(at: ByteString, name: ByteString, value: Uint8Array): number;
  removexattr(at: ByteString, name: ByteString): number;
  /** Returns the total length of the names, each terminated by a NUL. */
  listxattr(at: ByteString, into: Uint8Array): number;
  /** A descriptor, or -ELOOP if there is a symlink in the path, -ENOENT, … */
  openat2(at: ByteString, flags: number, resolve: number): number;
  /** Fails with -EEXIST where `rename` would replace the target. */
  renameNoReplace(from: ByteString, to: ByteString): number;
  /** Adds a hard link to an open node. */
  linkOpen(fd: number, to: ByteString): number;
  /** Reads the target of an open symlink. */
  readlinkOpen(fd: number, into: Uint8Array): number;
  /** Sets both times, in ns since 1970. */
  utimens(at: ByteString, accessNs: bigint, writeNs: bigint): number;
  /** Offset of the next data or hole, or -ENXIO after the last. */
  seek(fd: number, offset: number, what: 'data' | 'hole'): number;
  /**
   * Advisory lock of an open file description: sets it ('set'), or checks for a conflict ('get': 0 for none, 1 for
   * one). A length of 0 means everything from `offset` on.
   */
  lockRange(fd: number, how: 'get' | 'set', kind: 'read' | 'write' | 'none', offset: bigint, length: bigint): number;
  /** Makes one file share all blocks of another. */
  cloneWhole(from: number, to: number): number;
  fallocate(fd: number, mode: number, offset: number, length: number): Promise<number>;
  copyFileRange(from: number, fromAt: number, to: number, toAt: number, length: number): Promise<number>;
  cloneRange(from: number, fromAt: number, to: number, toAt: number, length: number): Promise<number>;
}

export const FALLOC_FL_KEEP_SIZE = 1;
export const FALLOC_FL_PUNCH_HOLE = 2;
export const RESOLVE_NO_SYMLINKS = 4;
/** Opens the node itself without data access, so that devices and FIFOs are not affected. */
export const O_PATH = 0o10000000;

const AT_FDCWD = -100;
const AT_SYMLINK_NOFOLLOW = 0x100;
const AT_SYMLINK_FOLLOW = 0x400;
const RENAME_NOREPLACE = 1;
const SYS_RENAMEAT2 = process.arch === 'x64' ? 316 : 276;
const SYS_OPENAT2 = 437;
const SYS_GETXATTRAT = 464;
const SYS_LISTXATTRAT = 465;
const FICLONE = 0x40049409;
const FICLONERANGE = 0x4020940d;
const [SEEK_DATA, SEEK_HOLE] = [3, 4];
const [F_OFD_GETLK, F_OFD_SETLK] = [36, 37];
const LOCK_TYPES = { read: 0, write: 1, none: 2 } as const;
/** Architectures with a 64-bit `off_t` and the common ioctl numbers. */
const ARCHITECTURES = ['x64', 'arm64', 'riscv64', 'loong64'];

type Native = ((...args: unknown[]) => number) & {
  async(...args: [...unknown[], (error: unknown, result: number) => void]): void;
};

interface Koffi {
  load(path: null): { func(prototype: string): Native };
  errno(): number;
  address(value: Uint8Array): bigint;
}

let loaded: Libc | null | undefined;

/** Undefined on other systems, and if the optional package that makes the calls is not installed. */
export function libc(): Libc | undefined {
  if (loaded === undefined) loaded = load() ?? null;
  return loaded ?? undefined;
}

/** A Node-style error for a negative errno. */
export function errnoError(result: number, call: string): Error {
  const code = getSystemErrorName(result);
  return Object.assign(new Error(`${code}: ${call}`), { code, errno: result, syscall: call });
}

export function isErrno(result: number, ...names: (keyof typeof constants.errno)[]): boolean {
  return result < 0 && names.some((name) => constants.errno[name] === -result);
}

function load(): Libc | undefined {
  if (process.platform !== 'linux' || !ARCHITECTURES.includes(process.arch)) return undefined;
  try {
    return bind(createRequire(import.meta.url)('koffi') as Koffi);
  } catch {
    // Not installed, or not for this C library: all callers have a fallback.
    return undefined;
  }
}

function bind(koffi: Koffi): Libc {
  const { func } = functions(koffi);
  const getxattr = func('long getxattr(const char *path, const void *name, void *value, size_t size)');
  const fgetxattr = func('long fgetxattr(int fd, const void *name, void *value, size_t size)');
  const setxattr = func('int setxattr(const char *path, const void *name, const void *value, size_t size, int flags)');
  const removexattr = func('int removexattr(const char *path, const void *name)');
  const listxattr = func('long listxattr(const char *path, void *list, size_t size)');
  const openat2 = func('long syscall(long number, int fd, const char *path, const void *how, size_t size)');
  // By syscall number, because musl lacked the function until recently.
  const renameat2 = func(
    'long syscall(long number, int fd, const char *from, int tofd, const char *to, unsigned int flags)',
  );
  const linkat = func('int linkat(int fd, const char *from, int tofd, const char *to, int flags)');
  const readlinkat = func('long readlinkat(int fd, const char *path, void *into, size_t size)');
  const utimensat = func('int utimensat(int fd, const char *path, const void *times, int flags)');
  const ioctl = func('int ioctl(int fd, unsigned long request, int argument)');
  const lseek = func('int64_t lseek(int fd, int64_t offset, int whence)');
  const how = new BigUint64Array(3);
  const times = new BigInt64Array(4);
  const empty = new Uint8Array(1);
  return {
    getxattr: (at, name, into) => getxattr(path(at), nameOf(name), into, into.length),
    fgetxattr: (fd, name, into) => fgetxattr(fd, nameOf(name), into, into.length),
    // An empty array has no address to pass.
    setxattr: (at, name, value) =>
      setxattr(path(at), nameOf(name), value.length === 0 ? empty : value, value.length, 0),
    removexattr: (at, name) => removexattr(path(at), nameOf(name)),
    listxattr: (at, into) => listxattr(path(at), into, into.length),
    openat2(at, flags, resolve) {
      how[0] = BigInt(flags | O_CLOEXEC);
      how[2] = BigInt(resolve);
      return openat2(SYS_OPENAT2, AT_FDCWD, path(at), how, how.byteLength);
    },
    renameNoReplace: (from, to) => renameat2(SYS_RENAMEAT2, AT_FDCWD, path(from), AT_FDCWD, path(to), RENAME_NOREPLACE),
    linkOpen: (fd, to) => linkat(AT_FDCWD, `/proc/self/fd/${fd}`, AT_FDCWD, path(to), AT_SYMLINK_FOLLOW),
    readlinkOpen: (fd, into) => readlinkat(fd, '', into, into.length),
    utimens(at, accessNs, writeNs) {
      setTime(times, 0, accessNs);
      setTime(times, 2, writeNs);
      return utimensat(AT_FDCWD, path(at), times, 0);
    },
    seek: (fd, offset, what) => lseek(fd, offset, what === 'data' ? SEEK_DATA : SEEK_HOLE),
    lockRange: rangeLocks(koffi),
    cloneWhole: (from, to) => ioctl(to, FICLONE, from),
    getxattrIn: xattrsIn(koffi),
    listxattrIn: listIn(koffi),
    ...slow(koffi),
  };
}

function rangeLocks(koffi: Koffi): Libc['lockRange'] {
  const { func } = functions(koffi);
  const fcntl = func('int fcntl(int fd, int command, void *argument)');
  // struct flock: l_type and l_whence, padding, l_start, l_len, l_pid.
  const flock = new BigInt64Array(4);
  const types = new Int16Array(flock.buffer, 0, 2);
  return (fd, how, kind, offset, length) => {
    flock.fill(0n);
    types[0] = LOCK_TYPES[kind];
    flock[1] = offset;
    flock[2] = length;
    const result = fcntl(fd, how === 'get' ? F_OFD_GETLK : F_OFD_SETLK, flock);
    if (how === 'set' || result < 0) return result;
    return types[0] === LOCK_TYPES.none ? 0 : 1;
  };
}

/** Linux 6.13 and later have a call that needs no path to the directory: 1.5 µs instead of 4. */
function xattrsIn(koffi: Koffi): Libc['getxattrIn'] {
  const { func } = functions(koffi);
  const lgetxattr = func('long lgetxattr(const char *path, const void *name, void *value, size_t size)');
  const getxattrat = func(
    'long syscall(long number, int fd, const char *path, unsigned int flags, const void *name, void *value, size_t size)',
  );
  // struct xattr_args: the value's address, its size and flags.
  const value = new BigUint64Array(2);
  let aimedAt: Uint8Array | undefined;
  let isThere = true;
  return (directory, entry, name, into) => {
    if (isThere) {
      if (aimedAt !== into) {
        value[0] = koffi.address(into);
        value[1] = BigInt(into.length);
        aimedAt = into;
      }
      const args = [SYS_GETXATTRAT, directory, path(entry), AT_SYMLINK_NOFOLLOW, nameOf(name), value, value.byteLength];
      const length = getxattrat(...args);
      if (!isErrno(length, 'ENOSYS', 'EPERM')) return length;
      isThere = !isErrno(length, 'ENOSYS');
    }
    return lgetxattr(path(`/proc/self/fd/${directory}/${entry}`), nameOf(name), into, into.length);
  };
}

/** The same for their names. */
function listIn(koffi: Koffi): Libc['listxattrIn'] {
  const { func } = functions(koffi);
  const llistxattr = func('long llistxattr(const char *path, void *list, size_t size)');
  const listxattrat = func(
    'long syscall(long number, int fd, const char *path, unsigned int flags, void *list, size_t size)',
  );
  let isThere = true;
  return (directory, entry, into) => {
    if (isThere) {
      const length = listxattrat(SYS_LISTXATTRAT, directory, path(entry), AT_SYMLINK_NOFOLLOW, into, into.length);
      if (!isErrno(length, 'ENOSYS', 'EPERM')) return length;
      isThere = !isErrno(length, 'ENOSYS');
    }
    return llistxattr(path(`/proc/self/fd/${directory}/${entry}`), into, into.length);
  };
}

/** Calls that may take long run in koffi's threads. */
function slow(koffi: Koffi): Pick<Libc, 'fallocate' | 'copyFileRange' | 'cloneRange'> {
  const { later } = functions(koffi);
  const fallocate = later('int fallocate(int fd, int mode, int64_t offset, int64_t length)');
  const copy = later(
    'long copy_file_range(int from, void *fromAt, int to, void *toAt, size_t length, unsigned int flags)',
  );
  const ioctl = later('int ioctl(int fd, unsigned long request, void *argument)');
  return {
    fallocate: (fd, mode, offset, length) => fallocate(fd, mode, offset, length),
    copyFileRange: (from, fromAt, to, toAt, length) => copy(from, at(fromAt), to, at(toAt), length, 0),
    cloneRange: (from, fromAt, to, toAt, length) =>
      // [ioctl_ficlonerange] src_fd, src_offset, src_length, dest_offset.
      ioctl(to, FICLONERANGE, BigInt64Array.of(BigInt(from), BigInt(fromAt), BigInt(length), BigInt(toAt))),
  };
}

/** Looks up functions; a result of -1 becomes the negative errno. */
function functions(koffi: Koffi) {
  const library = koffi.load(null);
  const result = (value: number): number => (value === -1 ? -koffi.errno() : value);
  return {
    func(prototype: string): (...args: unknown[]) => number {
      const native = library.func(prototype);
      return (...args) => result(native(...args));
    },
    later(prototype: string): (...args: unknown[]) => Promise<number> {
      const native = library.func(prototype);
      return (...args) =>
        inTurn(
          (done) =>
            new Promise((resolve, reject) => {
              try {
                native.async(...args, (error, value) => {
                  // At once: the next call sets its own errno.
                  const outcome = result(value);
                  done();
                  if (error) reject(error);
                  else resolve(outcome);
                });
              } catch (error) {
                done();
                reject(error);
              }
            }),
        );
    },
  };
}

/** koffi refuses more than some hundred concurrent calls, and the thread pool runs four. */
const MOST_AT_ONCE = 16;
let running = 0;
const waiting: (() => void)[] = [];

/** Starts a call when there is room; the call reports when it is done. */
async function inTurn<T>(call: (done: () => void) => Promise<T>): Promise<T> {
  if (running >= MOST_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else running++;
  return await call(() => {
    // A waiting call takes over the slot.
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  });
}

const O_CLOEXEC = 0o2000000;

const at = (offset: number): BigInt64Array => BigInt64Array.of(BigInt(offset));

function setTime(times: BigInt64Array, index: number, ns: bigint): void {
  const rest = ((ns % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  times[index] = (ns - rest) / 1_000_000_000n;
  times[index + 1] = rest;
}

/** A path for C: a string if it is ASCII, else the bytes. */
function path(bytes: ByteString): string | Uint8Array {
  for (let i = 0; i < bytes.length; i++) {
    const code = bytes.charCodeAt(i);
    // C would end the path here and use another file.
    if (code === 0) throw new StatusError(NtStatus.ObjectNameInvalid);
    if (code > 0x7f) return Buffer.from(`${bytes}\0`, 'latin1');
  }
  return bytes;
}

const names = new Map<ByteString, Uint8Array>();
const MOST_NAMES = 64;

/** Caches the bytes of attribute names, as the same few are used all the time. */
function nameOf(name: ByteString): Uint8Array {
  const known = names.get(name);
  if (known !== undefined) return known;
  const bytes = Buffer.from(`${name}\0`, 'latin1');
  if (names.size < MOST_NAMES) names.set(name, bytes);
  return bytes;
}
