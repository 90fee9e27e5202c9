import { type NameTable, namesOf } from '../io/names.js';

/** [C706] 12.6.4 and [MS-RPCE] 2.2.2 PTYPE of the connection-oriented protocol. */
export const PduType = {
  Request: 0,
  Response: 2,
  Fault: 3,
  Bind: 11,
  BindAck: 12,
  BindNak: 13,
  AlterContext: 14,
  AlterContextResp: 15,
  Auth3: 16,
  Shutdown: 17,
  CoCancel: 18,
  Orphaned: 19,
} as const;

export const pduTypeNames: NameTable = namesOf(PduType);

/** [C706] 12.6.3.1 pfc_flags. In bind and alter_context 0x04 is [MS-RPCE] 2.2.2.3 PFC_SUPPORT_HEADER_SIGN. */
export const PduFlags = {
  FirstFrag: 0x01,
  LastFrag: 0x02,
  PendingCancel: 0x04,
  SupportHeaderSign: 0x04,
  ConcMpx: 0x10,
  DidNotExecute: 0x20,
  Maybe: 0x40,
  ObjectUuid: 0x80,
} as const;

export const pduFlagNames: NameTable = { ...namesOf(PduFlags, 'PFC_'), 4: 'PFC_PENDING_CANCEL' };
