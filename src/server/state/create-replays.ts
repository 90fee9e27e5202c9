import type { DiskOpen } from './open.js';

/** A CREATE of version 2 durable handles, as long as it can come again. */
interface Remembered {
  /** Undefined while it is under way. */
  open: DiskOpen | undefined;
  action: number;
}

/**
 * CREATEs that a client may send again because it has not seen the answer ([MS-SMB2] 3.3.1.10 Open.IsReplayEligible):
 * those under way, and those whose opens nobody has used since.
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
