import { type NameTable, namesOf } from '../io/names.js';

/** [MS-LSAT] 2.2.13 SID_NAME_USE: the kind of object that a SID identifies. */
export const SidType = {
  User: 1,
  Group: 2,
  Domain: 3,
  Alias: 4,
  WellKnownGroup: 5,
  DeletedAccount: 6,
  Invalid: 7,
  Unknown: 8,
  Computer: 9,
  Label: 10,
} as const;

export const sidTypeNames: NameTable = namesOf(SidType, 'SidType');
