import type { ChallengeFacts } from '#auth/challenge-facts.js';
import { msFromFiletime } from '#wire/dtyp/filetime.js';
import type { LogonMechanism } from './options.js';

/** How a server describes itself. Only the session's signatures protect this information. */
export interface ServerIdentity {
  readonly guid: string | undefined;
  readonly netbiosName: string | undefined;
  readonly netbiosDomain: string | undefined;
  readonly dnsName: string | undefined;
  readonly dnsDomain: string | undefined;
  readonly dnsForest: string | undefined;
  /** For example `10.0.20348`; the value that Samba sends is meaningless. */
  readonly osVersion: string | undefined;
  /** The software name that SMB1 servers send. */
  readonly software: string | undefined;
  /** The server's clock when the connection began. */
  readonly time: Date | undefined;
  /** How far the server's clock is ahead of ours, in milliseconds. */
  readonly clockSkewMs: number | undefined;
}

/** Server capabilities from the NEGOTIATE response. */
export type ServerCapability =
  | 'dfs'
  | 'leasing'
  | 'large-mtu'
  | 'multi-channel'
  | 'persistent-handles'
  | 'directory-leasing'
  | 'encryption'
  | 'notifications';

/** What was negotiated with a server, and how the connection is protected. */
export interface ConnectionInfo {
  readonly dialect: string;
  /** Undefined when nothing is signed. */
  readonly signingAlgorithm: string | undefined;
  /** The negotiated cipher, whether or not it is in use; undefined if none. */
  readonly cipher: string | undefined;
  /** Every message is signed (or encrypted). */
  readonly signed: boolean;
  /** Every message of this share is encrypted. */
  readonly encrypted: boolean;
  readonly guest: boolean;
  readonly anonymous: boolean;
  /** The mechanism used for the logon. */
  readonly mechanism: LogonMechanism | undefined;
  /** The server requires signing. */
  readonly serverRequiresSigning: boolean;
  /** The name the server gives itself, if any. */
  readonly serverName: string | undefined;
  readonly serverGuid: string | undefined;
  readonly server: ServerIdentity;
  readonly capabilities: readonly ServerCapability[];
  /** Compression algorithms; we never offer any. */
  readonly compression: readonly string[];
  readonly maxRead: number;
  readonly maxWrite: number;
  readonly maxTransact: number;
}

/** Combines what the NEGOTIATE response and the NTLM challenge say about the server. */
export function identityOf(
  facts: ChallengeFacts | undefined,
  from: { guid?: string | undefined; software?: string | undefined; systemTime: bigint; at: number },
): ServerIdentity {
  const time = from.systemTime === 0n ? undefined : msFromFiletime(from.systemTime);
  const known = time !== undefined && Math.abs(time) <= 8.64e15;
  return {
    guid: from.guid,
    netbiosName: facts?.netbiosName,
    netbiosDomain: facts?.netbiosDomain,
    dnsName: facts?.dnsName,
    dnsDomain: facts?.dnsDomain,
    dnsForest: facts?.dnsForest,
    osVersion: facts?.osVersion,
    software: from.software || undefined,
    time: known ? new Date(time) : undefined,
    clockSkewMs: known ? Math.round(time - from.at) : undefined,
  };
}
