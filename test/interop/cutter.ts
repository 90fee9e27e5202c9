import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { Cleanup } from '#testing/peers.js';

/** Pseudo-random numbers from 0 to below 1; the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

export interface CutterOptions {
  /** The server's port on this machine. */
  readonly port: number;
  readonly cuts: number;
  /** Average number of bytes between two cuts. */
  readonly every: number;
  readonly seed: number;
}

/** A proxy that cuts connections after random numbers of bytes, also in the middle of messages. */
export class Cutter {
  /** The port to connect to. */
  port = 0;
  done = 0;
  connections = 0;
  readonly #options: CutterOptions;
  readonly #random: () => number;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #left: number;
  /** Refuses all connections. */
  away = false;
  /** Cuts from now on. */
  armed = false;

  constructor(options: CutterOptions) {
    this.#options = options;
    this.#random = seeded(options.seed);
    this.#left = this.#stretch();
  }

  /** Connections that exist now. */
  get open(): number {
    return this.#pairs.size;
  }

  get isDone(): boolean {
    return this.done >= this.#options.cuts;
  }

  // Some cuts follow each other closely, to hit connecting and logging on.
  #stretch(): number {
    const far = this.#random() < 0.8;
    return Math.ceil(this.#random() * (far ? 2.5 * this.#options.every : 4096));
  }

  async start(t: Cleanup): Promise<this> {
    const server = createServer((client) => this.#accept(client));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('not a TCP port');
    this.port = address.port;
    t.after(async () => {
      this.cutAll();
      server.close();
      await once(server, 'close');
    });
    return this;
  }

  #accept(client: Socket): void {
    client.on('error', () => undefined);
    if (this.away) return void client.destroy();
    this.connections++;
    const server = connect(this.#options.port, '127.0.0.1');
    server.on('error', () => undefined);
    const pair = [client, server] as const;
    this.#pairs.add(pair);
    this.#forward(client, server, pair);
    this.#forward(server, client, pair);
  }

  #forward(from: Socket, to: Socket, pair: readonly [Socket, Socket]): void {
    from.on('data', (chunk: Buffer) => {
      if (!to.write(this.#pass(chunk))) {
        from.pause();
        to.once('drain', () => from.resume());
      }
      if (this.#left <= 0 && this.armed && !this.isDone) {
        this.done++;
        this.#left = this.#stretch();
        this.#cut(pair);
      }
    });
    from.on('close', () => {
      this.#pairs.delete(pair);
      to.destroySoon();
    });
  }

  #pass(chunk: Buffer): Buffer {
    if (this.isDone || !this.armed) return chunk;
    const part = chunk.subarray(0, Math.max(0, this.#left));
    this.#left -= chunk.length;
    return this.#left <= 0 ? part : chunk;
  }

  #cut(pair: readonly [Socket, Socket]): void {
    const hard = this.#random() < 0.5;
    for (const socket of pair) {
      // Either gracefully, after what was sent, or not. No resetAndDestroy: libuv may spin after it.
      if (hard) socket.destroy();
      else socket.destroySoon();
    }
  }

  cutAll(): void {
    for (const pair of this.#pairs) this.#cut(pair);
  }
}
