import { type NameTable, namesOf } from '../../io/names.js';
import { SyntaxId } from '../syntax.js';

/** [MS-SAMR] 1.9 The Security Account Manager, version 1.0, found at `\pipe\samr`. */
export const SAMR: SyntaxId = SyntaxId.of('12345778-1234-abcd-ef00-0123456789ac', 1, 0);

/** [MS-SAMR] 2.2.1.12 USER_ACCOUNT Codes, those used here. */
export const UserAccount = {
  Disabled: 0x00000001,
  PasswordNotRequired: 0x00000004,
  NormalAccount: 0x00000010,
  DontExpirePassword: 0x00000200,
} as const;

export const userAccountNames: NameTable = namesOf(UserAccount, 'USER_');

/** [MS-SAMR] 2.2.1.10 SE_GROUP_MANDATORY, _ENABLED_BY_DEFAULT and _ENABLED. */
export const GROUP_ATTRIBUTES = 7;
