import type { Change, Changes, Interest, SeenChange, Subscription, Watcher } from '../changes.js';
import { parentOf, pathAfterMove } from '../path.js';
import { PathIndex } from './path-index.js';

interface Watch {
  readonly interest: Interest;
  readonly watcher: Watcher;
  directory: string;
}

/**
 * Change notification within this process. A change costs one look-up per path component, regardless of other watches.
 */
export class MemoryChanges implements Changes {
  readonly #watches = new PathIndex<Watch>();
  /** A directory listing changed; set by whoever keeps the leases on directories. */
  listed: (volume: string, directory: string, parentKey: string | undefined) => void = () => undefined;

  publish(changes: readonly Change[]): void {
    for (const { volume, path, listing } of changes) {
      if (listing) this.listed(volume, parentOf(path), listing.parentKey);
    }
    if (this.#watches.isEmpty) return;
    const seen = new Map<Watch, SeenChange[]>();
    for (const change of changes) {
      for (const watch of this.#watchesOf(change)) {
        const path = watch.directory === '' ? change.path : change.path.slice(watch.directory.length + 1);
        const list = seen.get(watch) ?? [];
        list.push({ path, action: change.action });
        seen.set(watch, list);
      }
    }
    for (const [{ watcher }, list] of seen) watcher.seen(list);
  }

  subscribe(interest: Interest, watcher: Watcher): Subscription {
    const watch: Watch = { interest, watcher, directory: interest.path };
    this.#watches.add(interest.volume, watch.directory, watch);
    return { end: () => this.#watches.remove(interest.volume, watch.directory, watch) };
  }

  /** A directory was renamed: watches on it and below it continue at the new path. */
  moved(volume: string, from: string, to: string): void {
    for (const watch of [...this.#watches.at(volume, from), ...this.#watches.below(volume, from)]) {
      this.#watches.remove(volume, watch.directory, watch);
      watch.directory = pathAfterMove(watch.directory, from, to);
      this.#watches.add(volume, watch.directory, watch);
    }
  }

  /** The file or directory at this path is marked for deletion. */
  gone(volume: string, path: string): void {
    for (const { watcher } of [...this.#watches.at(volume, path)]) watcher.gone();
  }

  /** Watches on the parent directory, and recursive watches on the directories above it. */
  *#watchesOf({ volume, path, filter, unless = 0 }: Change): Generator<Watch> {
    if (path === '') return;
    const parent = parentOf(path);
    for (const watch of this.#watches.onTheWay(volume, parent)) {
      const { interest, directory } = watch;
      if (!interest.recursive && directory !== parent) continue;
      if ((interest.filter & filter) !== 0 && (interest.filter & unless) === 0) yield watch;
    }
  }
}
