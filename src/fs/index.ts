/** `sombrero/fs`: back ends, which provide what a server shares. */
export type {
  Backend,
  DirectoryEntry,
  Eventually,
  InfoChange,
  MediumChange,
  MediumWatch,
  NodeInfo,
  NodeKind,
  OpenAccess,
  Opened,
  Path,
  ReadableBackend,
  Space,
  Volume,
  WritableBackend,
} from './backend.js';
export { isWritable } from './backend.js';
export type {
  Descriptors,
  Ea,
  ExtendedAttributes,
  Extent,
  Extents,
  FileLocks,
  Links,
  LockedRange,
  PosixFacts,
  RangeCopies,
  Snapshots,
  StreamInfo,
  Streams,
} from './capabilities.js';
export type { Clock } from './clock.js';
export type { NodeFsHandle, NodeFsOptions } from './from-node-fs.js';
export { fromNodeFs } from './from-node-fs.js';
export type { LocalHandle } from './local/handle.js';
export { localDirectory } from './local/local-directory.js';
export type { LocalDirectoryOptions } from './local/options.js';
export { stateDirectory } from './local/state-directory.js';
export { unixNames } from './local/unix-names.js';
export type { MemoryHandle } from './memory/handle.js';
export type { MemoryOptions } from './memory/memory.js';
export { memory } from './memory/memory.js';
export type { FileHandleLike, FsPromisesLike, StatsLike } from './node-fs-like.js';
export { readOnly } from './read-only.js';
export type { StateStore } from './state-store.js';
export type { UnixNames } from './unix-names.js';
