import type fsPromises from 'node:fs/promises';

/** The part of `fs.promises` that code may use; newer versions of Node have more than the types declare. */
export type Fs = typeof fsPromises & {
  glob(pattern: string | readonly string[], options?: object): AsyncIterable<unknown>;
};
export type Handle = fsPromises.FileHandle;

/** Returns a path in the directory reserved for one act, which `FIXTURE` fills. */
export type At = (path: string) => string;

/** Something that code does with `fs.promises`; its result is compared. */
export type Act = (fs: Fs, at: At) => unknown;
export type Acts = Readonly<Record<string, Act>>;

/** What each act finds: contents of files, undefined for directories. */
export const FIXTURE: Readonly<Record<string, string | undefined>> = {
  d: undefined,
  'd/s': undefined,
  e: undefined,
  f: 'hello',
  g: 'world',
  lines: 'one\ntwo\r\nthree',
  'd/x': 'in d',
  'd/s/y': 'in s',
};

/** Links that acts of the group 'links' find as well, with their targets. */
export const LINKS: Readonly<Record<string, string>> = { l: 'f', ld: 'd', none: 'missing', loop: 'loop' };

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** Opens a file, works with it, closes it. */
export async function using<T>(opening: Promise<Handle>, work: (handle: Handle) => T): Promise<Awaited<T>> {
  const handle = await opening;
  try {
    return await work(handle);
  } finally {
    await handle.close();
  }
}

/** Passes an argument of the wrong type. */
export function wrong(value: unknown): never {
  return value as never;
}
