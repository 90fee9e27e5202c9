import { setTimeout } from 'node:timers/promises';
import { type Act, type Acts, type At, type Fs, wrong } from './act.js';

/** Interval of repetitions until an event is reported: older versions of Node lose events that come together. */
const AGAIN_MS = 20;

/**
 * Watches while something is done. File systems report one action as one or several events, so each kind of event
 * counts once per name.
 */
function watched(path: string, options: object, work: (fs: Fs, at: At) => Promise<unknown>): Act {
  return async (fs, at) => {
    const stop = new AbortController();
    const told = new Set<string>();
    const watching = fs.watch(at(path), { ...options, signal: stop.signal })[Symbol.asyncIterator]();
    let next = watching.next();
    const until = async (last: string): Promise<void> => {
      const again = setInterval(() => void fs.mkdtemp(at(`${path}/${last}`)).catch(() => undefined), AGAIN_MS);
      for (let name = ''; !name.startsWith(last); ) {
        const { value } = await next;
        name = String(value?.filename);
        next = watching.next();
        if (!/^(begin|end)/.test(name)) told.add(`${value?.eventType} ${name} ${Object.keys(value ?? {}).sort()}`);
      }
      clearInterval(again);
    };
    await until('begin');
    await setTimeout(2 * AGAIN_MS);
    await work(fs, at);
    await until('end');
    stop.abort();
    next.catch(() => undefined);
    const ended = await watching.next().then(
      () => 'goes on',
      (error: unknown) => error,
    );
    return [[...told].sort(), ended];
  };
}

export const WATCHING: Acts = {
  'watch a file made': watched('/d', {}, (fs, at) => fs.mkdir(at('/d/new'))),
  'watch a file removed': watched('/d', {}, (fs, at) => fs.unlink(at('/d/x'))),
  'watch a file written': watched('/d', {}, (fs, at) => fs.writeFile(at('/d/x'), 'more')),
  'watch called off before': (fs, at) =>
    fs.watch(at('/d'), { signal: AbortSignal.abort() })[Symbol.asyncIterator]().next(),
  'watch as nonsense': (fs, at) =>
    fs
      .watch(at('/d'), { encoding: wrong('nonsense') })
      [Symbol.asyncIterator]()
      .next(),
  'watch with a signal that is none': (fs, at) =>
    fs
      .watch(at('/d'), { signal: wrong('x') })
      [Symbol.asyncIterator]()
      .next(),
  'watch with recursive that is none': (fs, at) =>
    fs
      .watch(at('/d'), { recursive: wrong('x') })
      [Symbol.asyncIterator]()
      .next(),
};
