import { EventEmitter } from 'node:events';
import { below } from '#trees/names.js';
import { isNotFound } from '../errors.js';

import type { Share } from '../share.js';
import type { Change } from '../watch.js';
import { fsError } from './errors.js';
import { inShare, type PathLike } from './paths.js';
import { Stats } from './stats.js';

/** What to watch and what to report. */
export interface WatcherOptions {
  /** Do not report what exists at the start; false by default. */
  readonly ignoreInitial?: boolean | undefined;
  /** Whether to ignore a path (with a leading slash) and everything below it. */
  readonly ignored?: ((path: string) => boolean) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Paths have a leading slash, as everywhere in `share.fs`. */
export interface WatcherEvents {
  add: [path: string, stats: Stats];
  change: [path: string, stats: Stats];
  unlink: [path: string];
  addDir: [path: string, stats: Stats];
  unlinkDir: [path: string];
  /** Every event above, with its path. */
  all: [event: 'add' | 'change' | 'unlink' | 'addDir' | 'unlinkDir', path: string];
  /** Everything that existed at the start has been reported. */
  ready: [];
  /** The watch has failed and ended. */
  error: [error: unknown];
  close: [];
}

/**
 * Watches a directory tree like chokidar: reports files and directories that appear, change and disappear. A rename is
 * reported as a removal and an addition. After the server has lost changes, the tree is listed again to find them.
 */
export class Watcher extends EventEmitter<WatcherEvents> implements AsyncDisposable {
  readonly #share: Share;
  readonly #root: string;
  readonly #options: WatcherOptions;
  readonly #stop = new AbortController();
  /** What has been reported as existing; true for directories. */
  readonly #known = new Map<string, boolean>();
  readonly #running: Promise<void>;
  #ready = false;
  #failure: unknown;

  /** Created by `share.fs.watcher`. */
  constructor(share: Share, path: PathLike, options: WatcherOptions) {
    super();
    this.#share = share;
    this.#root = inShare(path);
    this.#options = options;
    this.#running = this.#run();
  }

  /** The known names by directory. */
  getWatched(): Record<string, string[]> {
    const watched: Record<string, string[]> = {};
    for (const path of this.#known.keys()) {
      const cut = path.lastIndexOf('/');
      const directory = `/${path.slice(0, Math.max(cut, 0))}`;
      watched[directory] ??= [];
      watched[directory].push(path.slice(cut + 1));
    }
    return watched;
  }

  /**
   * Stops watching; resolves when nothing is open on the server any more. Rejects with a failure that no 'error'
   * listener received.
   */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #run(): Promise<void> {
    const { signal } = this.#options;
    const both = signal ? AbortSignal.any([signal, this.#stop.signal]) : this.#stop.signal;
    let failure: unknown;
    let started: (() => void) | undefined;
    const watching = new Promise<void>((resolve) => {
      started = resolve;
    });
    const changes = this.#share.watch(this.#root, { recursive: true, signal: both, onReady: started });
    try {
      // Start watching before listing, so that nothing is missed.
      const first = changes.next();
      await Promise.race([watching, first]);
      await this.#look(this.#root, both);
      this.#ready = true;
      this.emit('ready');
      for (let next = await first; !next.done; next = await changes.next()) await this.#take(next.value, both);
    } catch (error) {
      // Closing the share ends the watch without an error.
      if (!both.aborted && this.#share.isOpen) failure = fsError(error, { syscall: 'watch', path: `/${this.#root}` });
    }
    // The error may come from a listing, with the watch itself still running.
    this.#stop.abort();
    await changes.return().catch(() => undefined);
    if (failure !== undefined) this.#fail(failure);
    this.emit('close');
  }

  // Without a listener, 'error' would be thrown where nobody can catch it.
  #fail(error: unknown): void {
    if (this.listenerCount('error') > 0) this.emit('error', error);
    else this.#failure = error;
  }

  async #take(change: Change, signal: AbortSignal): Promise<void> {
    if (change.kind === 'overflow') return this.#look(this.#root, signal);
    if (change.kind === 'removed') return this.#gone(change.path);
    if (change.kind === 'renamed') this.#gone(change.from);
    await this.#there(change.path, signal);
  }

  /** Compares a directory with what is known about it. */
  async #look(directory: string, signal: AbortSignal): Promise<void> {
    const seen = new Set<string>();
    for await (const entry of this.#share.readdir(directory, { recursive: true, signal })) {
      if (this.#isIgnored(entry.path)) continue;
      seen.add(entry.path);
      if (this.#known.get(entry.path) === entry.isDirectory()) continue;
      this.#gone(entry.path);
      this.#come(entry.path, entry.isDirectory(), new Stats(entry));
    }
    const start = directory === '' ? '' : `${directory}/`;
    for (const path of [...this.#known.keys()]) if (path.startsWith(start) && !seen.has(path)) this.#gone(path);
  }

  async #there(path: string, signal: AbortSignal): Promise<void> {
    if (this.#isIgnored(path)) return;
    try {
      const node = await this.#share.lstat(path, { signal });
      const known = this.#known.get(path);
      if (known === node.isDirectory()) {
        if (!known) this.#tell('change', path, new Stats(node));
        return;
      }
      this.#gone(path);
      this.#come(path, node.isDirectory(), new Stats(node));
      if (node.isDirectory()) await this.#look(path, signal);
    } catch (error) {
      // It has already disappeared; its removal will be reported.
      if (!isNotFound(error)) throw error;
    }
  }

  #isIgnored(path: string): boolean {
    const { ignored } = this.#options;
    if (!ignored) return false;
    let at = '';
    return path.split('/').some((name) => {
      at = below(at, name);
      return ignored(`/${at}`);
    });
  }

  #come(path: string, directory: boolean, stats: Stats): void {
    this.#known.set(path, directory);
    if (this.#ready || !this.#options.ignoreInitial) this.#tell(directory ? 'addDir' : 'add', path, stats);
  }

  #gone(path: string): void {
    const directory = this.#known.get(path);
    if (directory === undefined) return;
    if (directory) {
      for (const inside of [...this.#known.keys()]) if (inside.startsWith(`${path}/`)) this.#gone(inside);
    }
    this.#known.delete(path);
    const event = directory ? 'unlinkDir' : 'unlink';
    this.emit(event, `/${path}`);
    this.emit('all', event, `/${path}`);
  }

  #tell(event: 'add' | 'change' | 'addDir', path: string, stats: Stats): void {
    this.emit(event, `/${path}`, stats);
    this.emit('all', event, `/${path}`);
  }
}
