import type { TestContext } from 'node:test';
import type { Receiver, Transport } from '#engine/transport.js';
import type { Backend } from '#fs/backend.js';
import { memory } from '#fs/memory/memory.js';
import { systemClock } from '#net/clock.js';
import { memoryPair } from '#net/memory.js';
import { createServer, type SmbServer } from '#server/server.js';
import { HandClock } from '#testing/hand-clock.js';
import { MemoryStore } from '#testing/memory-store.js';
import { turn } from '#testing/smb2-peer.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { filetimeFromMs } from '#wire/dtyp/filetime.js';
import { ConnectionLost } from '#wire/erref/errors.js';
import { CreateDisposition } from '#wire/smb2/command/create.js';
import { type ConnectOptions, settingsFrom } from '../options.js';
import { Pool } from '../pool.js';
import type { ClientConnection, FileProtocol, Handle, OpenRequest } from '../protocol.js';

const THEIRS = Date.UTC(2020, 1, 2);
const COMMAND_AT = 4 + 12;
export const ALL: number = FileAccess.GenericRead | FileAccess.GenericWrite;
export const make: OpenRequest = { path: 'f', access: ALL, disposition: CreateDisposition.OpenIf };
export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const text = (data: Uint8Array): string => new TextDecoder().decode(data);
export const read = async (protocol: FileProtocol, handle: Handle): Promise<string> =>
  text(await protocol.read(handle, 0, 100));

/**
 * Before it gets to the server, or before the answer gets to us; 'swallowed': the server never says anything about it;
 * 'untaken': it answers as if it had read it, but the system cannot get rid of it.
 */
export type Fate = 'unsent' | 'unanswered' | 'swallowed' | 'untaken';

/** A network that loses its connections when it is told to. */
export class Network {
  server: SmbServer;
  /** What the server remembers over its own end, on a share that is continuously available. */
  store: MemoryStore | undefined;
  readonly #backend: Backend;
  readonly clock: HandClock = new HandClock();
  readonly pool: Pool;
  dialed = 0;
  away = false;
  /** Requests of each command that were sent, or lost on the way. */
  readonly sent: Map<number, number> = new Map();
  readonly #fates: { command: number; skip: number; fate: Fate }[] = [];
  readonly #alive = new Set<Transport>();

  constructor(t: TestContext, how: { continuous?: boolean } = {}) {
    this.#backend = memory({ clock: () => filetimeFromMs(this.#theirTime()) });
    if (how.continuous) this.store = new MemoryStore();
    this.server = this.#start();
    t.after(() => this.server.close());
    let count = 0;
    this.pool = new Pool({
      clock: this.clock,
      random: (length) => Uint8Array.from({ length }, () => ++count & 255),
      dial: async () => {
        this.dialed++;
        if (this.away) throw new ConnectionLost('nobody there', { code: 'ECONNREFUSED' });
        const [near, far] = memoryPair();
        this.server.accept(far);
        return this.#losing(near);
      },
    });
  }

  #start(): SmbServer {
    const { store } = this;
    return createServer({
      shares: { s: { backend: this.#backend, continuouslyAvailable: store !== undefined }, other: memory() },
      users: { ann: { password: 'secret' }, bob: { password: 'secret' } },
      // Its timers are its own.
      clock: { now: () => this.#theirTime(), after: systemClock.after },
      ...(store && { stateStore: store }),
    });
  }

  /** The server is gone from one moment to the next, and another one in its place. */
  async crash(): Promise<void> {
    this.store = new MemoryStore(this.store?.records);
    this.server = this.#start();
    await this.server.ready();
    this.cut();
  }

  /** The server's clock goes as ours does, but not by the same time. */
  #theirTime(): number {
    return THEIRS + this.clock.time;
  }

  /** What becomes of the next request of that command, or of one after it. */
  lose(command: number, fate: Fate, skip = 0): void {
    this.#fates.push({ command, fate, skip });
  }

  /** Nothing more is lost. */
  forgive(): void {
    this.#fates.length = 0;
  }

  cut(): void {
    for (const transport of this.#alive) transport.destroy();
  }

  #losing(inner: Transport): Transport {
    let deaf = false;
    this.#alive.add(inner);
    return {
      endpoints: inner.endpoints,
      start: (receiver) => inner.start(hearing(receiver, () => deaf)),
      send: (parts, done) => {
        const first = parts[0] as Uint8Array;
        const command = (first[COMMAND_AT] ?? 0) | ((first[COMMAND_AT + 1] ?? 0) << 8);
        this.sent.set(command, (this.sent.get(command) ?? 0) + 1);
        const fate = this.#fateOf(command);
        if (fate === 'swallowed') return;
        if (fate !== 'unsent') inner.send(parts, fate === 'untaken' ? undefined : done);
        if (fate === undefined || fate === 'untaken') return;
        deaf = true;
        // The server has done it by then.
        void turn()
          .then(turn)
          .then(turn)
          .then(() => inner.destroy());
      },
      end: () => inner.end(),
      destroy: (cause) => inner.destroy(cause),
    };
  }

  #fateOf(command: number): Fate | undefined {
    const at = this.#fates.findIndex((fate) => fate.command === command);
    const found = this.#fates[at];
    if (!found || found.skip-- > 0) return undefined;
    this.#fates.splice(at, 1);
    return found.fate;
  }

  async take(options: ConnectOptions = {}, user = 'ann'): Promise<ClientConnection> {
    return this.pool.take(settingsFrom(`smb://${user}:secret@server/s`, options));
  }

  async share(t: TestContext, options: ConnectOptions = {}): Promise<FileProtocol> {
    await this.server.ready();
    const connection = await this.take(options);
    t.after(() => connection.close());
    return (await connection.tree('s')).protocol;
  }

  async held(): Promise<{ opens: number; disconnectedOpens: number }> {
    const { opens, disconnectedOpens } = await this.server.status();
    return { opens, disconnectedOpens };
  }
}

function hearing(receiver: Receiver, deaf: () => boolean): Receiver {
  return {
    receive: (chunk) => {
      if (!deaf()) receiver.receive(chunk);
    },
    target: () => undefined,
    placed: () => undefined,
    closed: (cause) => receiver.closed(cause),
  };
}
