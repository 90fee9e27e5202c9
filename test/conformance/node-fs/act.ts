import type fsPromises from 'node:fs/promises';

/** As much of `fs.promises` as code may find there; newer versions of Node have more than the types know. */
export type Fs = typeof fsPromises & {
  glob(pattern: string | readonly string[], options?: object): AsyncIterable<unknown>;
};
export type Handle = fsPromises.FileHandle;

/** Gives a path of the directory that an act has for itself, which `FIXTURE` fills. */
export type At = (path: string) => string;

/** Something that code does with `fs.promises`: what it gets is compared. */
export type Act = (fs: Fs, at: At) => unknown;
export type Acts = Readonly<Record<string, Act>>;

/** What each act finds: text of files, undefined for directories. */
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

/** What acts about links find besides: where they lead. */
export const LINKS: Readonly<Record<string, string>> = { l: 'f', ld: 'd', none: 'missing', loop: 'loop' };

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** Opens, works, closes. */
export async function using<T>(opening: Promise<Handle>, work: (handle: Handle) => T): Promise<Awaited<T>> {
  const handle = await opening;
  try {
    return await work(handle);
  } finally {
    await handle.close();
  }
}

/** What is no argument of that kind. */
export function wrong(value: unknown): never {
  return value as never;
}
