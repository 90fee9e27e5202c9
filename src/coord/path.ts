/** True for paths below a directory, but not for the directory itself. */
export function isBelow(path: string, directory: string): boolean {
  return directory === '' ? path !== '' : path.startsWith(`${directory}/`);
}

/** The new path of `path` after `from` was renamed to `to`. */
export function pathAfterMove(path: string, from: string, to: string): string {
  if (path === from) return to;
  return isBelow(path, from) ? to + path.slice(from.length) : path;
}

/** The parent directory of a path; '' for the root as well. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
