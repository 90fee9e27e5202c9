import type { TestContext } from 'node:test';
import type { Random, Receiver, Transport } from '#engine/transport.js';
import type { Backend } from '#fs/backend.js';
import { memory } from '#fs/memory/memory.js';
import { systemClock } from '#net/clock.js';
import { memoryPair } from '#net/memory.js';
import { createServer, type SmbServer } from '#server/server.js';
import { HandClock } from '#testing/hand-clock.js';
import { MemoryStore } from '#testing/memory-store.js';
import { refusal } from '#testing/refusal.js';
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
 * 'silent': nothing goes either way any more; 'untaken': it answers as if it had read it, but the system cannot get rid of it.
 */
export type Fate = 'unsent' | 'unanswered' | 'swallowed' | 'silent' | 'untaken';

const STOPPED: readonly (Fate | undefined)[] = ['unsent', 'swallowed', 'silent'];

/** What becomes of a frame: it is lost, or the server refuses all that it asks for, after so many turns. */
export type Weather = Fate | { readonly status: number; readonly turns?: number };

/** Requests may be refused by others than the server only where they are not signed. */
export interface NetworkOptions {
  readonly continuous?: boolean;
  readonly unsigned?: boolean;
  /** Numbers that come again soon when absent. */
  readonly random?: Random;
}

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
  /** What happens to each frame, where nothing else is to happen to it. */
  weather: (command: number) => Weather | undefined = () => undefined;
  readonly #options: NetworkOptions;
  readonly #fates: { command: number; skip: number; fate: Fate }[] = [];
  readonly #alive = new Set<Transport>();

  constructor(t: Pick<TestContext, 'after'>, how: NetworkOptions = {}) {
    this.#options = how;
    this.#backend = memory({ clock: () => filetimeFromMs(this.#theirTime()) });
    if (how.continuous) this.store = new MemoryStore();
    this.server = this.#start();
    t.after(() => this.server.close());
    let count = 0;
    this.pool = new Pool({
      clock: this.clock,
      random: how.random ?? ((length) => Uint8Array.from({ length }, () => ++count & 255)),
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
    const { unsigned } = this.#options;
    return createServer({
      shares: { s: { backend: this.#backend, continuouslyAvailable: store !== undefined }, other: memory() },
      users: { ann: { password: 'secret' }, bob: { password: 'secret' } },
      // Its timers are its own.
      clock: { now: () => this.#theirTime(), after: systemClock.after },
      ...(store && { stateStore: store }),
      ...(unsigned && { signing: 'enabled' }),
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
    let silent = false;
    let heard: Receiver | undefined;
    this.#alive.add(inner);
    const lose = (): void => {
      deaf = true;
      // The server has done it by then.
      void turn()
        .then(turn)
        .then(turn)
        .then(() => inner.destroy());
    };
    const refuse = async (answer: Uint8Array, turns: number): Promise<void> => {
      for (let i = 0; i < turns; i++) await turn();
      if (!deaf) heard?.receive(answer);
    };
    return {
      endpoints: inner.endpoints,
      start: (receiver) => {
        heard = receiver;
        inner.start(hearing(receiver, () => deaf));
      },
      send: (parts, done) => {
        if (silent) return done?.();
        const fate = this.#meet(commandOf(parts[0] as Uint8Array));
        if (typeof fate === 'object') {
          void refuse(refusal(parts, fate.status), fate.turns ?? 0);
          return done?.();
        }
        silent = fate === 'silent';
        deaf ||= silent;
        if (!STOPPED.includes(fate)) inner.send(parts, fate === 'untaken' ? undefined : done);
        if (fate === 'unsent' || fate === 'unanswered') lose();
      },
      end: () => inner.end(),
      destroy: (cause) => inner.destroy(cause),
    };
  }

  #meet(command: number): Weather | undefined {
    this.sent.set(command, (this.sent.get(command) ?? 0) + 1);
    return this.#fateOf(command) ?? this.weather(command);
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

  async share(t: Pick<TestContext, 'after'>, options: ConnectOptions = {}): Promise<FileProtocol> {
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

function commandOf(message: Uint8Array): number {
  return (message[COMMAND_AT] ?? 0) | ((message[COMMAND_AT + 1] ?? 0) << 8);
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
