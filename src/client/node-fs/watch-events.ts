import type { Share } from '../share.js';
import { Watching } from '../watch.js';
import { syscallEach } from './errors.js';
import { about, inShare, type PathLike } from './paths.js';

/** As `fs.promises.watch` tells of a change. */
export interface WatchEvent {
  readonly eventType: 'rename' | 'change';
  readonly filename: string;
}

interface Wish {
  readonly recursive?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Watches a directory. Unlike with Node's, leaving it need not wait for the next change. */
export function watchEvents(share: Share, path: PathLike, wish: Wish): AsyncGenerator<WatchEvent, void, undefined> {
  const { signal } = wish;
  const begin = (stop: AbortSignal): AsyncGenerator<WatchEvent, void, undefined> =>
    events(share, path, wish, signal ? AbortSignal.any([signal, stop]) : stop);
  return new Watching(begin, () => !share.isOpen);
}

async function* events(
  share: Share,
  path: PathLike,
  { recursive = false, signal: wish }: Wish,
  signal: AbortSignal,
): AsyncGenerator<WatchEvent, void, undefined> {
  const directory = inShare(path);
  const start = directory === '' ? 0 : directory.length + 1;
  const name = (full: string): string => full.slice(start);
  const changes = share.watch(directory, { recursive, signal });
  for await (const change of syscallEach({ ...about('watch', path), signal: wish }, changes)) {
    if (change.kind === 'renamed') yield { eventType: 'rename', filename: name(change.from) };
    yield { eventType: change.kind === 'modified' ? 'change' : 'rename', filename: name(change.path) };
  }
}
