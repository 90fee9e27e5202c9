import type { Sid } from '#wire/dtyp/sid.js';

/** [MS-LSAD] 3.1.1.2.1: the privileges that matter for files, as bits. */
export const Privilege = {
  /** SeTakeOwnershipPrivilege: WRITE_OWNER whatever the DACL says. */
  TakeOwnership: 1,
  /** SeSecurityPrivilege: ACCESS_SYSTEM_SECURITY. */
  Security: 2,
  /** SeBackupPrivilege: reading, of files that are opened for backup. */
  Backup: 4,
  /** SeRestorePrivilege: writing such files, and giving files to others. */
  Restore: 8,
} as const;

/** [MS-DTYP] 2.5.2 Token/Authorization Context: who somebody is when access is decided. */
export class Token {
  readonly user: Sid;
  /** The first is the primary group. */
  readonly groups: readonly Sid[];
  /** Bits of `Privilege`. */
  readonly privileges: number;

  constructor(user: Sid, groups: readonly Sid[], privileges = 0) {
    this.user = user;
    this.groups = groups;
    this.privileges = privileges;
  }

  get primaryGroup(): Sid {
    return this.groups[0] ?? this.user;
  }

  /** Whether a SID is the user or one of the groups ([MS-DTYP] 2.5.3.1.1 SidInToken). */
  has(sid: Sid): boolean {
    return this.user.equals(sid) || this.groups.some((group) => group.equals(sid));
  }

  holds(privilege: number): boolean {
    return (this.privileges & privilege) !== 0;
  }
}
