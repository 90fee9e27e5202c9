import type { DirectoryEntry, ReadableBackend } from '#fs/backend.js';

/** A backend that also lists names that lead outside the directory. */
export function lyingBackend(backend: ReadableBackend<unknown>, names: readonly string[]): ReadableBackend<unknown> {
  const list = async function* (handle: unknown): AsyncGenerator<readonly DirectoryEntry[], void, undefined> {
    for await (const entries of backend.list(handle)) {
      const [first] = entries;
      if (first) yield names.map((name) => ({ ...first, name }));
      yield entries;
    }
  };
  return new Proxy(backend, {
    get: (of, key) => {
      if (key === 'list') return list;
      const found: unknown = Reflect.get(of, key);
      return typeof found === 'function' ? found.bind(of) : found;
    },
  });
}
