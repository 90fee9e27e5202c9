import type { Smb2Reply } from './client-connection.js';
import { verifySignature } from './compose.js';
import type { SessionSecurity } from './security.js';

/** Whether the server proved that it knows the session key by signing the final response ([MS-SMB2] 3.2.5.3.1). */
export function provesKey(reply: Smb2Reply, security: SessionSecurity): boolean {
  return verifySignature(reply.bytes, reply.header, security, true);
}
