import type { Share } from '../share.js';
import { Watching } from '../watch.js';
import { flags, signalOf } from './arguments.js';
import { abortError, syscallEach } from './errors.js';
import { encoder } from './names.js';
import { about, inShare, type PathLike } from './paths.js';

/** A change as `fs.promises.watch` reports it. */
export interface WatchEvent {
  readonly eventType: 'rename' | 'change';
  readonly filename: string;
}

/** The options of Node's `watch`. */
export interface FsWatchOptions {
  readonly recursive?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly encoding?: BufferEncoding | null | undefined;
  /** Accepted, but without effect: an open connection keeps the process alive in any case. */
  readonly persistent?: boolean | undefined;
}

/** Watches a directory. Unlike in Node, leaving the loop does not wait for the next change. */
export function watchEvents(
  share: Share,
  path: PathLike,
  options: BufferEncoding | FsWatchOptions | null = {},
): AsyncGenerator<WatchEvent, void, undefined> {
  const wish: FsWatchOptions = typeof options === 'string' ? { encoding: options } : (options ?? {});
  const given = wish.signal instanceof AbortSignal ? wish.signal : undefined;
  const begin = (stop: AbortSignal): AsyncGenerator<WatchEvent, void, undefined> =>
    events(share, path, wish, given ? AbortSignal.any([given, stop]) : stop);
  return new Watching(begin, () => !share.isOpen);
}

async function* events(
  share: Share,
  path: PathLike,
  wish: FsWatchOptions,
  signal: AbortSignal,
): AsyncGenerator<WatchEvent, void, undefined> {
  const directory = inShare(path);
  flags(wish, ['persistent', 'recursive']);
  const { recursive = false, encoding } = wish;
  const encode = encoder({ encoding });
  const given = signalOf(wish.signal);
  if (given?.aborted) throw abortError(given);
  const start = directory === '' ? 0 : directory.length + 1;
  const name = (full: string): string => String(encode?.(full.slice(start)) ?? full.slice(start));
  const changes = share.watch(directory, { recursive, signal });
  for await (const change of syscallEach({ ...about('watch', path), signal: given }, changes)) {
    if (change.kind === 'renamed') yield { eventType: 'rename', filename: name(change.from) };
    yield { eventType: change.kind === 'modified' ? 'change' : 'rename', filename: name(change.path) };
  }
}
