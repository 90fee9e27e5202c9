import type { DiskOpen } from './open.js';

/** A CREATE with a version 2 durable handle request that may still be replayed. */
interface Remembered {
  /** Undefined while the CREATE is in progress. */
  open: DiskOpen | undefined;
  action: number;
}

/**
 * CREATEs that a client may replay because it has not seen the response ([MS-SMB2] 3.3.1.10 Open.IsReplayEligible):
 * those in progress, and those whose opens have not been used since.
 */
export class CreateReplays {
  readonly #known = new Map<string, Remembered>();

  get(key: string): Readonly<Remembered> | undefined {
    return this.#known.get(key);
  }

  begin(key: string): void {
    this.#known.set(key, { open: undefined, action: 0 });
  }

  done(key: string, open: DiskOpen, action: number): void {
    if (open.closed) return this.end(key);
    this.#known.set(key, { open, action });
    open.endReplays = () => {
      open.endReplays = undefined;
      this.end(key);
    };
  }

  end(key: string): void {
    this.#known.delete(key);
  }

  get size(): number {
    return this.#known.size;
  }
}
