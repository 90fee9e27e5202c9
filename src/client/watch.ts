import { below } from '#trees/names.js';
import { FileAction } from '#wire/fscc/notify.js';
import type { CallOptions, Steps } from './call-options.js';
import { errnoCode } from './errors.js';
import { pathBelow } from './paths.js';
import type { Control, FileProtocol, NotifiedChange } from './protocol.js';

/** How to watch. */
export interface WatchOptions extends CallOptions {
  /** Includes subdirectories. */
  readonly recursive?: boolean | undefined;
  /** Called once the request has been sent; from then on, no change is missed. */
  readonly onReady?: (() => void) | undefined;
}

/** A change below a watched directory. Paths are from the share's root, with slashes. */
export type Change =
  | { readonly kind: 'added' | 'removed' | 'modified'; readonly path: string }
  | { readonly kind: 'renamed'; readonly path: string; readonly from: string }
  /** The server lost track of some changes: list the directory again. */
  | { readonly kind: 'overflow'; readonly path: string };

const KINDS: Readonly<Record<number, 'added' | 'removed' | 'modified'>> = {
  [FileAction.Added]: 'added',
  [FileAction.Removed]: 'removed',
  [FileAction.Modified]: 'modified',
  [FileAction.AddedStream]: 'modified',
  [FileAction.RemovedStream]: 'modified',
  [FileAction.ModifiedStream]: 'modified',
  [FileAction.RemovedByDelete]: 'removed',
};

/** Pairs the two halves of a rename; a half without its counterpart becomes an addition or a removal. */
export class ChangeReader {
  readonly #directory: string;
  #renamedFrom: string | undefined;

  constructor(directory: string) {
    this.#directory = directory;
  }

  *read(batch: readonly NotifiedChange[]): Generator<Change, void, undefined> {
    for (const { action, name } of batch) {
      const path = below(this.#directory, pathBelow(name, { command: 'CHANGE_NOTIFY', path: this.#directory }));
      if (action === FileAction.RenamedNewName) {
        const from = this.#renamedFrom;
        this.#renamedFrom = undefined;
        yield from === undefined ? { kind: 'added', path } : { kind: 'renamed', path, from };
        continue;
      }
      yield* this.rest();
      if (action === FileAction.RenamedOldName) this.#renamedFrom = path;
      else yield { kind: KINDS[action] ?? 'modified', path };
    }
  }

  /** The old name of a rename whose new name never came. */
  *rest(): Generator<Change, void, undefined> {
    const path = this.#renamedFrom;
    this.#renamedFrom = undefined;
    if (path !== undefined) yield { kind: 'removed', path };
  }
}

const END: IteratorReturnResult<void> = { done: true, value: undefined };

/** Yields changes until the caller leaves the loop or the share is closed; then the pending request is cancelled. */
export class Watching<T> implements Steps<T> {
  readonly #stop = new AbortController();
  readonly #changes: AsyncGenerator<T, void, undefined>;

  readonly #isOver: () => boolean;

  constructor(begin: (signal: AbortSignal) => AsyncGenerator<T, void, undefined>, isOver: () => boolean) {
    this.#changes = begin(this.#stop.signal);
    this.#isOver = isOver;
  }

  async next(): Promise<IteratorResult<T, void>> {
    try {
      return await this.#changes.next();
    } catch (error) {
      const left = error === this.#stop.signal.reason;
      if (left || (this.#isOver() && errnoCode(error) !== 'EBADF')) return END;
      throw error;
    }
  }

  async return(): Promise<IteratorResult<T, void>> {
    this.#stop.abort();
    await this.#changes.return();
    return END;
  }

  throw(error: unknown): Promise<IteratorResult<T, void>> {
    this.#stop.abort();
    return this.#changes.throw(error);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}

export async function* watchChanges(
  protocol: FileProtocol,
  directory: string,
  wirePath: string,
  recursive: boolean,
  control: Control & { readonly onReady?: (() => void) | undefined },
): AsyncGenerator<Change, void, undefined> {
  const reader = new ChangeReader(directory);
  for await (const batch of protocol.watch(wirePath, recursive, control)) {
    if (batch) {
      yield* reader.read(batch);
    } else {
      yield* reader.rest();
      yield { kind: 'overflow', path: directory };
    }
  }
}
