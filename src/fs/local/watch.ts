import { type BigIntStats, closeSync, type FSWatcher, lstatSync, readdirSync, watch } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { MediumChange, MediumWatch } from '../backend.js';
import { errnoOf, statusErrorOf } from '../errno.js';
import { type Containment, isPrivate, lastOf } from './containment.js';
import { type ByteString, nativePath, toWire } from './name-map.js';

const NO_DATA = { read: false, write: false };
const DIRECTORIES_A_TURN = 32;

/** How many more directories the watches of one back end may watch. */
export interface WatchBudget {
  left: number;
}

/**
 * Watches for changes below a directory, using the operating system. Linux watches single directories, so a tree is
 * walked and each directory watched, up to `limit`; changes in further ones are not reported.
 */
export class LocalWatch implements MediumWatch {
  readonly #containment: Containment;
  readonly #report: (change: MediumChange) => void;
  readonly #limit: number;
  readonly #recursive: boolean;
  readonly #budget: WatchBudget;
  readonly #watchers = new Map<ByteString, FSWatcher>();
  #closed = false;

  constructor(
    containment: Containment,
    directory: ByteString,
    recursive: boolean,
    { limit, budget }: { readonly limit: number; readonly budget: WatchBudget },
    report: (change: MediumChange) => void,
  ) {
    this.#budget = budget;
    this.#containment = containment;
    this.#report = report;
    this.#limit = limit;
    this.#recursive = recursive;
    if (budget.left <= 0) throw new StatusError(NtStatus.InsufficientResources, { hint: 'watches' });
    try {
      this.#add(directory);
    } catch (error) {
      // ENOSPC: the user's limit of inotify watches is reached.
      if (errnoOf(error) === 'ENOSPC') throw new StatusError(NtStatus.InsufficientResources, { hint: 'watches' });
      throw statusErrorOf(error);
    }
    if (recursive && process.platform === 'linux') this.#walk(directory, false).catch(() => this.close());
  }

  close(): void {
    this.#closed = true;
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#budget.left += this.#watchers.size;
    this.#watchers.clear();
  }

  #add(directory: ByteString): void {
    if (this.#closed || this.#watchers.has(directory)) return;
    if (this.#watchers.size >= this.#limit || this.#budget.left <= 0) return;
    // Through the open node, so that no symlink can lead the watch outside. The node can be closed afterwards.
    const { fd, stats } = this.#containment.open(directory, NO_DATA);
    try {
      if (!stats.isDirectory()) throw new StatusError(NtStatus.NotADirectory);
      // Changes to the directory itself are reported under the last component watched; `.` is never an entry's name.
      const at = nativePath(`${this.#containment.via(fd, directory)}/.`);
      const options = { persistent: false, recursive: this.#recursive && process.platform !== 'linux' };
      const watcher = watch(at, { ...options, encoding: 'latin1' as BufferEncoding }, (event, name) => {
        if (name !== null && !this.#closed) this.#happened(directory, event, name.replaceAll('\\', '/'));
      });
      watcher.on('error', () => this.#drop(directory));
      this.#watchers.set(directory, watcher);
      this.#budget.left--;
    } finally {
      if (fd >= 0) closeSync(fd);
    }
  }

  #happened(directory: ByteString, event: string, name: ByteString): void {
    if (name === '.') {
      if (this.#look(directory) === undefined) this.#drop(directory);
      return;
    }
    const path = directory === '' ? name : `${directory}/${name}`;
    if (isPrivate(this.#containment, path)) return;
    if (event === 'change') return this.#tell('modified', path);
    const kind = this.#look(path);
    if (kind === undefined) this.#drop(path);
    this.#tell(kind === undefined ? 'removed' : 'added', path);
    if (kind === 'directory' && this.#recursive) this.#walk(path, true).catch(() => this.#drop(path));
  }

  #tell(what: MediumChange['what'], path: ByteString): void {
    this.#report({ what, path: path.split('/').map(toWire).join('/'), stamp: () => this.#stamp(path) });
  }

  #stamp(path: ByteString): string | undefined {
    const stats = this.#stats(path);
    return stats && `${stats.ino} ${stats.size} ${stats.mtimeNs} ${stats.ctimeNs}`;
  }

  #look(path: ByteString): 'directory' | 'other' | undefined {
    const stats = this.#stats(path);
    if (stats === undefined) return undefined;
    return stats.isDirectory() || path === '' ? 'directory' : 'other';
  }

  #stats(path: ByteString): BigIntStats | undefined {
    try {
      const parent = this.#containment.parent(path);
      try {
        const at = nativePath(path === '' ? parent.at : `${parent.at}/${lastOf(path)}`);
        return lstatSync(at, { bigint: true, throwIfNoEntry: false });
      } finally {
        parent.release();
      }
    } catch (error) {
      if (error instanceof StatusError) return undefined;
      throw error;
    }
  }

  /** Stops watching a directory and all below it; usually the removed path was not a directory. */
  #drop(directory: ByteString): void {
    if (!this.#watchers.has(directory)) return;
    for (const [path, watcher] of this.#watchers) {
      if (path !== directory && !path.startsWith(`${directory}/`)) continue;
      watcher.close();
      this.#watchers.delete(path);
      this.#budget.left++;
    }
  }

  /** Watches the tree below. `tell`: report entries, as a new directory may have got some before it was watched. */
  async #walk(top: ByteString, tell: boolean): Promise<void> {
    const queue = [top];
    for (let done = 0; queue.length > 0 && !this.#closed && this.#watchers.size < this.#limit; done++) {
      const paths = this.#enter(queue.shift() as ByteString);
      if (tell) for (const path of paths) this.#tell('added', path);
      for (const path of paths) if (this.#look(path) === 'directory') queue.push(path);
      if (done % DIRECTORIES_A_TURN === 0) await turn();
    }
  }

  /** Watches a directory, then lists it; returns nothing if it is gone or inaccessible. */
  #enter(directory: ByteString): readonly ByteString[] {
    try {
      this.#add(directory);
      const parent = this.#containment.parent(directory === '' ? '' : `${directory}/.`);
      try {
        const names = readdirSync(nativePath(parent.at), { encoding: 'latin1' });
        return names
          .map((name) => (directory === '' ? name : `${directory}/${name}`))
          .filter((path) => !isPrivate(this.#containment, path));
      } finally {
        parent.release();
      }
    } catch (error) {
      if (error instanceof StatusError || errnoOf(error) !== '') return [];
      throw error;
    }
  }
}
