import type { Sid } from '#wire/dtyp/sid.js';

/** [MS-LSAD] 3.1.1.2.1: the privileges relevant to files, as bits. */
export const Privilege = {
  /** SeTakeOwnershipPrivilege: grants WRITE_OWNER whatever the DACL says. */
  TakeOwnership: 1,
  /** SeSecurityPrivilege: grants ACCESS_SYSTEM_SECURITY. */
  Security: 2,
  /** SeBackupPrivilege: read access to files opened with backup intent. */
  Backup: 4,
  /** SeRestorePrivilege: write access to such files, and setting any owner. */
  Restore: 8,
} as const;

/** [MS-DTYP] 2.5.2 Token/Authorization Context: the user's identity in access decisions. */
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
