import { libc } from './native/libc.js';

/** Largest number of ranges returned. */
const MOST = 1_000_000;

/** The ranges of an open local file that hold data; undefined if they cannot be determined. */
export function dataRanges(fd: number, size: number): { readonly start: number; readonly end: number }[] | undefined {
  const calls = libc();
  if (!calls) return undefined;
  const found: { start: number; end: number }[] = [];
  for (let at = 0; at < size && found.length < MOST; ) {
    const start = calls.seek(fd, at, 'data');
    // ENXIO: only a hole is left. A file system without holes reports everything as data.
    if (start < 0) return found.length > 0 || at > 0 || calls.seek(fd, 0, 'hole') === 0 ? found : undefined;
    if (start >= size) return found;
    const hole = calls.seek(fd, start, 'hole');
    at = hole < 0 ? size : Math.min(hole, size);
    found.push({ start, end: at });
  }
  return found.length < MOST ? found : undefined;
}
