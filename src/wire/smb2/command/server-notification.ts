import { EMPTY } from '../../io/decoder.js';
import type { Layout } from '../../io/layout.js';
import type { NameTable } from '../../io/names.js';

/** [MS-SMB2] 2.2.44.1 NotificationType. */
export const NotificationType = {
  SmbNotifySessionClosed: 0x00000000,
} as const;

export const notificationTypeNames: NameTable = { 0: 'SmbNotifySessionClosed' };

/** Clients have no such message: whatever one sends with this code is kept as raw bytes. */
export class ServerNotificationRequest {
  data: Uint8Array = EMPTY;

  layout(io: Layout): void {
    this.data = io.rest('Data', this.data);
  }
}

/** [MS-SMB2] 2.2.44.1 SMB2_SERVER_TO_CLIENT_NOTIFICATION. */
export class ServerNotificationResponse {
  // Not checked: the specification says "the size of the structure", but its example has another number.
  structureSize = 12;
  notificationType: number = NotificationType.SmbNotifySessionClosed;
  /** [MS-SMB2] 2.2.44.2 SMB2_NOTIFY_SESSION_CLOSED is four reserved bytes. */
  notification: Uint8Array = new Uint8Array(4);

  layout(io: Layout): void {
    this.structureSize = io.u16('StructureSize', this.structureSize);
    io.skip('Reserved', 2);
    this.notificationType = io.u32('NotificationType', this.notificationType, notificationTypeNames);
    this.notification = io.rest('Notification', this.notification);
  }
}
