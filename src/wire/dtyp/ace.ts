import { EMPTY } from '../io/decoder.js';
import type { Layout, Wire } from '../io/layout.js';
import { Malformed } from '../io/malformed.js';
import { type NameTable, namesOf } from '../io/names.js';
import { Slot } from '../io/slot.js';
import { fileAccessNames } from './access-mask.js';
import { type Guid, NIL_GUID } from './guid.js';
import { Sid } from './sid.js';

/** [MS-DTYP] 2.4.4.1 ACE_HEADER: AceType. */
export const AceType = {
  AccessAllowed: 0x00,
  AccessDenied: 0x01,
  SystemAudit: 0x02,
  SystemAlarm: 0x03,
  AccessAllowedCompound: 0x04,
  AccessAllowedObject: 0x05,
  AccessDeniedObject: 0x06,
  SystemAuditObject: 0x07,
  SystemAlarmObject: 0x08,
  AccessAllowedCallback: 0x09,
  AccessDeniedCallback: 0x0a,
  AccessAllowedCallbackObject: 0x0b,
  AccessDeniedCallbackObject: 0x0c,
  SystemAuditCallback: 0x0d,
  SystemAlarmCallback: 0x0e,
  SystemAuditCallbackObject: 0x0f,
  SystemAlarmCallbackObject: 0x10,
  SystemMandatoryLabel: 0x11,
  SystemResourceAttribute: 0x12,
  SystemScopedPolicyId: 0x13,
} as const;

/** [MS-DTYP] 2.4.4.1 ACE_HEADER: AceFlags. */
export const AceFlags = {
  ObjectInherit: 0x01,
  ContainerInherit: 0x02,
  NoPropagateInherit: 0x04,
  InheritOnly: 0x08,
  Inherited: 0x10,
  SuccessfulAccess: 0x40,
  FailedAccess: 0x80,
} as const;

/** [MS-DTYP] 2.4.4.3 ACCESS_ALLOWED_OBJECT_ACE: Flags. */
export const ObjectAceFlags = { ObjectTypePresent: 1, InheritedObjectTypePresent: 2 } as const;

const typeNames: NameTable = namesOf(AceType);
const flagNames: NameTable = namesOf(AceFlags);
const objectFlagNames: NameTable = namesOf(ObjectAceFlags, 'ACE_');

const HEADER = 4;

/** Whether an ACE of this type may contain object types. */
export function isObjectAce(type: number): boolean {
  return (type >= 0x05 && type <= 0x08) || type === 0x0b || type === 0x0c || type === 0x0f || type === 0x10;
}

function isKnown(type: number): boolean {
  return type <= AceType.SystemScopedPolicyId && type !== AceType.AccessAllowedCompound;
}

/** [MS-DTYP] 2.4.4 ACE. `applicationData` holds what follows the SID, or the whole body of an unknown type. */
export class Ace implements Wire {
  aceType: number = AceType.AccessAllowed;
  aceFlags = 0;
  mask = 0;
  /** Only in object ACEs. */
  flags = 0;
  objectType: Guid = NIL_GUID;
  inheritedObjectType: Guid = NIL_GUID;
  sid: Sid = new Sid();
  applicationData: Uint8Array = EMPTY;

  static of(aceType: number, sid: Sid, mask: number, aceFlags = 0): Ace {
    return Object.assign(new Ace(), { aceType, sid, mask, aceFlags });
  }

  /** Bytes on the wire. */
  get size(): number {
    let size = HEADER + this.applicationData.length;
    if (!isKnown(this.aceType)) return size;
    size += 4 + this.sid.size;
    if (!isObjectAce(this.aceType)) return size;
    if (this.flags & ObjectAceFlags.ObjectTypePresent) size += 16;
    if (this.flags & ObjectAceFlags.InheritedObjectTypePresent) size += 16;
    return size + 4;
  }

  layout(io: Layout): void {
    this.aceType = io.u8('AceType', this.aceType, typeNames);
    this.aceFlags = io.flags8('AceFlags', this.aceFlags, flagNames);
    const size = io.u16('AceSize', io.reading ? 0 : this.size);
    if (io.reading && size < HEADER) throw new Malformed('AceSize', io.at - 2, `is ${size}`);
    const body = new Slot();
    body.length = size - HEADER;
    io.within('Body', body, () => this.#body(io));
  }

  #body(io: Layout): void {
    if (isKnown(this.aceType)) {
      this.mask = io.flags32('Mask', this.mask, fileAccessNames);
      if (isObjectAce(this.aceType)) this.#object(io);
      this.sid = io.struct('Sid', io.reading ? new Sid() : this.sid);
    }
    if (!io.reading || io.left > 0) this.applicationData = io.rest('ApplicationData', this.applicationData);
  }

  #object(io: Layout): void {
    this.flags = io.flags32('Flags', this.flags, objectFlagNames);
    if (this.flags & ObjectAceFlags.ObjectTypePresent) this.objectType = io.guid('ObjectType', this.objectType);
    if (this.flags & ObjectAceFlags.InheritedObjectTypePresent) {
      this.inheritedObjectType = io.guid('InheritedObjectType', this.inheritedObjectType);
    }
  }
}
