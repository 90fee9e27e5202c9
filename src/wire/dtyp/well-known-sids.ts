import { Sid } from './sid.js';
import { wellKnownNames } from './well-known-names.js';

export type WellKnownSidName =
  | 'nobody'
  | 'everyone'
  | 'creatorOwner'
  | 'creatorGroup'
  | 'ownerRights'
  | 'network'
  | 'anonymous'
  | 'authenticatedUsers'
  | 'localSystem'
  | 'builtin'
  | 'administrators'
  | 'users'
  | 'guests'
  | 'backupOperators'
  | 'unixUser'
  | 'unixGroup';

/** [MS-DTYP] 2.4.2.4 Well-Known SID Structures, and Samba's S-1-22 for Unix ids. */
export const WellKnownSid: Readonly<Record<WellKnownSidName, Sid>> = {
  nobody: Sid.parse('S-1-0-0'),
  everyone: Sid.parse('S-1-1-0'),
  creatorOwner: Sid.parse('S-1-3-0'),
  creatorGroup: Sid.parse('S-1-3-1'),
  ownerRights: Sid.parse('S-1-3-4'),
  network: Sid.parse('S-1-5-2'),
  anonymous: Sid.parse('S-1-5-7'),
  authenticatedUsers: Sid.parse('S-1-5-11'),
  localSystem: Sid.parse('S-1-5-18'),
  builtin: Sid.parse('S-1-5-32'),
  administrators: Sid.parse('S-1-5-32-544'),
  users: Sid.parse('S-1-5-32-545'),
  guests: Sid.parse('S-1-5-32-546'),
  backupOperators: Sid.parse('S-1-5-32-551'),
  unixUser: Sid.parse('S-1-22-1'),
  unixGroup: Sid.parse('S-1-22-2'),
};

const names: ReadonlyMap<string, string> = new Map(
  wellKnownNames.map(({ sid, domain, name }) => [sid.toString(), [domain, name].filter(Boolean).join('\\')]),
);

/** The name of a well-known SID, such as `BUILTIN\Administrators`, else undefined. */
export function wellKnownSidName(sid: Sid): string | undefined {
  return names.get(sid.toString());
}
