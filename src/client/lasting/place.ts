import type { Guid } from '#wire/dtyp/guid.js';
import { abortable } from '../abort.js';
import { type Environment, openLine } from '../connection.js';
import type { Settings } from '../options.js';
import type { Line } from '../smb2/line.js';
import { LeaseKeys } from './lease-keys.js';

/** A connection, pending or open, and how many sessions use it. */
interface Berth {
  readonly line: Promise<Line>;
  readonly stop: AbortController;
  users: number;
}

/** A server with one set of connection settings: the sessions of all users share one connection. */
export class Place {
  readonly settings: Settings;
  readonly environment: Environment;
  readonly leases: LeaseKeys;
  #current: Berth | undefined;
  readonly #berths = new Map<Line, Berth>();

  constructor(settings: Settings, environment: Environment, clientGuid: Guid) {
    this.settings = { ...settings, clientGuid, signal: undefined };
    this.environment = environment;
    this.leases = new LeaseKeys(environment.random);
  }

  /** A live connection; return it with `release`. */
  async take(signal?: AbortSignal): Promise<Line> {
    signal?.throwIfAborted();
    this.#current ??= this.#dial();
    const berth = this.#current;
    berth.users++;
    let line: Line;
    try {
      line = await abortable(berth.line, signal);
    } catch (error) {
      this.#leave(berth);
      throw error;
    }
    if (line.lost === undefined) return line;
    this.#leave(berth);
    throw line.lost;
  }

  release(line: Line): void {
    const berth = this.#berths.get(line);
    if (berth) this.#leave(berth);
  }

  #dial(): Berth {
    const stop = new AbortController();
    const line = openLine({ ...this.settings, signal: stop.signal }, this.environment);
    const berth: Berth = { line, stop, users: 0 };
    line.then(
      (opened) => {
        this.#berths.set(opened, berth);
        opened.link.whenLost(() => this.#forget(berth));
        if (berth.users === 0) this.#end(berth, opened);
      },
      () => this.#forget(berth),
    );
    return berth;
  }

  #forget(berth: Berth): void {
    if (this.#current === berth) this.#current = undefined;
  }

  #leave(berth: Berth): void {
    berth.users--;
    if (berth.users > 0) return;
    this.#forget(berth);
    berth.stop.abort();
    for (const [line, known] of this.#berths) if (known === berth) this.#end(berth, line);
  }

  #end(berth: Berth, line: Line): void {
    this.#forget(berth);
    this.#berths.delete(line);
    line.link.end();
  }
}
