import type { AccountStore } from '#auth/account-store.js';
import type { Coordinator } from '#coord/coordinator.js';
import type { BufferPool } from '#engine/buffer-pool.js';
import type { Clock, Random } from '#engine/transport.js';
import type { Encoder } from '#wire/io/encoder.js';
import type { Principals } from './access/principals.js';
import type { Tokens } from './access/tokens.js';
import type { FileTimes } from './action/file-times.js';
import type { NameTunnel } from './action/name-tunnel.js';
import type { Limits } from './limits.js';
import type { Notifier } from './notifier.js';
import type { ServerOptions } from './options.js';
import type { ClientChannels } from './smb2/client-channels.js';
import type { Smb2Session } from './smb2/session.js';
import type { AppInstances } from './state/app-instances.js';
import type { CreateReplays } from './state/create-replays.js';
import type { DurableOpens } from './state/durable-opens.js';
import type { PersistentOpens } from './state/persistent-opens.js';
import type { SessionTable } from './state/session-table.js';
import type { ShareTable } from './state/share.js';

/** State shared by all connections of a server. */
export interface ServerCore {
  readonly options: ServerOptions;
  readonly limits: Limits;
  /** NetBIOS name, upper case. */
  readonly name: string;
  readonly domain: string;
  readonly guid: string;
  readonly minDialect: number;
  readonly maxDialect: number;
  readonly shares: ShareTable;
  readonly accounts: AccountStore;
  /** Maps between names and SIDs of users and groups. */
  readonly principals: Principals;
  /** Tokens for access checks. */
  readonly tokens: Tokens;
  readonly coordinator: Coordinator;
  readonly notifier: Notifier;
  readonly times: FileTimes;
  readonly tunnel: NameTunnel;
  readonly durables: DurableOpens;
  readonly replays: CreateReplays;
  readonly apps: AppInstances;
  readonly persistents: PersistentOpens;
  readonly sessions: SessionTable;
  /** GlobalSessionTable ([MS-SMB2] 3.3.1.5), including pending logons. Requests find their session by connection. */
  readonly smb2Sessions: Map<bigint, Smb2Session>;
  readonly clientChannels: ClientChannels;
  readonly clock: Clock;
  readonly random: Random;
  readonly encoder: Encoder;
  readonly buffers: BufferPool;
  readonly startTime: bigint;
  /** Addresses the server listens on without the RFC 1002 session service. */
  readonly listening: readonly { readonly host: string; readonly port: number }[];
}
