import { libc } from './native/libc.js';

/** More pieces than anybody wants to be told one by one. */
const MOST = 1_000_000;

/** Where an open file of this machine has data; undefined where nobody can tell. */
export function dataRanges(fd: number, size: number): { readonly start: number; readonly end: number }[] | undefined {
  const calls = libc();
  if (!calls) return undefined;
  const found: { start: number; end: number }[] = [];
  for (let at = 0; at < size && found.length < MOST; ) {
    const start = calls.seek(fd, at, 'data');
    // ENXIO: nothing but a hole is left. What the file system does not know is all data.
    if (start < 0) return found.length > 0 || at > 0 || calls.seek(fd, 0, 'hole') === 0 ? found : undefined;
    if (start >= size) return found;
    const hole = calls.seek(fd, start, 'hole');
    at = hole < 0 ? size : Math.min(hole, size);
    found.push({ start, end: at });
  }
  return found.length < MOST ? found : undefined;
}
