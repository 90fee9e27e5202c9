import { type NameTable, namesOf } from '../../io/names.js';

/** [MS-SMB2] 2.2.19 Channel of READ and WRITE: how data is transferred if not in the message. */
export const Channel = {
  None: 0,
  RdmaV1: 1,
  RdmaV1Invalidate: 2,
  RdmaTransform: 3,
} as const;

export const channelNames: NameTable = namesOf(Channel, 'SMB2_CHANNEL_');
