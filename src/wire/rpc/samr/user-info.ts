import { HandleRequest, NtResponse } from '../lsarpc/messages.js';
import type { Ndr } from '../ndr.js';
import { UserAccount, userAccountNames } from './interface.js';

const CLASSES: readonly number[] = [1, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 20, 21];

/** Whether `UserInfo` supports the class. */
export function isUserInfoClass(infoClass: number): boolean {
  return CLASSES.includes(infoClass);
}

/** "Never", both as a time and as an interval. */
const NEVER = 0x7fff_ffff_ffff_ffffn;
/** [MS-SAMR] 2.2.6.5: one bit for each hour of the week. */
const HOURS_PER_WEEK = 168;
const HOURS_ROOM = 1260;
/** [MS-SAMR] 2.2.1.8 USER_ALL: all fields that are not secret are present. */
const WHICH_FIELDS = 0x00ffffff;

type Text =
  | 'userName'
  | 'fullName'
  | 'homeDirectory'
  | 'homeDirectoryDrive'
  | 'scriptPath'
  | 'profilePath'
  | 'adminComment'
  | 'workStations'
  | 'userComment';

/** Classes that consist of one or two strings. */
const TEXTS: Readonly<Record<number, readonly Text[]>> = {
  6: ['userName', 'fullName'],
  7: ['userName'],
  8: ['fullName'],
  10: ['homeDirectory', 'homeDirectoryDrive'],
  11: ['scriptPath'],
  12: ['profilePath'],
  13: ['adminComment'],
  14: ['workStations'],
};

const ALL_TEXTS: readonly Text[] = [
  'userName',
  'fullName',
  'homeDirectory',
  'homeDirectoryDrive',
  'scriptPath',
  'profilePath',
  'adminComment',
  'workStations',
  'userComment',
];

/** [MS-SAMR] 2.2.6 SAMPR_USER_INFO_BUFFER: the class determines the fields. */
export class UserInfo {
  lastLogon = 0n;
  lastLogoff: bigint = NEVER;
  passwordLastSet = 0n;
  accountExpires: bigint = NEVER;
  passwordCanChange = 0n;
  passwordMustChange: bigint = NEVER;
  userName = '';
  fullName = '';
  homeDirectory = '';
  homeDirectoryDrive = '';
  scriptPath = '';
  profilePath = '';
  adminComment = '';
  workStations = '';
  userComment = '';
  userId = 0;
  primaryGroupId = 0;
  userAccountControl: number = UserAccount.NormalAccount;

  fields(ndr: Ndr, infoClass: number): void {
    const texts = TEXTS[infoClass];
    if (texts !== undefined) return this.#texts(ndr, texts);
    switch (infoClass) {
      case 1:
        this.#texts(ndr, ['userName', 'fullName']);
        this.primaryGroupId = ndr.u32('PrimaryGroupId', this.primaryGroupId);
        return this.#texts(ndr, ['adminComment', 'userComment']);
      case 9:
        this.primaryGroupId = ndr.u32('PrimaryGroupId', this.primaryGroupId);
        return;
      case 16:
        this.userAccountControl = ndr.flags32('UserAccountControl', this.userAccountControl, userAccountNames);
        return;
      case 17:
        this.accountExpires = ndr.halves64('AccountExpires', this.accountExpires);
        return;
      case 20:
        return ndr.unicode('Parameters', '', () => undefined);
      default:
        return this.#all(ndr);
    }
  }

  /** [MS-SAMR] 2.2.6.6 SAMPR_USER_ALL_INFORMATION. */
  #all(ndr: Ndr): void {
    this.lastLogon = ndr.halves64('LastLogon', this.lastLogon);
    this.lastLogoff = ndr.halves64('LastLogoff', this.lastLogoff);
    this.passwordLastSet = ndr.halves64('PasswordLastSet', this.passwordLastSet);
    this.accountExpires = ndr.halves64('AccountExpires', this.accountExpires);
    this.passwordCanChange = ndr.halves64('PasswordCanChange', this.passwordCanChange);
    this.passwordMustChange = ndr.halves64('PasswordMustChange', this.passwordMustChange);
    this.#texts(ndr, ALL_TEXTS);
    ndr.unicode('Parameters', '', () => undefined);
    // Secrets are never sent.
    for (const name of ['LmOwfPassword', 'NtOwfPassword', 'PrivateData']) ndr.unicode(name, null, () => undefined);
    ndr.u32('SecurityDescriptorLength', 0);
    ndr.pointer('SecurityDescriptor', false, () => undefined);
    this.userId = ndr.u32('UserId', this.userId);
    this.primaryGroupId = ndr.u32('PrimaryGroupId', this.primaryGroupId);
    this.userAccountControl = ndr.flags32('UserAccountControl', this.userAccountControl, userAccountNames);
    ndr.u32('WhichFields', WHICH_FIELDS);
    this.#logonHours(ndr);
    for (const name of ['BadPasswordCount', 'LogonCount', 'CountryCode', 'CodePage']) ndr.u16(name, 0);
    for (const name of ['LmPasswordPresent', 'NtPasswordPresent', 'PasswordExpired', 'PrivateDataSensitive']) {
      ndr.u8(name, 0);
    }
  }

  #logonHours(ndr: Ndr): void {
    ndr.io.align(4);
    const units = ndr.u16('UnitsPerWeek', HOURS_PER_WEEK);
    ndr.pointer('LogonHours', true, () => {
      const room = ndr.u32('MaximumCount', HOURS_ROOM);
      ndr.u32('Offset', 0);
      const count = ndr.u32('ActualCount', units / 8);
      ndr.io.bytes('LogonHours', Math.min(count, room), new Uint8Array(units / 8).fill(0xff));
    });
  }

  #texts(ndr: Ndr, keys: readonly Text[]): void {
    for (const key of keys) {
      ndr.unicode(`${key.charAt(0).toUpperCase()}${key.slice(1)}`, this[key], (v) => {
        this[key] = v ?? '';
      });
    }
  }
}

/** [MS-SAMR] 3.1.5.5.5, 3.1.5.5.6 SamrQueryInformationUser2 (opnum 47) and SamrQueryInformationUser (36). */
export class SamrQueryInformationUserRequest extends HandleRequest {
  userInformationClass = 0;

  protected override fields(ndr: Ndr): void {
    this.userInformationClass = ndr.u16('UserInformationClass', this.userInformationClass);
  }
}
export class SamrQueryInformationUserResponse extends NtResponse {
  userInformationClass = 0;
  /** Null on failure. */
  buffer: UserInfo | null = null;

  protected override fields(ndr: Ndr): void {
    this.buffer = ndr.optional('Buffer', this.buffer, () => {
      const info = this.buffer ?? new UserInfo();
      ndr.param(() => {
        this.userInformationClass = ndr.u16('UserInformationClass', this.userInformationClass);
        ndr.io.align(4);
        if (isUserInfoClass(this.userInformationClass)) info.fields(ndr, this.userInformationClass);
      });
      return info;
    });
  }
}
