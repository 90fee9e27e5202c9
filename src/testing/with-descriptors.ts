import type { NodeInfo, WritableBackend } from '#fs/backend.js';
import { memory } from '#fs/memory/memory.js';

/** Memory whose nodes keep descriptors, by their number; `posix` is what all nodes say of their owner. */
export function withDescriptors(posix?: NodeInfo['posix']): WritableBackend<unknown> {
  const inner = memory() as WritableBackend<unknown>;
  const kept = new Map<bigint, Uint8Array>();
  const idOf = async (handle: unknown): Promise<bigint> => (await inner.stat(handle)).id;
  const rated = (info: NodeInfo): NodeInfo => (posix === undefined ? info : { ...info, posix });
  const own: Partial<WritableBackend<unknown>> = {
    descriptors: {
      get: async (handle) => kept.get(await idOf(handle)),
      set: async (handle, bytes) => void kept.set(await idOf(handle), bytes.slice()),
    },
    stat: async (handle) => rated(await inner.stat(handle)),
    open: async (path, access) => {
      const { handle, info } = await inner.open(path, access);
      return { handle, info: rated(info) };
    },
  };
  return new Proxy(inner, {
    get: (target, name) => {
      const found = Reflect.get(own, name) ?? Reflect.get(target, name);
      return typeof found === 'function' ? found.bind(target) : found;
    },
  });
}
