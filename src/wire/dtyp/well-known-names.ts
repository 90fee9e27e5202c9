import { Sid } from './sid.js';
import { SidType } from './sid-type.js';

/** A SID that means the same on every machine, and its name. */
export interface WellKnownName {
  readonly sid: Sid;
  /** Empty if it belongs to no domain. */
  readonly domain: string;
  /** Empty for a domain itself. */
  readonly name: string;
  /** `SidType`. */
  readonly type: number;
}

const NT_AUTHORITY = 'NT AUTHORITY';
const BUILTIN = 'BUILTIN';

const row = (sid: string, domain: string, name: string, type: number): WellKnownName => ({
  sid: Sid.parse(sid),
  domain,
  name,
  type,
});
const known = (sid: string, name: string): WellKnownName => row(sid, '', name, SidType.WellKnownGroup);
const authority = (rid: number, name: string): WellKnownName =>
  row(`S-1-5-${rid}`, NT_AUTHORITY, name, SidType.WellKnownGroup);
const builtin = (rid: number, name: string): WellKnownName => row(`S-1-5-32-${rid}`, BUILTIN, name, SidType.Alias);

/** [MS-DTYP] 2.4.2.4 Well-Known SID Structures, those of use to a stand-alone server. */
export const wellKnownNames: readonly WellKnownName[] = [
  known('S-1-0-0', 'NULL SID'),
  known('S-1-1-0', 'Everyone'),
  known('S-1-2-0', 'LOCAL'),
  known('S-1-3-0', 'CREATOR OWNER'),
  known('S-1-3-1', 'CREATOR GROUP'),
  known('S-1-3-2', 'CREATOR OWNER SERVER'),
  known('S-1-3-3', 'CREATOR GROUP SERVER'),
  known('S-1-3-4', 'OWNER RIGHTS'),
  row('S-1-5', NT_AUTHORITY, '', SidType.Domain),
  authority(1, 'DIALUP'),
  authority(2, 'NETWORK'),
  authority(3, 'BATCH'),
  authority(4, 'INTERACTIVE'),
  authority(6, 'SERVICE'),
  authority(7, 'ANONYMOUS LOGON'),
  authority(8, 'PROXY'),
  authority(9, 'ENTERPRISE DOMAIN CONTROLLERS'),
  authority(10, 'SELF'),
  authority(11, 'Authenticated Users'),
  authority(12, 'RESTRICTED'),
  authority(13, 'TERMINAL SERVER USER'),
  authority(14, 'REMOTE INTERACTIVE LOGON'),
  authority(15, 'This Organization'),
  authority(17, 'IUSR'),
  authority(18, 'SYSTEM'),
  authority(19, 'LOCAL SERVICE'),
  authority(20, 'NETWORK SERVICE'),
  row('S-1-5-32', BUILTIN, '', SidType.Domain),
  builtin(544, 'Administrators'),
  builtin(545, 'Users'),
  builtin(546, 'Guests'),
  builtin(547, 'Power Users'),
  builtin(548, 'Account Operators'),
  builtin(549, 'Server Operators'),
  builtin(550, 'Print Operators'),
  builtin(551, 'Backup Operators'),
  builtin(552, 'Replicator'),
];
