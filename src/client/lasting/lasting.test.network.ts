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
 * What is lost: 'unsent', the request and the connection; 'unanswered', the response and the connection; 'swallowed',
 * the request alone; 'silent', everything from now on in both directions; 'untaken', the completion of the send: the
 * request is answered, but never reported as sent.
 */
export type Fate = 'unsent' | 'unanswered' | 'swallowed' | 'silent' | 'untaken';

const STOPPED: readonly (Fate | undefined)[] = ['unsent', 'swallowed', 'silent'];

/** What happens to a frame: it is lost, or refused with a status after some turns of the event loop. */
export type Weather = Fate | { readonly status: number; readonly turns?: number };

/** `unsigned` lets tests forge the server's refusals. */
export interface NetworkOptions {
  readonly continuous?: boolean;
  readonly unsigned?: boolean;
  /** Predictable counters by default. */
  readonly random?: Random;
}

/** A network that loses connections and frames on command. */
export class Network {
  server: SmbServer;
  /** The state that survives the server's restart, on a continuously available share. */
  store: MemoryStore | undefined;
  readonly #backend: Backend;
  readonly clock: HandClock = new HandClock();
  readonly pool: Pool;
  dialed = 0;
  away = false;
  /** How many requests of each command were sent, including lost ones. */
  readonly sent: Map<number, number> = new Map();
  /** What happens to a frame for which `lose` has nothing planned. */
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
      // The server uses real timers.
      clock: { now: () => this.#theirTime(), after: systemClock.after },
      ...(store && { stateStore: store }),
      ...(unsigned && { signing: 'enabled' }),
    });
  }

  /** The server crashes, and a new one takes its place. */
  async crash(): Promise<void> {
    this.store = new MemoryStore(this.store?.records);
    this.server = this.#start();
    await this.server.ready();
    this.cut();
  }

  /** The server's clock runs like ours, but shows another time. */
  #theirTime(): number {
    return THEIRS + this.clock.time;
  }

  /** Loses the next request of that command, or a later one if `skip` is set. */
  lose(command: number, fate: Fate, skip = 0): void {
    this.#fates.push({ command, fate, skip });
  }

  /** Cancels all planned losses. */
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
      // The server has executed the request by then.
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
