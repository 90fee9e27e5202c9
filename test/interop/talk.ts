import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { bequeath } from '#testing/executor.js';
import type { Cleanup } from '#testing/peers.js';

const PATIENCE_MS = 20_000;

/** A running foreign program whose output the test reads and to which it writes. Ends with the test. */
export class Talk {
  #output = '';
  #ended = false;
  #listeners = new Set<() => void>();
  readonly #child: ChildProcess;
  readonly exit: Promise<number>;

  constructor(t: Cleanup, command: string, args: readonly string[]) {
    // Line-buffered, although the output is not a terminal; smbclient waits for more input than it has buffered. One
    // pipe for both output streams, to keep their order.
    const environment = { ...process.env, LC_ALL: 'C.UTF-8', PYTHONUNBUFFERED: '1' };
    const unbuffered = ['-i0', '-oL', 'sh', '-c', 'exec "$0" "$@" 2>&1', command, ...args];
    this.#child = bequeath(spawn('stdbuf', unbuffered, { env: environment }));
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
        this.#wake();
      });
    }
    this.#child.stdin?.on('error', () => this.#child.stdin?.destroy());
    this.exit = once(this.#child, 'close').then(([status]) => {
      this.#ended = true;
      this.#wake();
      return (status as number | null) ?? 128;
    });
    t.after(async () => {
      this.#child.kill('SIGKILL');
      await this.exit;
    });
  }

  /** Its process id: `stdbuf` replaces itself with the program. */
  get pid(): number {
    return this.#child.pid ?? -1;
  }

  /** All its output so far. */
  get output(): string {
    return this.#output;
  }

  say(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  #wake(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Waits until its output matches; rejects if it ends first or takes too long. */
  hears(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => settle(new Error(`no ${pattern} in ${this.#output}`)), PATIENCE_MS);
      const settle = (outcome: RegExpExecArray | Error): void => {
        clearTimeout(late);
        this.#listeners.delete(look);
        if (outcome instanceof Error) reject(outcome);
        else resolve(outcome);
      };
      const look = (): void => {
        const found = pattern.exec(this.#output);
        if (found) settle(found);
        else if (this.#ended) settle(new Error(`it ended without ${pattern}: ${this.#output}`));
      };
      this.#listeners.add(look);
      look();
    });
  }
}
