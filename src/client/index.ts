export { ConnectionLost, SmbError, StatusError, UsageError } from '#wire/erref/errors.js';
export { connect, listShares } from './connect.js';
export type { ConnectionInfo, ServerCapability, ServerIdentity } from './connection-info.js';
export { errnoCode, hintFor } from './errors.js';
export { type ExchangeResult, playExchange } from './exchange.js';
export { type CallOptions, File } from './file.js';
export { DirectoryEntry, NodeStat } from './node-stat.js';
export type { OpenOptions } from './open-options.js';
export type {
  CipherName,
  ConnectOptions,
  DialectName,
  EncryptionPolicy,
  LogonMechanism,
  SigningAlgorithmName,
  SigningPolicy,
} from './options.js';
export type { VolumeFacts } from './protocol.js';
export { type ReadStreamOptions, Share, type WriteStreamOptions } from './share.js';
export type { ListedShare } from './share-list.js';
export { parseSmbUrl, SmbUrl, type SmbUrlParts } from './url.js';
export type { Change } from './watch.js';
