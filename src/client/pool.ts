import type { GetDfsReferralResponse } from '#wire/dfsc/get-dfs-referral.js';
import { readGuid } from '#wire/dtyp/guid.js';
import { UsageError } from '#wire/erref/errors.js';
import { abortable } from './abort.js';
import { type Environment, logOn, machine, openConnection, openLine } from './connection.js';
import type { ConnectionInfo } from './connection-info.js';
import { withHint } from './errors.js';
import { Foothold, standingOf } from './lasting/foothold.js';
import { type Dial, LastingConnection } from './lasting/lasting-connection.js';
import { LastingTree } from './lasting/lasting-tree.js';
import type { HandleSettings } from './lasting/opener.js';
import { Place } from './lasting/place.js';
import { type Account, NT1, type Settings } from './options.js';
import type { ClientConnection, Control, Legacy, Tree } from './protocol.js';
import { addChannels } from './smb2/channels.js';
import type { Smb2Client } from './smb2/client.js';
import type { Line } from './smb2/line.js';

/** In time-outs: how long it takes to notice that an idle connection is gone. */
const IDLE_LOSS = 1.5;

/** A session shared by several users in this process. */
interface Entry {
  readonly key: string;
  readonly account: Account;
  readonly connection: LastingConnection;
  readonly place: Place;
  users: number;
}

/** The connections and sessions of this process: equal settings share one, and the last user closes it. */
export class Pool {
  readonly #environment: Environment;
  readonly #entries = new Set<Entry>();
  readonly #places = new Map<string, Place>();

  constructor(environment: Environment = machine) {
    this.#environment = environment;
  }

  /** Number of sessions in use. */
  get size(): number {
    return this.#entries.size;
  }

  /** A session for these settings, logged on. Close it when it is no longer needed. */
  async take(settings: Settings): Promise<ClientConnection> {
    const entry = this.#find(settings) ?? this.#make(settings);
    entry.users++;
    const user = new PooledConnection(entry, settings, this.#environment, () => this.#leave(entry));
    try {
      await entry.connection.live({ signal: settings.signal });
      return user;
    } catch (error) {
      await user.close();
      throw error;
    }
  }

  #find(settings: Settings): Entry | undefined {
    if (!settings.shared) return undefined;
    const key = sessionKey(settings);
    for (const entry of this.#entries) {
      if (entry.key === key && entry.account.password === settings.account.password) return entry;
    }
    return undefined;
  }

  #make(settings: Settings): Entry {
    const place = this.#place(settings);
    const { clock, random } = this.#environment;
    const { reconnect } = settings;
    const dial: Dial = (previous, signal, reached) => sessionAt(place, settings, { previous, signal, reached });
    const connection = new LastingConnection({ dial, reconnect, clock, random });
    const key = settings.shared ? sessionKey(settings) : '';
    const entry: Entry = { key, account: settings.account, connection, place, users: 0 };
    this.#entries.add(entry);
    return entry;
  }

  #place(settings: Settings): Place {
    const key = placeKey(settings);
    const known = settings.shared ? this.#places.get(key) : undefined;
    if (known) return known;
    const place = new Place(settings, this.#environment, readGuid(this.#environment.random(16)));
    if (settings.shared) this.#places.set(key, place);
    return place;
  }

  async #leave(entry: Entry): Promise<void> {
    entry.users--;
    if (entry.users > 0) return;
    this.#entries.delete(entry);
    await entry.connection.close();
    const others = [...this.#entries].some(({ place }) => place === entry.place);
    if (others) return;
    for (const [key, place] of this.#places) if (place === entry.place) this.#places.delete(key);
  }
}

/** The pool of this process. */
export const pool: Pool = new Pool();

function placeKey(settings: Settings): string {
  const { account, share, path, signal, guest, extendedSecurity, ntlmv1, mechanism, ...place } = settings;
  return JSON.stringify({ ...place, host: settings.host.toLowerCase() });
}

