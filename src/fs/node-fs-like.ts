/** The part of `fs.Stats` that is used. */
export interface StatsLike {
  readonly ino: number;
  readonly mode: number;
  readonly nlink: number;
  readonly size: number;
  readonly blocks?: number;
  readonly atimeMs: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly birthtimeMs: number;
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

/** The part of `fs.promises.FileHandle` that is used. */
export interface FileHandleLike {
  stat(): Promise<StatsLike>;
  read(into: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesRead: number }>;
  write(from: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesWritten: number }>;
  truncate(size: number): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** The part of `fs.promises` that is used, from Node, memfs or another implementation. */
export interface FsPromisesLike {
  open(path: string, flags: string, mode?: number): Promise<FileHandleLike>;
  stat(path: string): Promise<StatsLike>;
  lstat(path: string): Promise<StatsLike>;
  realpath(path: string): Promise<string>;
  readdir(path: string): Promise<string[]>;
  mkdir(path: string): Promise<unknown>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  rmdir(path: string): Promise<void>;
  utimes(path: string, atime: number | Date, mtime: number | Date): Promise<void>;
  chmod(path: string, mode: number): Promise<void>;
  /** With this and `symlink`, the back end has `links`. */
  readlink?(path: string): Promise<string>;
  symlink?(target: string, path: string): Promise<void>;
  /** With this, the back end has hard links. */
  link?(from: string, to: string): Promise<void>;
}
