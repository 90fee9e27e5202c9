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
/** Who is no client has no lease. */
const ANYBODY = { parentKey: undefined };

/**
 * Change notification as a server sees it: what its own clients do is published through the coordinator at once and
 * in full; what others do on the medium comes from the back end's watch, less the echo of what we did ourselves, and is
 * published, too. It also breaks what clients have cached.
 */
export class Notifier {
  readonly #hub: Changes;
  readonly #cachings: Cachings;
  readonly #listeners: MediumListeners;
  readonly #echoes: Echoes;

  /** `guarded`: directories that are watched because clients have cached something there. */
  constructor({ changes, cachings }: Coordinator, clock: Clock, guarded: number) {
    this.#hub = changes;
    this.#cachings = cachings;
    this.#echoes = new Echoes(clock);
    this.#listeners = new MediumListeners(clock, guarded, (backend, change, by) => this.#happened(backend, change, by));
  }

  /** Said before something is done to the medium: its echo is not news. Ends with what is published of the place. */
  expect(backend: Backend, path: string, what: MediumChange['what']): void {
    if (!this.#listeners.isEmpty) this.#echoes.begin(placeOf(backend, path), what);
  }

  /** Said after something that is not published. */
  done(backend: Backend, path: string): void {
    if (!this.#listeners.isEmpty) this.#echoes.end(placeOf(backend, path));
  }

  /** Tells what was done; `listing` if that shows in a listing of the directory: by whom. */
  publish(backend: Backend, path: string, action: number, filter: number, listing?: Change['listing']): void {
    this.publishAll(backend, [{ path, action, filter, listing }]);
  }

  /** Tells what was done in one go: both halves of a rename. */
  publishAll(backend: Backend, changes: readonly Omit<Change, 'volume'>[]): void {
    // What only shows in listings by now was done, and announced, before.
    for (const { path, filter } of changes) if (filter !== 0) this.done(backend, path);
    this.#tell(backend, changes);
  }

  #tell(backend: Backend, changes: readonly Omit<Change, 'volume'>[]): void {
    const volume = volumeKey(backend);
    // Not spread: that costs ten times as much, with each WRITE.
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

  /** Listens to a directory, wherever the changes come from. */
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

  /** Listens to a directory because a client has cached it, or something in it; undefined where that cannot be. */
  guard(backend: Backend, directory: string): Listening | undefined {
    return this.#listeners.guard(backend, directory);
  }

  /** Something was renamed. */
  moved(backend: Backend, from: string, to: string): void {
    this.#listeners.moved(backend, from, to);
  }

  /** Ends all listening. */
  close(): void {
    this.#listeners.close();
  }

  #happened(backend: Backend, change: MediumChange, by: unknown): void {
    if (this.#echoes.isEcho(placeOf(backend, change.path), change, by)) return;
    // Who has cached the data of a file that others have written, or put something else in the place of, is told so.
    settle(this.#cachings.changedOutside(volumeKey(backend), change.path));
    const [action, filter] =
      change.what === 'modified'
        ? [FileAction.Modified, DATA]
        : [change.what === 'added' ? FileAction.Added : FileAction.Removed, NAMES];
    this.#tell(backend, [{ path: change.path, action, filter, listing: ANYBODY }]);
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

/** What is done to a stream is done to its file; no name has a colon in it. */
function placeOf(backend: Backend, path: string): string {
  const colon = path.indexOf(':');
  return `${volumeKey(backend)}:${colon < 0 ? path : path.slice(0, colon)}`;
}
