import type { ConnectionInfo } from './connection-info.js';

/** What the server reported about a share when we connected to it. */
export interface ShareFacts {
  readonly kind: 'disk' | 'pipe' | 'printer';
  /** The share is in DFS: parts of it may lie elsewhere. */
  readonly dfs: boolean;
  /** Handles survive a failover. */
  readonly continuousAvailability: boolean;
  /** Several cluster nodes serve it at the same time. */
  readonly scaleOut: boolean;
  readonly cluster: boolean;
  /** The server hides what this account may not read. */
  readonly accessBasedEnumeration: boolean;
}

/** What was negotiated, and facts about the share. */
export interface ShareInfo extends ConnectionInfo {
  readonly share: ShareFacts;
}

/** A share about which the server reports nothing. */
export const PLAIN_SHARE: ShareFacts = {
  kind: 'disk',
  dfs: false,
  continuousAvailability: false,
  scaleOut: false,
  cluster: false,
  accessBasedEnumeration: false,
};
