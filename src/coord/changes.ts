import type { Claim, Eventually } from './opens.js';

/** Something happened to a name. */
export interface Change {
  readonly volume: string;
  /** Within the volume, as the back end spells it. */
  readonly path: string;
  /** FILE_ACTION_* ([MS-FSCC] 2.7.1). */
  readonly action: number;
  /** FILE_NOTIFY_CHANGE_* bits that cover it ([MS-SMB2] 2.2.35). */
  readonly filter: number;
  /** Bits of those who are told of it otherwise. */
  readonly unless?: number | undefined;
  /**
   * Present if a listing of the directory shows it: leases on that, but the one with this parent key, are broken
   * ([MS-FSA] 2.1.4.12, PARENT_OBJECT).
   */
  readonly listing?: Pick<Claim, 'parentKey'> | undefined;
}

/** A change as seen from a watched directory: its path is relative to that. */
export interface SeenChange {
  readonly path: string;
  readonly action: number;
}

/** What a watcher wants to hear of. */
export interface Interest {
  readonly volume: string;
  /** The directory. */
  readonly path: string;
  /** With everything below it. */
  readonly recursive: boolean;
  readonly filter: number;
}

/** Who watches. Must not throw. */
export interface Watcher {
  seen(changes: readonly SeenChange[]): void;
  /** The directory itself is on its way out ([MS-FSA] 2.1.5.5, 2.1.5.15.3): nothing more will be seen. */
  gone(): void;
}

export interface Subscription {
  end(): Eventually<void>;
}

/**
 * Change notification across sessions and servers. `Opens.moved` takes along who watches a directory, or what is below;
 * who watches one that is marked for deletion is told there, too.
 */
export interface Changes {
  /**
   * What belongs together (both halves of a rename) is published, and heard, together. Leases on the directories are
   * broken, which nobody waits for.
   */
  publish(changes: readonly Change[]): Eventually<void>;
  subscribe(interest: Interest, watcher: Watcher): Eventually<Subscription>;
}
