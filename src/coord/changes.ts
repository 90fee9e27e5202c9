import type { Claim, Eventually } from './opens.js';

/** A change to a name. */
export interface Change {
  readonly volume: string;
  /** Within the volume, as the back end spells it. */
  readonly path: string;
  /** FILE_ACTION_* ([MS-FSCC] 2.7.1). */
  readonly action: number;
  /** FILE_NOTIFY_CHANGE_* bits that match it ([MS-SMB2] 2.2.35). */
  readonly filter: number;
  /** FILE_NOTIFY_CHANGE_* bits of watchers to skip: they learn of it by another change. */
  readonly unless?: number | undefined;
  /**
   * Present if the change shows in a listing of the directory. Leases on that directory are broken, except the one with
   * this parent key ([MS-FSA] 2.1.4.12, PARENT_OBJECT).
   */
  readonly listing?: Pick<Claim, 'parentKey'> | undefined;
}

/** A change as seen from a watched directory; its path is relative to that directory. */
export interface SeenChange {
  readonly path: string;
  readonly action: number;
}

/** What a watcher is interested in. */
export interface Interest {
  readonly volume: string;
  /** The watched directory. */
  readonly path: string;
  /** Includes the whole subtree. */
  readonly recursive: boolean;
  readonly filter: number;
}

/** Receives changes. Must not throw. */
export interface Watcher {
  seen(changes: readonly SeenChange[]): void;
  /** The directory itself is about to be deleted ([MS-FSA] 2.1.5.5, 2.1.5.15.3): no further changes will follow. */
  gone(): void;
}

export interface Subscription {
  end(): Eventually<void>;
}

/**
 * Change notification across sessions and servers. `Opens.moved` moves the watches on a directory and on everything
 * below it; deletion marks set through `Opens` also notify those who watch the directory.
 */
export interface Changes {
  /**
   * Changes that belong together (both halves of a rename) are published and delivered together. Also breaks leases on
   * the directories, without waiting for that.
   */
  publish(changes: readonly Change[]): Eventually<void>;
  subscribe(interest: Interest, watcher: Watcher): Eventually<Subscription>;
}
