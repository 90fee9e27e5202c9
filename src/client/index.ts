export { ConnectionLost, SmbError, StatusError, UsageError } from '#wire/erref/errors.js';
export type { Data } from './arguments.js';
export type { CachingBreak, CachingText } from './caching.js';
export { type CallOptions, CallTimeout, type Progress, type Steps, type TransferOptions } from './call-options.js';
export { connect, inspectServer, listShares } from './connect.js';
export type { ConnectionInfo, ServerCapability, ServerIdentity } from './connection-info.js';
export { errnoCode } from './errors.js';
export { type Examination, examine } from './examine/examine.js';
export type { Finding, Verdict } from './examine/finding.js';
export { type ExchangeResult, playExchange } from './exchange/exchange.js';
export { File, type FileEvents } from './file.js';
export { hintFor } from './hints.js';
export type { Listing } from './listing.js';
export type { FileLock, LockOptions } from './lock-options.js';
export type { Dir } from './node-fs/dir.js';
export { FsError } from './node-fs/errors.js';
export type { SharePromises } from './node-fs/fs.js';
export type { FileHandle } from './node-fs/handle.js';
export type { BigIntStats, Dirent, Stats } from './node-fs/stats.js';
export type { Watcher, WatcherEvents, WatcherOptions } from './node-fs/watcher.js';
export { DirectoryEntry, NodeStat } from './node-stat.js';
export type { OpenOptions } from './open-options.js';
export { type AccessControl, type AccessEntry, FileSecurity, type RightsName } from './operation/acl.js';
export type { AtomicWrite } from './operation/atomic-write.js';
export type { CopyOptions } from './operation/copy.js';
export type { CpOptions } from './operation/cp.js';
export type { AttributeValues, NamedStream, Snapshot } from './operation/extras.js';
export type { AccessKind, Times } from './operation/facts.js';
export type { GlobOptions } from './operation/glob.js';
export type { LinkKind } from './operation/links.js';
export type { ListOptions } from './operation/read-directory.js';
export type { RemoveOneOptions, RemoveOptions } from './operation/remove.js';
export type { ReadFileOptions, ReadTextOptions, WriteFileOptions, WriteFlag } from './operation/whole-file.js';
export type {
  CipherName,
  ConnectOptions,
  DialectName,
  EncryptionPolicy,
  LogonMechanism,
  ReconnectOptions,
  SigningAlgorithmName,
  SigningPolicy,
} from './options.js';
export type { DataRange, DeviceControl, Dots, InfoChange, InfoQuery, VolumeFacts } from './protocol.js';
export type { ServerInfo } from './rpc/server-info.js';
export type { ListedFile, ListedSession, ServerUse } from './rpc/server-use.js';
export type { ListedShare } from './rpc/share-list.js';
export { Share } from './share.js';
export type { ShareFacts, ShareInfo } from './share-facts.js';
export type { ReadStreamOptions, WriteStreamOptions } from './streams.js';
export { parseSmbUrl, SmbUrl, type SmbUrlParts } from './url.js';
export type { Change, WatchOptions } from './watch.js';
