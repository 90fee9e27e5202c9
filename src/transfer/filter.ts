import { globTest } from '#trees/glob.js';

/** Selects a part of a tree. */
export interface Filter {
  /** Whether to enter a directory. `path` is relative to the top of the transfer. */
  enters(path: string): boolean;
  /** Whether to take a file or link. */
  takes(path: string): boolean;
  /** Whether directories are created only for what is taken from them. */
  readonly narrows: boolean;
}

/**
 * Takes what matches one of `include` (if there are any) and none of `exclude`. A pattern without a slash matches the
 * name at any depth; one with a slash matches the path from the top. Excluded directories are not entered.
 */
export function filterOf(include: readonly string[] = [], exclude: readonly string[] = []): Filter {
  const wanted = include.map(pathTest);
  const unwanted = exclude.map(pathTest);
  const kept = (path: string): boolean => !unwanted.some((test) => test(path));
  return {
    enters: kept,
    takes: (path) => kept(path) && (wanted.length === 0 || wanted.some((test) => test(path))),
    narrows: wanted.length > 0,
  };
}

function pathTest(pattern: string): (path: string) => boolean {
  const plain = pattern.replace(/\/+$/, '');
  const test = globTest(plain.replace(/^\.?\//, ''));
  if (plain.includes('/')) return test;
  return (path) => test(path.slice(path.lastIndexOf('/') + 1));
}
