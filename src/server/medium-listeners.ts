import type { Clock } from '#engine/transport.js';
import type { Backend, MediumChange, MediumWatch } from '#fs/backend.js';
import { StatusError } from '#wire/erref/errors.js';
import { volumeKey } from './volume.js';

/** How long a directory stays watched after its last user has gone: the next open often follows soon. */
const LINGER_MS = 5000;

/** A watch on one directory or its subtree. */
interface Listener {
  readonly backend: Backend;
  readonly recursive: boolean;
  path: string;
  watch: MediumWatch | undefined;
  users: number;
  /** When the last user left. */
  idleSince: number;
}

/** A subscription to changes of a directory; `end` takes effect once. */
export interface Listening {
  end(): void;
}

/** All watched directories of all media; each is watched once, however many subscribe to it. */
export class MediumListeners {
  readonly #clock: Clock;
  readonly #report: (backend: Backend, change: MediumChange, by: unknown) => void;
  readonly #limit: number;
  readonly #listeners = new Map<string, Listener>();
  /** Watches without users, kept for a while. */
  readonly #idle = new Set<Listener>();
  #stopSweeping: (() => void) | undefined;

  /** `limit`: directories watched on behalf of client caches. */
  constructor(clock: Clock, limit: number, report: (backend: Backend, change: MediumChange, by: unknown) => void) {
    this.#clock = clock;
    this.#limit = limit;
    this.#report = report;
  }

  get isEmpty(): boolean {
    return this.#listeners.size === 0;
  }

  /** Subscribes, regardless of the limit. */
  listen(backend: Backend, path: string, recursive: boolean): Listening {
    const listener = this.#take(backend, path, recursive);
    return once(() => this.#give(listener, false));
  }

  /** Subscribes to one directory within the limit; undefined if that is reached or the medium cannot watch it. */
  guard(backend: Backend, path: string): Listening | undefined {
    if (backend.watch === undefined) return undefined;
    if (this.#listeners.size >= this.#limit && !this.#listeners.has(keyOf(backend, path, false))) {
      const [oldest] = this.#idle;
      if (oldest === undefined) return undefined;
      this.#close(oldest);
    }
    try {
      const listener = this.#take(backend, path, false);
      return once(() => this.#give(listener, true));
    } catch {
      // The medium is out of watches, or the directory is gone: caching is then no safer than without watches.
      return undefined;
    }
  }

  /** A directory was renamed: watches on it and below it continue at the new path. */
  moved(backend: Backend, from: string, to: string): void {
    for (const listener of [...this.#listeners.values()]) {
      const { path } = listener;
      if (path !== from && !path.startsWith(`${from}/`)) continue;
      if (volumeKey(listener.backend) !== volumeKey(backend)) continue;
      this.#forget(listener);
      listener.watch?.close();
      listener.path = to + path.slice(from.length);
      listener.watch = this.#watchIfPossible(listener);
      const key = keyOf(listener.backend, listener.path, listener.recursive);
      if (!this.#listeners.has(key)) this.#listeners.set(key, listener);
    }
  }

  /** Ends all watches. */
  close(): void {
    this.#stopSweeping?.();
    for (const listener of [...this.#listeners.values()]) this.#close(listener);
  }

  #take(backend: Backend, path: string, recursive: boolean): Listener {
    const key = keyOf(backend, path, recursive);
    const known = this.#listeners.get(key);
    if (known) {
      known.users++;
      this.#idle.delete(known);
      return known;
    }
    const listener: Listener = { backend, path, recursive, watch: undefined, users: 1, idleSince: 0 };
    listener.watch = this.#watch(listener);
    this.#listeners.set(key, listener);
    return listener;
  }

  #watch(listener: Listener): MediumWatch | undefined {
    const { backend, path, recursive } = listener;
    return backend.watch?.(path, recursive, (change) => this.#report(backend, change, listener));
  }

  /** The rename has already happened: failing to watch the new path must not make it fail. */
  #watchIfPossible(listener: Listener): MediumWatch | undefined {
    try {
      return this.#watch(listener);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      return undefined;
    }
  }

  #give(listener: Listener, lingers: boolean): void {
    if (--listener.users > 0) return;
    if (!lingers) return this.#close(listener);
    listener.idleSince = this.#clock.now();
    this.#idle.add(listener);
    this.#stopSweeping ??= this.#clock.after(LINGER_MS, () => this.#sweep());
  }

  #sweep(): void {
    const now = this.#clock.now();
    for (const listener of this.#idle) if (now - listener.idleSince >= LINGER_MS) this.#close(listener);
    this.#stopSweeping = this.#idle.size > 0 ? this.#clock.after(LINGER_MS, () => this.#sweep()) : undefined;
  }

  #close(listener: Listener): void {
    this.#idle.delete(listener);
    this.#forget(listener);
    listener.watch?.close();
    listener.watch = undefined;
  }

  #forget(listener: Listener): void {
    const key = keyOf(listener.backend, listener.path, listener.recursive);
    if (this.#listeners.get(key) === listener) this.#listeners.delete(key);
  }
}

function once(deed: () => void): Listening {
  let over = false;
  return {
    end: () => {
      if (over) return;
      over = true;
      deed();
    },
  };
}

function keyOf(backend: Backend, path: string, recursive: boolean): string {
  return `${volumeKey(backend)}:${recursive ? 'tree' : 'directory'}:${path}`;
}
