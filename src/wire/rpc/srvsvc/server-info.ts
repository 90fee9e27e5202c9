import { type NameTable, namesOf } from '../../io/names.js';
import type { Ndr } from '../ndr.js';

/** [MS-SRVS] 2.2.2.6 Platform. */
export const PlatformId = {
  Dos: 300,
  Os2: 400,
  Nt: 500,
  Osf: 600,
  Vms: 700,
} as const;

export const platformIdNames: NameTable = namesOf(PlatformId, 'PLATFORM_ID_');

/** [MS-SRVS] 2.2.2.7 Software type of a server. */
export const ServerType = {
  Workstation: 0x00000001,
  Server: 0x00000002,
  SqlServer: 0x00000004,
  DomainCtrl: 0x00000008,
  DomainBakctrl: 0x00000010,
  TimeSource: 0x00000020,
  Afp: 0x00000040,
  Novell: 0x00000080,
  DomainMember: 0x00000100,
  PrintqServer: 0x00000200,
  DialinServer: 0x00000400,
  XenixServer: 0x00000800,
  Nt: 0x00001000,
  Wfw: 0x00002000,
  ServerMfpn: 0x00004000,
  ServerNt: 0x00008000,
  PotentialBrowser: 0x00010000,
  BackupBrowser: 0x00020000,
  MasterBrowser: 0x00040000,
  DomainMaster: 0x00080000,
  Windows: 0x00400000,
  Dfs: 0x00800000,
} as const;

export const serverTypeNames: NameTable = namesOf(ServerType, 'SV_TYPE_');

/** [MS-SRVS] 2.2.3.7 SERVER_INFO: levels that can be queried, of which the first three are supported here. */
const DEFINED: readonly number[] = [100, 101, 102, 103, 502, 503, 599, 1005, 1010, 1016, 1017, 1018, 1107];

/** Whether the specification defines the level. */
export function isServerLevel(level: number): boolean {
  return DEFINED.includes(level) || (level >= 1501 && level <= 1556);
}

/** Whether `ServerInfo` has the fields of the level. */
export function hasServerFields(level: number): boolean {
  return level === 100 || level === 101 || level === 102;
}

/** [MS-SRVS] 2.2.4.40 to 2.2.4.42 SERVER_INFO_100, _101 and _102: the level determines the fields. */
export class ServerInfo {
  platformId: number = PlatformId.Nt;
  name: string | null = null;
  versionMajor = 0;
  versionMinor = 0;
  type: number = ServerType.Workstation | ServerType.Server | ServerType.Nt;
  comment: string | null = null;
  users = 0;
  disc = 0;
  hidden = 0;
  announce = 0;
  anndelta = 0;
  licenses = 0;
  userpath: string | null = null;

  fields(ndr: Ndr, level: number): void {
    const label = `sv${level}`;
    this.platformId = ndr.u32(`${label}_platform_id`, this.platformId, platformIdNames);
    ndr.stringPointer(`${label}_name`, this.name, (v) => {
      this.name = v;
    });
    if (level === 100) return;
    this.versionMajor = ndr.u32(`${label}_version_major`, this.versionMajor);
    this.versionMinor = ndr.u32(`${label}_version_minor`, this.versionMinor);
    this.type = ndr.flags32(`${label}_type`, this.type, serverTypeNames);
    ndr.stringPointer(`${label}_comment`, this.comment, (v) => {
      this.comment = v;
    });
    if (level === 102) this.#settings(ndr);
  }

  #settings(ndr: Ndr): void {
    this.users = ndr.u32('sv102_users', this.users);
    this.disc = ndr.i32('sv102_disc', this.disc);
    this.hidden = ndr.u32('sv102_hidden', this.hidden);
    this.announce = ndr.u32('sv102_announce', this.announce);
    this.anndelta = ndr.u32('sv102_anndelta', this.anndelta);
    this.licenses = ndr.u32('sv102_licenses', this.licenses);
    ndr.stringPointer('sv102_userpath', this.userpath, (v) => {
      this.userpath = v;
    });
  }
}
