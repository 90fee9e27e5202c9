import { randomBytes } from 'node:crypto';
import { type AccountStore, type Credential, MemoryAccounts } from '#auth/account-store.js';
import { MemoryCoordinator } from '#coord/memory/memory-coordinator.js';
import { BufferPool } from '#engine/buffer-pool.js';
import type { Framing } from '#engine/framing.js';
import type { Transport } from '#engine/transport.js';
import { systemClock } from '#net/clock.js';
import { type Listener, listenTcp } from '#net/tcp.js';
import { filetimeFromMs } from '#wire/dtyp/filetime.js';
import { readGuid } from '#wire/dtyp/guid.js';
import { Sid } from '#wire/dtyp/sid.js';
import { UsageError } from '#wire/erref/errors.js';
import { Encoder } from '#wire/io/encoder.js';
import { Principals } from './access/principals.js';
import { Tokens } from './access/tokens.js';
import { endDurables } from './action/durable.js';
import { FileTimes } from './action/file-times.js';
import { NameTunnel } from './action/name-tunnel.js';
import { describePersistent } from './action/persistent.js';
import { restorePersistent } from './action/persistent-restore.js';
import { ServerConnection } from './connection.js';
import type { ServerCore } from './core.js';
import { detailsOf, type ServerDetails } from './details.js';
import { defaultLimits } from './limits.js';
import { Notifier } from './notifier.js';
import { dialectRevision, type ServerOptions, type UserOptions } from './options.js';
import { tellers } from './smb2/caching.js';
import { ClientChannels } from './smb2/client-channels.js';
import { AppInstances } from './state/app-instances.js';
import { CreateReplays } from './state/create-replays.js';
import { DurableOpens } from './state/durable-opens.js';
import { PersistentOpens } from './state/persistent-opens.js';
import { SessionTable } from './state/session-table.js';
import { ShareTable } from './state/share.js';
import { type ServerStatus, statusOf } from './status.js';

const NAME = /^[A-Za-z0-9_-]{1,15}$/;

/** An address the server listens on. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A file server. Serves from `listen` until `close`; shares and users may be changed in between. */
export class SmbServer {
  readonly shares: ShareTable;
  readonly #core: ServerCore;
  readonly #listeners: Listener[] = [];
  readonly #direct: Listener[] = [];
  readonly #connections = new Set<ServerConnection>();
  /** Connections without a logon so far, oldest first. */
  readonly #strangers = new Set<ServerConnection>();
  #closing = false;
  #ready: Promise<void> | undefined;
  #restored: boolean;

  constructor(options: ServerOptions = {}) {
    this.#core = buildCore(options, this.#direct);
    this.shares = this.#core.shares;
    this.#restored = options.stateStore === undefined;
    for (const [name, share] of Object.entries(options.shares ?? {})) this.shares.set(name, share);
  }

  /** The server's own user list; UsageError when `users` was a custom store. */
  get users(): MemoryAccounts {
    const { accounts } = this.#core;
    if (!(accounts instanceof MemoryAccounts)) throw new UsageError('the users are in a store of your own');
    return accounts;
  }

