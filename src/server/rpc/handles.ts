import type { Random } from '#engine/transport.js';
import { readGuid } from '#wire/dtyp/guid.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { ContextHandle } from '#wire/rpc/context-handle.js';
import { FaultStatus } from '#wire/rpc/pdu-call.js';
import { RpcFault } from './interface.js';

/** Handles of an association group at most. */
const MOST_HANDLES = 1024;

/** What the handles of an association group stand for ([C706] 5.1.6): only its own clients may come back with them. */
export class Handles {
  readonly #random: Random;
  readonly #objects = new Map<string, object>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** A handle for something; InsufficientResources when there are too many. */
  give(object: object): ContextHandle {
    if (this.#objects.size >= MOST_HANDLES) throw new StatusError(NtStatus.InsufficientResources);
    const uuid = readGuid(this.#random(16));
    this.#objects.set(uuid, object);
    return Object.assign(new ContextHandle(), { uuid });
  }

  /** What a handle stands for; a fault when it is of another kind, or of nobody. */
  get<T extends object>({ uuid }: ContextHandle, Kind: abstract new (...args: never[]) => T): T {
    const object = this.#objects.get(uuid);
    if (object instanceof Kind) return object;
    if (object !== undefined) throw new StatusError(NtStatus.InvalidHandle);
    throw new RpcFault(FaultStatus.NcaContextMismatch);
  }

  /** Takes a handle back. */
  close({ uuid }: ContextHandle): void {
    if (!this.#objects.delete(uuid)) throw new RpcFault(FaultStatus.NcaContextMismatch);
  }
}
