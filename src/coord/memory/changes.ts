import type { Change, Changes, Interest, SeenChange, Subscription } from '../changes.js';
import { isBelow, parentOf, pathAfterMove } from '../path.js';

interface Watcher {
  readonly interest: Interest;
  readonly listener: (changes: readonly SeenChange[]) => void;
  directory: string;
}

/** Changes within this process. A change costs a look-up per component of its path, however many watch elsewhere. */
export class MemoryChanges implements Changes {
  /** Volume and directory to who watches it. */
  readonly #directories = new Map<string, Set<Watcher>>();

  publish(changes: readonly Change[]): void {
    if (this.#directories.size === 0) return;
    const seen = new Map<Watcher, SeenChange[]>();
    for (const change of changes) {
      for (const watcher of this.#watchersOf(change)) {
        const path = watcher.directory === '' ? change.path : change.path.slice(watcher.directory.length + 1);
        const list = seen.get(watcher) ?? [];
        list.push({ path, action: change.action });
        seen.set(watcher, list);
      }
    }
    for (const [watcher, list] of seen) watcher.listener(list);
  }

  subscribe(interest: Interest, listener: (changes: readonly SeenChange[]) => void): Subscription {
    const watcher: Watcher = { interest, listener, directory: interest.path };
    this.#add(watcher);
    return { end: () => this.#remove(watcher) };
  }

  moved(volume: string, from: string, to: string): void {
    for (const watcher of [...this.#directories.values()].flatMap((watchers) => [...watchers])) {
      if (watcher.interest.volume !== volume) continue;
      if (watcher.directory !== from && !isBelow(watcher.directory, from)) continue;
      this.#remove(watcher);
      watcher.directory = pathAfterMove(watcher.directory, from, to);
      this.#add(watcher);
    }
  }

  /** Those of the directory that holds the name, and of all above it that watch their whole tree. */
  *#watchersOf(change: Change): Generator<Watcher> {
    if (change.path === '') return;
    let directory = parentOf(change.path);
    for (let direct = true; ; direct = false) {
      for (const watcher of this.#directories.get(keyOf(change.volume, directory)) ?? []) {
        if ((direct || watcher.interest.recursive) && (watcher.interest.filter & change.filter) !== 0) yield watcher;
      }
      if (directory === '') return;
      directory = parentOf(directory);
    }
  }

  #add(watcher: Watcher): void {
    const key = keyOf(watcher.interest.volume, watcher.directory);
    const watchers = this.#directories.get(key) ?? new Set<Watcher>();
    watchers.add(watcher);
    this.#directories.set(key, watchers);
  }

  #remove(watcher: Watcher): void {
    const key = keyOf(watcher.interest.volume, watcher.directory);
    const watchers = this.#directories.get(key);
    watchers?.delete(watcher);
    if (watchers?.size === 0) this.#directories.delete(key);
  }
}

function keyOf(volume: string, directory: string): string {
  return `${volume}:${directory}`;
}
