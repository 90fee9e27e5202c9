import type { ConnectionInfo } from './connection-info.js';

/** What the server told of a share when it let us in. */
export interface ShareFacts {
  readonly kind: 'disk' | 'pipe' | 'printer';
  /** Parts of it may lie elsewhere. */
  readonly dfs: boolean;
  /** Handles survive a change of the server's node. */
  readonly continuousAvailability: boolean;
  /** Several nodes serve it at once. */
  readonly scaleOut: boolean;
  readonly cluster: boolean;
  /** The server hides what this account may not read. */
  readonly accessBasedEnumeration: boolean;
}

/** What was agreed about a share. */
export interface ShareInfo extends ConnectionInfo {
  readonly share: ShareFacts;
}

/** A share of which the server tells nothing but that it is there. */
export const PLAIN_SHARE: ShareFacts = {
  kind: 'disk',
  dfs: false,
  continuousAvailability: false,
  scaleOut: false,
  cluster: false,
  accessBasedEnumeration: false,
};
