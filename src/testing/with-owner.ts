import type { NodeInfo, Opened, WritableBackend } from '#fs/backend.js';
import type { PosixFacts } from '#fs/capabilities.js';
import { memory } from '#fs/memory/memory.js';

/** A memory backend whose nodes all have the same owner. */
export function withOwner(posix: PosixFacts): WritableBackend<unknown> {
  const inner = memory() as WritableBackend<unknown>;
  const owned = ({ handle, info }: Opened<unknown>): Opened<unknown> => ({ handle, info: { ...info, posix } });
  const own: Partial<WritableBackend<unknown>> = {
    stat: async (handle): Promise<NodeInfo> => ({ ...(await inner.stat(handle)), posix }),
    open: async (path, access) => owned(await inner.open(path, access)),
    create: async (path, kind, attributes) => owned(await inner.create(path, kind, attributes)),
  };
  return new Proxy(inner, {
    get: (target, name) => {
      const found = Reflect.get(own, name) ?? Reflect.get(target, name);
      return typeof found === 'function' ? found.bind(target) : found;
    },
  });
}
