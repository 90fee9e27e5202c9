import type { Layout, Wire } from '../io/layout.js';

/** RFC 1002 4.3.5 SESSION RETARGET RESPONSE, after its header. */
export class SessionRetargetResponse implements Wire {
  /** IPv4 address as a 32-bit number. */
  retargetIpAddress = 0;
  port = 0;

  layout(io: Layout): void {
    this.retargetIpAddress = io.u32be('RETARGET_IP_ADDRESS', this.retargetIpAddress);
    this.port = io.u16be('PORT', this.port);
  }

  /** The address in dotted form. */
  get address(): string {
    const ip = this.retargetIpAddress;
    return `${ip >>> 24}.${(ip >>> 16) & 0xff}.${(ip >>> 8) & 0xff}.${ip & 0xff}`;
  }
}
