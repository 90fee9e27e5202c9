import type { TestContext } from 'node:test';
import type { Backend, WritableBackend } from '#fs/index.js';
import { createServer } from '#server/index.js';
import { PASSWORD } from './command-line.js';

/** A share in this process on which some writes are held. */
export interface HeldShare {
  /** `smb://ann@127.0.0.1:PORT/docs`, for commands. */
  readonly url: string;
  /** Resolves when a write is being held. */
  readonly begun: Promise<void>;
  /** Lets held and later writes through. */
  release(): void;
}

/** `holds` selects the writes to hold. They are released at the end of the test. */
export async function heldShare<H>(
  t: TestContext,
  backend: WritableBackend<H>,
  holds: (length: number, offset: number) => boolean,
): Promise<HeldShare> {
  const begun = promise();
  const released = promise();
  const write: typeof backend.write = async (handle, from, offset) => {
    if (holds(from.length, offset)) {
      begun.come();
      await released.arrival;
    }
    await backend.write(handle, from, offset);
  };
  const docs = new Proxy(backend, {
    get: (of, key) => {
      const found: unknown = key === 'write' ? write : Reflect.get(of, key);
      return typeof found === 'function' ? found.bind(of) : found;
    },
  });
  const server = createServer({ shares: { docs: docs as Backend }, users: { ann: { password: PASSWORD } } });
  const { port } = await server.listen(0, '127.0.0.1');
  t.after(() => {
    released.come();
    return server.close();
  });
  return { url: `smb://ann@127.0.0.1:${port}/docs`, begun: begun.arrival, release: released.come };
}

function promise(): { readonly arrival: Promise<void>; readonly come: () => void } {
  let come = (): void => undefined;
  const arrival = new Promise<void>((resolve) => {
    come = resolve;
  });
  return { arrival, come: () => come() };
}
