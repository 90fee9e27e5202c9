import type { Layout, Wire } from '../io/layout.js';
import { type NameTable, namesOf } from '../io/names.js';
import type { Slot } from '../io/slot.js';
import { Acl } from './acl.js';
import { Sid } from './sid.js';

/** [MS-DTYP] 2.4.6 SECURITY_DESCRIPTOR: Control. */
export const SecurityControl = {
  OwnerDefaulted: 0x0001,
  GroupDefaulted: 0x0002,
  DaclPresent: 0x0004,
  DaclDefaulted: 0x0008,
  SaclPresent: 0x0010,
  SaclDefaulted: 0x0020,
  DaclTrusted: 0x0040,
  ServerSecurity: 0x0080,
  DaclAutoInheritReq: 0x0100,
  SaclAutoInheritReq: 0x0200,
  DaclAutoInherited: 0x0400,
  SaclAutoInherited: 0x0800,
  DaclProtected: 0x1000,
  SaclProtected: 0x2000,
  RmControlValid: 0x4000,
  SelfRelative: 0x8000,
} as const;

const controlNames: NameTable = namesOf(SecurityControl, 'SE_');

/** [MS-DTYP] 2.4.7 SECURITY_INFORMATION: which parts a request is about. */
export const SecurityInformation = {
  Owner: 0x00000001,
  Group: 0x00000002,
  Dacl: 0x00000004,
  Sacl: 0x00000008,
  Label: 0x00000010,
  Attribute: 0x00000020,
  Scope: 0x00000040,
  Backup: 0x00010000,
} as const;

export const securityInformationNames: NameTable = {
  1: 'OWNER_SECURITY_INFORMATION',
  2: 'GROUP_SECURITY_INFORMATION',
  4: 'DACL_SECURITY_INFORMATION',
  8: 'SACL_SECURITY_INFORMATION',
  16: 'LABEL_SECURITY_INFORMATION',
  32: 'ATTRIBUTE_SECURITY_INFORMATION',
  64: 'SCOPE_SECURITY_INFORMATION',
  65536: 'BACKUP_SECURITY_INFORMATION',
};

/**
 * [MS-DTYP] 2.4.6 SECURITY_DESCRIPTOR, self-relative. Its offsets count from its own first byte, which must be the
 * base. Absent parts are null; DaclPresent with a null `dacl` means that everybody has full access.
 */
export class SecurityDescriptor implements Wire {
  revision = 1;
  sbz1 = 0;
  control: number = SecurityControl.SelfRelative;
  ownerSid: Sid | null = null;
  groupSid: Sid | null = null;
  sacl: Acl | null = null;
  dacl: Acl | null = null;

  layout(io: Layout): void {
    this.revision = io.u8('Revision', this.revision);
    this.sbz1 = io.u8('Sbz1', this.sbz1);
    this.control = io.flags16('Control', this.control, controlNames);
    const owner = io.offset32('OffsetOwner');
    const group = io.offset32('OffsetGroup');
    const sacl = io.offset32('OffsetSacl');
    const dacl = io.offset32('OffsetDacl');
    const end = io.at + io.left;
    this.ownerSid = part(io, 'OwnerSid', owner, end, this.ownerSid, Sid);
    this.groupSid = part(io, 'GroupSid', group, end, this.groupSid, Sid);
    this.sacl = part(io, 'Sacl', sacl, end, this.sacl, Acl);
    this.dacl = part(io, 'Dacl', dacl, end, this.dacl, Acl);
  }
}

/** A part with only an offset: it may extend to the end of the window. */
function part<T extends Wire>(
  io: Layout,
  name: string,
  slot: Slot,
  end: number,
  value: T | null,
  make: new () => T,
): T | null {
  if (!io.reading) return value === null ? null : io.structAt(name, slot, value, 4);
  if (slot.offset === 0) return null;
  slot.length = Math.max(end - slot.offset, 1);
  return io.structAt(name, slot, new make());
}