  /**
   * Listens on TCP; with `port` 0 the system chooses one. `netbios`: uses the RFC 1002 session service, as on port 139.
   * May be called several times.
   */
  async listen(port = 445, host = '127.0.0.1', options: { readonly netbios?: boolean } = {}): Promise<Address> {
    const framing: Framing = options.netbios === true ? 'netbios' : 'direct';
    await this.ready();
    const listener = await listenTcp(port, host, (transport) => this.#accept(transport, framing));
    this.#listeners.push(listener);
    if (framing === 'direct') this.#direct.push(listener);
    return { host: listener.host, port: listener.port };
  }

  /**
   * Restores persistent opens that an earlier run left in the state store; their shares must have been added by then.
   * `listen` calls it.
   */
  ready(): Promise<void> {
    this.#ready ??= restorePersistent(this.#core, tellers).then(() => {
      this.#restored = true;
    });
    return this.#ready;
  }

  /** Serves a connection not made through `listen`. With a state store, call `ready` first. */
  accept(transport: Transport, framing: Framing = 'direct'): void {
    if (!this.#restored) throw new UsageError('wait for ready() before connections are accepted');
    this.#accept(transport, framing);
  }

  /** The address of the first `listen`; undefined before. */
  address(): Address | undefined {
    const first = this.#listeners[0];
    return first && { host: first.host, port: first.port };
  }

  /** Sessions of all connections, for status pages. */
  get sessions(): readonly { readonly id: bigint; readonly account: string; readonly workstation: string }[] {
    return this.#core.sessions
      .list()
      .map(({ id, identity }) => ({ id, account: identity.account, workstation: identity.workstation }));
  }

  /** Number of connections, and of those without a logon. */
  get connections(): { readonly all: number; readonly unauthenticated: number } {
    return { all: this.#connections.size, unauthenticated: this.#strangers.size };
  }

  /** Counts of what the server holds now, for status pages and leak checks. */
  status(): Promise<ServerStatus> {
    const protocols = [...this.#connections].flatMap(({ protocol }) => protocol ?? []);
    const { sessions, coordinator } = this.#core;
    return statusOf(this.#connections.size, this.#strangers.size, protocols, sessions.list().length, coordinator);
  }

  /** What the server holds now, item by item: sessions, opens, locks and caching. */
  async details(): Promise<ServerDetails> {
    return detailsOf(this.#core, await this.status());
  }

  #accept(transport: Transport, framing: Framing): void {
    const { limits } = this.#core;
    if (this.#closing || this.#connections.size >= limits.connections) {
      transport.destroy();
      return;
    }
    if (this.#strangers.size >= limits.unauthenticatedConnections) this.#dropOldestStranger();
    const connection = new ServerConnection(this.#core, transport, framing, {
      authenticated: (known) => {
        this.#strangers.delete(known);
      },
      closed: (ended) => {
        this.#connections.delete(ended);
        this.#strangers.delete(ended);
      },
    });
    this.#connections.add(connection);
    this.#strangers.add(connection);
  }

  // Connections without a logon may only displace each other, never those of users.
  #dropOldestStranger(): void {
    const [oldest] = this.#strangers;
    if (!oldest) return;
    this.#strangers.delete(oldest);
    oldest.port.transport.destroy();
  }

  /**
   * Stops listening, ends all connections and resolves when everything that was open has been closed. With `drainMs`,
   * pending requests are answered first; slower ones are cut off.
   */
  async close({ drainMs = 0 }: { readonly drainMs?: number } = {}): Promise<void> {
    this.#closing = this.#core.durables.closing = true;
    const stopped = this.#listeners.splice(0).map((listener) => listener.close());
    const open = [...this.#connections];
    if (drainMs > 0) await this.#drain(open, drainMs);
    for (const connection of open) connection.port.transport.destroy();
    await Promise.all([...stopped, ...open.map((connection) => connection.finished)]);
    await endDurables(this.#core);
    this.#core.notifier.close();
    await this.#core.persistents.store?.close?.();
  }

  async #drain(open: readonly ServerConnection[], ms: number): Promise<void> {
    const { clock } = this.#core;
    let over: () => void = () => undefined;
    const late = new Promise<void>((resolve) => {
      over = clock.after(ms, resolve, true);
    });
    const drained = open.map((connection) => connection.drain(ms).then(() => connection.finished));
    await Promise.race([late, Promise.all(drained)]);
    over();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Creates a server; it serves nothing until `listen`. */
export function createServer(options: ServerOptions = {}): SmbServer {
  return new SmbServer(options);
}

function buildCore(options: ServerOptions, listening: readonly Listener[]): ServerCore {
  const minDialect = dialectRevision(options.dialects?.min ?? '2.0.2');
  const maxDialect = dialectRevision(options.dialects?.max ?? '3.1.1');
  if (minDialect > maxDialect) throw new UsageError('the oldest dialect is newer than the newest');
  const name = options.name ?? 'SOMBRERO';
  if (!NAME.test(name)) throw new UsageError(`"${name}" cannot be a server's name: 1 to 15 letters, digits, - or _`);
  const accounts = accountsOf(options.users);
  const random = options.random ?? ((length: number) => new Uint8Array(randomBytes(length)));
  const limits = { ...defaultLimits, ...options.limits };
  const principals = new Principals({
    name,
    machineSid: machineSidIn(options),
    accounts,
    unixNames: options.unixNames,
  });
  const clock = options.clock ?? systemClock;
  const coordinator =
    options.coordinator ??
    new MemoryCoordinator({
      locksPerFile: limits.locksPerFile,
      breakTimer: (expired) => clock.after(limits.breakTimeMs, expired),
    });
  const notifier = new Notifier(coordinator, clock, limits.guardedDirectories);
  const seed = new DataView(random(4).buffer).getUint32(0) >>> 1;
  const core: ServerCore = {
    options,
    limits,
    name: name.toUpperCase(),
    domain: (options.domain ?? 'WORKGROUP').toUpperCase(),
    guid: readGuid(random(16)),
    minDialect,
    maxDialect,
    shares: new ShareTable(options.stateStore !== undefined),
    accounts,
    principals,
    tokens: new Tokens(principals, options.administrators),
    coordinator,
    notifier,
    times: new FileTimes(clock, options.writeTimeDelayMs ?? 0, notifier),
    tunnel: new NameTunnel(clock),
    durables: new DurableOpens(limits.disconnectedOpens, seed),
    replays: new CreateReplays(),
    apps: new AppInstances(),
    persistents: new PersistentOpens(options.stateStore, limits.persistentOpens, (open) =>
      describePersistent(core, open),
    ),
    sessions: new SessionTable(seed),
    smb2Sessions: new Map(),
    clientChannels: new ClientChannels(),
    clock,
    random,
    encoder: new Encoder(),
    buffers: new BufferPool(),
    startTime: filetimeFromMs(clock.now()),
    listening,
  };
  return core;
}

const DOMAIN_SID_PARTS = 4;

function machineSidIn({ machineSid }: ServerOptions): Sid | undefined {
  if (machineSid === undefined) return undefined;
  const sid = Sid.tryParse(machineSid);
  const { subAuthority = [] } = sid ?? {};
  const fits = sid?.identifierAuthority === 5 && subAuthority[0] === 21 && subAuthority.length === DOMAIN_SID_PARTS;
  if (!fits) throw new UsageError(`"${machineSid}" is no SID of a machine: S-1-5-21- and three numbers`);
  return sid;
}

function isStore(users: NonNullable<ServerOptions['users']>): users is AccountStore {
  return typeof (users as AccountStore).find === 'function';
}

function accountsOf(users: ServerOptions['users']): AccountStore {
  if (users !== undefined && isStore(users)) return users;
  const accounts = new MemoryAccounts();
  for (const [name, user] of Object.entries(users ?? {})) accounts.set(name, credentialOf(name, user));
  return accounts;
}

function credentialOf(name: string, user: UserOptions): Credential {
  const { sid, groups } = user;
  if (sid !== undefined && Sid.tryParse(sid) === undefined) throw new UsageError(`user "${name}": "${sid}" is no SID`);
  const who = { ...(sid !== undefined && { sid }), ...(groups && { groups }) };
  if (user.ntHash !== undefined) return { ntHash: user.ntHash, ...who };
  if (user.password !== undefined) return { password: user.password, ...who };
  throw new UsageError(`user "${name}" has neither password nor ntHash`);
}
