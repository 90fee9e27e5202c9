import type { Random } from '#engine/transport.js';
import { readGuid } from '#wire/dtyp/guid.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { ContextHandle } from '#wire/rpc/context-handle.js';
import { FaultStatus } from '#wire/rpc/pdu-call.js';
import { RpcFault } from './interface.js';

/** Maximum number of handles per association group. */
const MOST_HANDLES = 1024;

/** Context handles of an association group ([C706] 5.1.6); only its own clients can use them. */
export class Handles {
  readonly #random: Random;
  readonly #objects = new Map<string, object>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** Allocates a handle for an object; InsufficientResources when the limit is reached. */
  give(object: object): ContextHandle {
    if (this.#objects.size >= MOST_HANDLES) throw new StatusError(NtStatus.InsufficientResources);
    const uuid = readGuid(this.#random(16));
    this.#objects.set(uuid, object);
    return Object.assign(new ContextHandle(), { uuid });
  }

  /** The object of a handle; a fault if it is of another kind or unknown. */
  get<T extends object>({ uuid }: ContextHandle, Kind: abstract new (...args: never[]) => T): T {
    const object = this.#objects.get(uuid);
    if (object instanceof Kind) return object;
    if (object !== undefined) throw new StatusError(NtStatus.InvalidHandle);
    throw new RpcFault(FaultStatus.NcaContextMismatch);
  }

  /** Releases a handle. */
  close({ uuid }: ContextHandle): void {
    if (!this.#objects.delete(uuid)) throw new RpcFault(FaultStatus.NcaContextMismatch);
  }
}
