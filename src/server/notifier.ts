import type { Cachings } from '#coord/caching.js';
import type { Change, Changes, Interest, Subscription, Watcher } from '#coord/changes.js';
import type { Coordinator } from '#coord/coordinator.js';
import type { Clock } from '#engine/transport.js';
import type { Backend, MediumChange } from '#fs/backend.js';
import { notes } from '#tap/events.js';
import { CompletionFilter, FileAction } from '#wire/fscc/notify.js';
import { Echoes } from './echoes.js';
import { type Listening, MediumListeners } from './medium-listeners.js';
import { volumeKey } from './volume.js';

const NAMES = CompletionFilter.FileName | CompletionFilter.DirName;
const DATA = CompletionFilter.Attributes | CompletionFilter.Size | CompletionFilter.LastWrite;
/** Changes not made by a client break the leases of all clients. */
const ANYBODY = { parentKey: undefined };

/**
 * Change notification of a server. Changes by its own clients are published through the coordinator at once and in
 * full. Changes by others on the medium come from the back end's watch, minus the echo of our own, and are published as
 * well. Also breaks oplocks and leases of clients.
 */
export class Notifier {
  readonly #hub: Changes;
  readonly #cachings: Cachings;
  readonly #listeners: MediumListeners;
  readonly #echoes: Echoes;

  /** `guarded`: directories watched on behalf of client caches. */
  constructor({ changes, cachings }: Coordinator, clock: Clock, guarded: number) {
    this.#hub = changes;
    this.#cachings = cachings;
    this.#echoes = new Echoes(clock);
    this.#listeners = new MediumListeners(clock, guarded, (backend, change, by) => this.#happened(backend, change, by));
  }

  /**
   * Called before an operation on the medium, so that its echo is not taken for news. Publishing the change ends it.
   */
  expect(backend: Backend, path: string, what: MediumChange['what']): void {
    if (!this.#listeners.isEmpty) this.#echoes.begin(placeOf(backend, path), what);
  }

  /** Called after an operation that is not published. */
  done(backend: Backend, path: string): void {
    if (!this.#listeners.isEmpty) this.#echoes.end(placeOf(backend, path));
  }

  /** Publishes a change; `listing`: set if it shows in a listing of the directory, with the lease key of its author. */
  publish(backend: Backend, path: string, action: number, filter: number, listing?: Change['listing']): void {
    this.publishAll(backend, [{ path, action, filter, listing }]);
  }

  /** Publishes changes made in one operation: both halves of a rename. */
  publishAll(backend: Backend, changes: readonly Omit<Change, 'volume'>[]): void {
    // A change with an empty filter only shows in listings; its operation was published before.
    for (const { path, filter } of changes) if (filter !== 0) this.done(backend, path);
    this.#tell(backend, changes);
  }

  #tell(backend: Backend, changes: readonly Omit<Change, 'volume'>[]): void {
    const volume = volumeKey(backend);
    // Not spread: that is ten times as slow, and this runs for each WRITE.
    const told = changes.map(({ path, action, filter, unless, listing }) => ({
      volume,
      path,
      action,
      filter,
      unless,
      listing,
    }));
    settle(this.#hub.publish(told));
  }

  /** Subscribes to all changes of a directory, by clients and by others. */
  async subscribe(
    backend: Backend,
    interest: { readonly path: string; readonly recursive: boolean; readonly filter: number },
    watcher: Watcher,
  ): Promise<() => void> {
    const { path, recursive, filter } = interest;
    const listening = this.#listeners.listen(backend, path, recursive);
    const volume = volumeKey(backend);
    const subscription = await this.#subscribed({ volume, path, recursive, filter }, watcher, listening);
    return () => {
      settle(subscription.end());
      listening.end();
    };
  }

  async #subscribed(interest: Interest, watcher: Watcher, listening: Listening): Promise<Subscription> {
    try {
      return await this.#hub.subscribe(interest, watcher);
    } catch (error) {
      listening.end();
      throw error;
    }
  }

  /** Watches a directory because a client caches it or something in it; undefined if that is not possible. */
  guard(backend: Backend, directory: string): Listening | undefined {
    return this.#listeners.guard(backend, directory);
  }

  /** Something was renamed. */
  moved(backend: Backend, from: string, to: string): void {
    this.#listeners.moved(backend, from, to);
  }

  /** Ends all watches. */
  close(): void {
    this.#listeners.close();
  }

  #happened(backend: Backend, change: MediumChange, by: unknown): void {
    if (this.#echoes.isEcho(placeOf(backend, change.path), change, by)) return;
    // Breaks caching of a file whose data others have changed or replaced.
    settle(this.#cachings.changedOutside(volumeKey(backend), change.path));
    const [action, filter] =
      change.what === 'modified'
        ? [FileAction.Modified, DATA]
        : [change.what === 'added' ? FileAction.Added : FileAction.Removed, NAMES];
    this.#tell(backend, [{ path: change.path, action, filter, listing: ANYBODY }]);
  }
}

// A failing remote coordinator must not fail a request merely because of a notification.
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

/** Changes to a stream count as changes to its file; file names cannot contain a colon. */
function placeOf(backend: Backend, path: string): string {
  const colon = path.indexOf(':');
  return `${volumeKey(backend)}:${colon < 0 ? path : path.slice(0, colon)}`;
}
