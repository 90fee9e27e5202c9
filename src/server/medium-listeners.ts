import type { Clock } from '#engine/transport.js';
import type { Backend, MediumChange, MediumWatch } from '#fs/backend.js';
import { StatusError } from '#wire/erref/errors.js';
import { volumeKey } from './volume.js';

/** How long a directory stays watched after the last one who needed it; who opens a file soon opens the next. */
const LINGER_MS = 5000;

/** What the medium reports of one directory, or of the tree below it. */
interface Listener {
  readonly backend: Backend;
  readonly recursive: boolean;
  path: string;
  watch: MediumWatch | undefined;
  users: number;
  /** When the last user left. */
  idleSince: number;
}

/** Somebody's need to hear of a directory; ends once. */
export interface Listening {
  end(): void;
}

/** The directories of all media that are listened to, each once, however many want to hear of it. */
export class MediumListeners {
  readonly #clock: Clock;
  readonly #report: (backend: Backend, change: MediumChange, by: unknown) => void;
  readonly #limit: number;
  readonly #listeners = new Map<string, Listener>();
  /** Those that nobody needs any more, for a while. */
  readonly #idle = new Set<Listener>();
  #stopSweeping: (() => void) | undefined;

  /** `limit`: directories that are listened to for the sake of what clients have cached. */
  constructor(clock: Clock, limit: number, report: (backend: Backend, change: MediumChange, by: unknown) => void) {
    this.#clock = clock;
    this.#limit = limit;
    this.#report = report;
  }

  get isEmpty(): boolean {
    return this.#listeners.size === 0;
  }

  /** Listens, however many there are. */
  listen(backend: Backend, path: string, recursive: boolean): Listening {
    const listener = this.#take(backend, path, recursive);
    return once(() => this.#give(listener, false));
  }

  /** Listens to one directory if there are not too many already, and the medium can; else undefined. */
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
      // The medium has no more to give, or the directory has gone: what clients cache is as safe as without watches.
      return undefined;
    }
  }

  /** A directory was renamed: what is watched there, and below, is watched at its new place. */
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

  /** Ends all of it. */
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

  /** The rename has been done: that there is no watch any more at the new place is no reason for it to fail. */
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
