import { type NameTable, namesOf } from '../../io/names.js';

/** [MS-CIFS] 2.2.2.2: first setup word of SMB_COM_TRANSACTION2. */
export const Trans2Subcommand = {
  Open2: 0x0000,
  FindFirst2: 0x0001,
  FindNext2: 0x0002,
  QueryFsInformation: 0x0003,
  SetFsInformation: 0x0004,
  QueryPathInformation: 0x0005,
  SetPathInformation: 0x0006,
  QueryFileInformation: 0x0007,
  SetFileInformation: 0x0008,
  Fsctl: 0x0009,
  Ioctl2: 0x000a,
  FindNotifyFirst: 0x000b,
  FindNotifyNext: 0x000c,
  CreateDirectory: 0x000d,
  SessionSetup: 0x000e,
  GetDfsReferral: 0x0010,
  ReportDfsInconsistency: 0x0011,
} as const;

export const TRANS2_SUBCOMMAND_NAMES: NameTable = namesOf(Trans2Subcommand, 'TRANS2_');