function sessionKey(settings: Settings): string {
  const { account, guest, extendedSecurity, ntlmv1, mechanism } = settings;
  const { user, domain, anonymous } = account;
  return JSON.stringify([placeKey(settings), user, domain, anonymous, guest, extendedSecurity, ntlmv1, mechanism]);
}

async function sessionAt(
  place: Place,
  settings: Settings,
  { previous, signal, reached }: { previous: ClientConnection | undefined; signal: AbortSignal; reached: () => void },
): Promise<ClientConnection> {
  const { environment } = place;
  // A negotiation that starts with SMB1 may end there, and SMB1 connections are not shared.
  if (settings.dialects[0] === NT1) {
    const there = await openConnection({ ...settings, signal }, environment);
    reached();
    return there;
  }
  const line = await place.take(signal);
  reached();
  let held = true;
  const release = (gone: Line): void => {
    if (gone !== line) return gone.link.end();
    if (held) place.release(line);
    held = false;
  };
  const logon = logOn(line, { ...settings, signal: undefined }, environment, release, previous?.legacy);
  const client = logon.then(
    (there) => widened(there, place),
    (error) => {
      release(line);
      throw withHint(error);
    },
  );
  try {
    return await abortable(client, signal, (late) => void late.close().catch(() => undefined));
  } catch (error) {
    // The logon was aborted, so release the connection unless others use it.
    release(line);
    throw error;
  }
}

async function widened(client: Smb2Client, { settings, environment }: Place): Promise<Smb2Client> {
  try {
    await addChannels(client, settings, environment, (address, signal) =>
      openLine({ ...settings, address, signal }, environment),
    );
    return client;
  } catch (error) {
    await client.close();
    throw error;
  }
}

/** One user's share of a pooled session. */
class PooledConnection implements ClientConnection {
  readonly host: string;
  readonly port: number;
  readonly #connection: LastingConnection;
  readonly #handles: HandleSettings;
  readonly #leave: () => Promise<void>;
  #closing: Promise<void> | undefined;

  constructor(entry: Entry, settings: Settings, { clock, random }: Environment, leave: () => Promise<void>) {
    this.host = settings.host;
    this.port = settings.port;
    this.#connection = entry.connection;
    const { timeoutMs, reconnect } = settings;
    // Long enough for us to notice the loss and to reconnect. It is 32 bits on the wire.
    const holdMs = Math.min(IDLE_LOSS * timeoutMs + (reconnect?.timeoutMs ?? 0), 0xffffffff);
    this.#handles = { clock, random, leases: entry.place.leases, holdMs };
    this.#leave = leave;
  }

  get #last(): ClientConnection {
    const client = this.#connection.last;
    if (!client) throw new UsageError('not connected yet');
    return client;
  }

  get info(): ConnectionInfo {
    return this.#last.info;
  }

  get lost(): unknown {
    return this.#last.lost;
  }

  get legacy(): Legacy | undefined {
    return this.#last.legacy;
  }

  whenLost(listener: () => void): void {
    this.#last.whenLost(listener);
  }

  async tree(share: string, control: Control = {}): Promise<Tree> {
    const connection = this.#connection;
    const client = await connection.live(control);
    const tree = await client.tree(share, control);
    // A pipe has state, so it cannot be restored after a loss.
    if (!connection.reconnects || tree.facts.kind === 'pipe') return tree;
    const foothold = new Foothold(connection, share, standingOf(client, tree));
    return { ...tree, protocol: new LastingTree(foothold, this.#handles) };
  }

  async referral(path: string, control: Control = {}): Promise<GetDfsReferralResponse | undefined> {
    const client = await this.#connection.live(control);
    return client.referral(path, control);
  }

  async echo(control: Control = {}): Promise<void> {
    const client = await this.#connection.live(control);
    await client.echo(control);
  }

  close(): Promise<void> {
    this.#closing ??= this.#leave();
    return this.#closing;
  }
}
