export { ConnectionLost, SmbError, StatusError, UsageError } from '#wire/erref/errors.js';
export { type Connect, connect, listShares } from './connect.js';
