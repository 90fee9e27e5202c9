import { globTest } from '#trees/glob.js';

/** Which part of a tree is meant. */
export interface Filter {
  /** Whether a directory is looked into. `path` counts from the top of what is transferred. */
  enters(path: string): boolean;
  /** Whether a file or link is taken. */
  takes(path: string): boolean;
  /** Whether directories come with what is in them only. */
  readonly narrows: boolean;
}

/**
 * What matches one of `include` (if there are any) and none of `exclude`. A pattern without a slash is about the name,
 * wherever it is; one with a slash about the path from the top. What is excluded as a directory is not looked into.
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
