import type { Eventually } from './backend.js';

/** Maps Unix user and group ids to names and back; undefined if there is no match. */
export interface UnixNames {
  userName(uid: number): Eventually<string | undefined>;
  groupName(gid: number): Eventually<string | undefined>;
  uid(name: string): Eventually<number | undefined>;
  gid(name: string): Eventually<number | undefined>;
}
