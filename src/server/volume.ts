import type { Backend } from '#fs/backend.js';

const keys = new Map<number, string>();
const MOST_KEYS = 1024;

/** Key by which all servers of a cluster identify the medium behind a back end; computed several times per request. */
export function volumeKey({ volume: { serial } }: Pick<Backend, 'volume'>): string {
  const known = keys.get(serial);
  if (known !== undefined) return known;
  const key = serial.toString(16).padStart(8, '0');
  if (keys.size < MOST_KEYS) keys.set(serial, key);
  return key;
}

/** The last component of a path; `''` for the root. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The parent directory of a path. */
export function parentPath(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
