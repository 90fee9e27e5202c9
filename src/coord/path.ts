/** True for what lies below a directory, not for itself. */
export function isBelow(path: string, directory: string): boolean {
  return directory === '' ? path !== '' : path.startsWith(`${directory}/`);
}

/** Where a path is after `from` was renamed to `to`. */
export function pathAfterMove(path: string, from: string, to: string): string {
  if (path === from) return to;
  return isBelow(path, from) ? to + path.slice(from.length) : path;
}

/** The directory that a path lies in; '' for the root, too. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
