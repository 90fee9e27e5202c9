/**
 * A file server that Windows, macOS, Linux and devices can use.
 *
 * ```ts
 * import { createServer } from 'sombrero/server'
 * import { localDirectory } from 'sombrero/fs'
 *
 * const server = createServer({ shares: { docs: localDirectory('/srv/docs') }, users: { ann: { password: 'secret' } } })
 * await server.listen(4450)
 * ```
 * @packageDocumentation
 */
export type { Identity } from '#auth/mechanism.js';
export { SmbError, StatusError, UsageError } from '#wire/erref/errors.js';
export type { LockDetails, OpenDetails, ServerDetails, SessionDetails, TreeDetails } from './details.js';
export type { Limits } from './limits.js';
export type { DialectName, ServerOptions, UserOptions } from './options.js';
export { type Address, createServer, SmbServer } from './server.js';
export { type Right, Share, type ShareOptions, ShareTable } from './state/share.js';
export type { ServerStatus } from './status.js';
