import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { bequeath } from './executor.js';
import type { Cleanup } from './peers.js';

const START_MS = 30_000;
const RETRY_MS = 25;

/**
 * A foreign server in its own process group. It ends with the test, and at the latest with this process, however that
 * ends.
 */
export class ForeignServer {
  readonly name: string;
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #exit: Promise<unknown>;
  #output = '';
  #ended = false;
  readonly #endGroup = (): void => this.#signal('SIGKILL');

  constructor(name: string, port: number, command: string, args: readonly string[]) {
    this.name = name;
    this.port = port;
    const env = { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin` };
    this.#child = bequeath(spawn(command, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'], env }), true);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output = (this.#output + text).slice(-20_000);
      });
    }
    this.#exit = once(this.#child, 'exit').then(
      () => this.#over(''),
      (error: Error) => this.#over(error.message),
    );
    process.once('exit', this.#endGroup);
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  /** Its output so far (the last 20 000 characters). */
  get output(): string {
    return this.#output;
  }

  #over(message: string): void {
    this.#ended = true;
    this.#output += message;
    process.off('exit', this.#endGroup);
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#child.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }

  /** Resolves once it accepts connections. */
  async ready(): Promise<this> {
    const deadline = Date.now() + START_MS;
    while (!(await accepts(this.port))) {
      if (this.#ended) throw new Error(`${this.name} did not start: ${this.#output}`);
      if (Date.now() > deadline) throw new Error(`${this.name} does not listen after ${START_MS} ms: ${this.#output}`);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
    return this;
  }

  async stop(): Promise<void> {
    if (!this.#ended) this.#signal('SIGTERM');
    const late = setTimeout(this.#endGroup, 5_000);
    await this.#exit;
    clearTimeout(late);
    // Its children (one process per connection) may outlive it.
    this.#signal('SIGKILL');
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Starts a server, waits until it listens, and stops it after the test. */
export async function startForeignServer(
  t: Cleanup,
  name: string,
  port: number,
  command: string,
  args: readonly string[],
): Promise<ForeignServer> {
  const server = new ForeignServer(name, port, command, args);
  t.after(() => server.stop());
  return server.ready();
}
