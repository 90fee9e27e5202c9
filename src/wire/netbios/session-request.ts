import type { Layout, Wire } from '../io/layout.js';
import { NetbiosName } from './netbios-name.js';

/** RFC 1002 4.3.2 SESSION REQUEST, after its header. */
export class SessionRequest implements Wire {
  calledName: NetbiosName = new NetbiosName();
  callingName: NetbiosName = new NetbiosName();

  layout(io: Layout): void {
    this.calledName = io.struct('CALLED_NAME', this.calledName);
    this.callingName = io.struct('CALLING_NAME', this.callingName);
  }
}
