import { golden } from '#testing/golden.js';
import { ServerNotificationRequest, ServerNotificationResponse } from './server-notification.js';

const at = { headerLength: 64 };

// From the table in 2.2.44.
golden(ServerNotificationResponse, {}, '0c00 0000 00000000 00000000', at);
golden(ServerNotificationResponse, { structureSize: 18, notificationType: 7 }, '1200 0000 07000000 00000000', at);
golden(ServerNotificationRequest, { data: Uint8Array.of(1, 2) }, '0102', at);
