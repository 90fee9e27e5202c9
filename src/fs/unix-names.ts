import type { Eventually } from './backend.js';

/** The names behind the numbers of a Unix system's owners; undefined for what has no name, or no number. */
export interface UnixNames {
  userName(uid: number): Eventually<string | undefined>;
  groupName(gid: number): Eventually<string | undefined>;
  uid(name: string): Eventually<number | undefined>;
  gid(name: string): Eventually<number | undefined>;
}
