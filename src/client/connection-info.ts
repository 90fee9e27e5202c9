import type { ChallengeFacts } from '#auth/challenge-facts.js';
import { msFromFiletime } from '#wire/dtyp/filetime.js';
import type { LogonMechanism } from './options.js';

/** Who a server says it is. Nobody vouches for it but the signature of the session. */
export interface ServerIdentity {
  readonly guid: string | undefined;
  readonly netbiosName: string | undefined;
  readonly netbiosDomain: string | undefined;
  readonly dnsName: string | undefined;
  readonly dnsDomain: string | undefined;
  readonly dnsForest: string | undefined;
  /** `10.0.20348`; what Samba says here is of no meaning. */
  readonly osVersion: string | undefined;
  /** What SMB1 servers call themselves. */
  readonly software: string | undefined;
  /** Its clock when the connection began. */
  readonly time: Date | undefined;
  /** How far its clock is ahead of ours, in milliseconds. */
  readonly clockSkewMs: number | undefined;
}

/** What a server can do, as it said in NEGOTIATE. */
export type ServerCapability =
  | 'dfs'
  | 'leasing'
  | 'large-mtu'
  | 'multi-channel'
  | 'persistent-handles'
  | 'directory-leasing'
  | 'encryption'
  | 'notifications';

/** What was agreed with a server; proof of how it is protected. */
export interface ConnectionInfo {
  readonly dialect: string;
  /** Undefined when nothing is signed. */
  readonly signingAlgorithm: string | undefined;
  /** Agreed cipher, whether or not it is in use; undefined for none. */
  readonly cipher: string | undefined;
  /** Every message is signed (or encrypted). */
  readonly signed: boolean;
  /** Every message of this share is encrypted. */
  readonly encrypted: boolean;
  readonly guest: boolean;
  readonly anonymous: boolean;
  /** How the logon went. */
  readonly mechanism: LogonMechanism | undefined;
  /** The server would not have talked to us without signatures. */
  readonly serverRequiresSigning: boolean;
  /** As the server calls itself, where it does. */
  readonly serverName: string | undefined;
  readonly serverGuid: string | undefined;
  readonly server: ServerIdentity;
  readonly capabilities: readonly ServerCapability[];
  /** Algorithms to compress with: none are offered. */
  readonly compression: readonly string[];
  readonly maxRead: number;
  readonly maxWrite: number;
  readonly maxTransact: number;
}

/** What the two messages that tell of a server say together. */
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
