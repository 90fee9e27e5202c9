import type { Layout } from '../../io/layout.js';
import { type NameTable, namesOf } from '../../io/names.js';

/** [MS-SMB2] 2.2.2.2.2.1 Type. */
export const MoveDstIpAddrType = { V4: 0x00000001, V6: 0x00000002 } as const;

const addressTypeNames: NameTable = namesOf(MoveDstIpAddrType, 'MOVE_DST_IPADDR_');

const SHARE_MOVE_NOTIFICATION = 3;
// The size with one address, however many there are ([MS-SMB2] 2.2.2.2.2).
const STRUCTURE_SIZE = 48;
const NO_ADDRESS: Uint8Array = new Uint8Array(16);

/** [MS-SMB2] 2.2.2.2.2.1 MOVE_DST_IPADDR structure. */
export class MoveDstIpAddr {
  type = 0;
  /** 16 bytes, of which V4 uses the first four. */
  address: Uint8Array = NO_ADDRESS;

  layout(io: Layout): void {
    this.type = io.u32('Type', this.type, addressTypeNames);
    io.skip('Reserved', 4);
    this.address = io.bytes('IPv4Address/IPv6Address', 16, this.address);
  }
}

/** [MS-SMB2] 2.2.2.2.2 Share Redirect Error Context Response. */
export class ShareRedirectError {
  ipAddrMoveList: MoveDstIpAddr[] = [];
  resourceName = '';

  layout(io: Layout): void {
    // Older editions of the specification put the real size here.
    io.u32('StructureSize', STRUCTURE_SIZE);
    io.same32('NotificationType', SHARE_MOVE_NOTIFICATION);
    const name = io.offset32('ResourceNameOffset');
    io.length32('ResourceNameLength', name);
    io.skip('Flags', 2);
    io.skip('TargetType', 2);
    const count = io.u32('IPAddrCount', this.ipAddrMoveList.length);
    const make = (): MoveDstIpAddr => new MoveDstIpAddr();
    this.ipAddrMoveList = io.list('IPAddrMoveList', count, this.ipAddrMoveList, make);
    this.resourceName = io.utf16At('ResourceName', name, this.resourceName);
  }
}
