import type { Guid } from '#wire/dtyp/guid.js';
import type { DiskOpen } from './open.js';

/** The application instance that a CREATE is for ([MS-SMB2] 2.2.13.2.13, 2.2.13.2.15). */
export interface AppInstance {
  readonly id: Guid;
  /** ClientGuid. */
  readonly client: Guid;
  /** AppInstanceVersionHigh and Low combined, if given. */
  readonly version: bigint | undefined;
}

/** Opens by application instance. */
export class AppInstances {
  readonly #opens = new Map<Guid, Set<DiskOpen>>();

  add(open: DiskOpen, app: AppInstance): void {
    if (open.closed) return;
    open.app = app;
    const opens = this.#opens.get(app.id);
    if (opens) opens.add(open);
    else this.#opens.set(app.id, new Set([open]));
  }

  /** Removes an open that has ended. */
  delete(open: DiskOpen): void {
    if (open.app === undefined) return;
    const opens = this.#opens.get(open.app.id);
    opens?.delete(open);
    if (opens?.size === 0) this.#opens.delete(open.app.id);
  }

  /** Opens of the same application instance from other clients. */
  ofOthers({ id, client }: AppInstance): DiskOpen[] {
    return [...(this.#opens.get(id) ?? [])].filter((open) => open.app?.client !== client);
  }
}
