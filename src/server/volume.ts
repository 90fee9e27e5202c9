import type { Backend } from '#fs/backend.js';

/** How all servers of a cluster call the medium behind a back end. */
export function volumeKey(backend: Backend): string {
  return backend.volume.serial.toString(16).padStart(8, '0');
}

/** The last component of a path; `''` for the root. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The directory that a path lies in. */
export function parentPath(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
