import type { Cachings } from '#coord/caching.js';
import type { Change, Changes, Interest, Subscription, Watcher } from '#coord/changes.js';
import type { Coordinator } from '#coord/coordinator.js';
import type { Clock } from '#engine/transport.js';
import type { Backend, MediumChange, MediumWatch } from '#fs/backend.js';
import { notes } from '#tap/events.js';
import { CompletionFilter, FileAction } from '#wire/fscc/notify.js';
import { volumeKey } from './volume.js';

/** How long the medium may take to tell us what we did ourselves. */
const ECHO_MS = 3000;
/** Echoes waited for at most: beyond it the oldest is news if it comes. */
const MAX_EXPECTED = 65_536;
const NAMES = CompletionFilter.FileName | CompletionFilter.DirName;
const DATA = CompletionFilter.Attributes | CompletionFilter.Size | CompletionFilter.LastWrite;

/** Who is no client has no lease. */
const ANYBODY = { parentKey: undefined };

interface MediumListener {
  readonly watch: MediumWatch | undefined;
  users: number;
}

/**
 * Change notification as a server sees it: what its own clients do is published through the coordinator at once and
 * in full; what others do on the medium comes from the back end's watch, less the echo of what we did ourselves.
 */
export class Notifier {
  readonly #hub: Changes;
  readonly #cachings: Cachings;
  readonly #clock: Clock;
  readonly #mediums = new Map<string, MediumListener>();
  /** Places where an echo is due, and until when. */
  readonly #expected = new Map<string, number>();

  constructor({ changes, cachings }: Coordinator, clock: Clock) {
    this.#hub = changes;
    this.#cachings = cachings;
    this.#clock = clock;
  }

  /** Said before something is done to the medium: its echo is not news. A new or moved node echoes as changed too. */
  expect(backend: Backend, path: string, what: MediumChange['what']): void {
    if (this.#mediums.size === 0) return;
    const now = this.#clock.now();
    this.#sweep(now);
    this.#remember(echoKey(backend, path, what), now + ECHO_MS);
    if (what === 'added') this.#remember(echoKey(backend, path, 'modified'), now + ECHO_MS);
  }

  // Those said last stand last, so that a sweep need not look at all of them.
  #remember(place: string, until: number): void {
    this.#expected.delete(place);
    this.#expected.set(place, until);
  }

  /** Tells what was done; `listing` if that shows in a listing of the directory: by whom. */
  publish(backend: Backend, path: string, action: number, filter: number, listing?: Change['listing']): void {
    this.publishAll(backend, [listing ? { path, action, filter, listing } : { path, action, filter }]);
  }

  /** Tells what was done in one go: both halves of a rename. */
  publishAll(backend: Backend, changes: readonly Omit<Change, 'volume'>[]): void {
    const volume = volumeKey(backend);
    settle(this.#hub.publish(changes.map((change) => ({ ...change, volume }))));
  }

  /** Listens to a directory, wherever the changes come from. */
  async subscribe(
    backend: Backend,
    interest: { readonly path: string; readonly recursive: boolean; readonly filter: number },
    watcher: Watcher,
  ): Promise<() => void> {
    const { path, recursive, filter } = interest;
    const volume = volumeKey(backend);
    const key = `${volume}:${recursive ? 'tree' : 'directory'}:${path}`;
    this.#listen(key, backend, path, recursive);
    const subscription = await this.#subscribed({ volume, path, recursive, filter }, watcher, key);
    return () => {
      settle(subscription.end());
      this.#unlisten(key);
    };
  }

  async #subscribed(interest: Interest, watcher: Watcher, key: string): Promise<Subscription> {
    try {
      return await this.#hub.subscribe(interest, watcher);
    } catch (error) {
      this.#unlisten(key);
      throw error;
    }
  }

  #listen(key: string, backend: Backend, path: string, recursive: boolean): void {
    const known = this.#mediums.get(key);
    if (known) {
      known.users++;
      return;
    }
    const watch = backend.watch?.(path, recursive, (change) => this.#echo(backend, change));
    this.#mediums.set(key, { watch, users: 1 });
  }

  #unlisten(key: string): void {
    const known = this.#mediums.get(key);
    if (!known || --known.users > 0) return;
    known.watch?.close();
    this.#mediums.delete(key);
  }

  #echo(backend: Backend, change: MediumChange): void {
    const due = this.#expected.get(echoKey(backend, change.path, change.what));
    if (due !== undefined && due > this.#clock.now()) return;
    // Who has cached the data of a file that others have written is told so.
    if (change.what === 'modified') settle(this.#cachings.changedOutside(volumeKey(backend), change.path));
    const [action, filter] =
      change.what === 'modified'
        ? [FileAction.Modified, DATA]
        : [change.what === 'added' ? FileAction.Added : FileAction.Removed, NAMES];
    this.publish(backend, change.path, action, filter, ANYBODY);
  }

  #sweep(now: number): void {
    for (const [place, due] of this.#expected) {
      if (due > now && this.#expected.size <= MAX_EXPECTED) return;
      this.#expected.delete(place);
    }
  }
}

// What a remote hub cannot take is its own matter: nobody's request fails for a notification.
function settle(outcome: void | Promise<void>): void {
  if (!(outcome instanceof Promise)) return;
  outcome.catch((error: unknown) => {
    notes.publish({
      level: 'warn',
      what: 'notification lost',
      connection: undefined,
      details: { reason: String(error) },
    });
  });
}

function echoKey(backend: Backend, path: string, what: MediumChange['what']): string {
  return `${volumeKey(backend)}:${what}:${path}`;
}
