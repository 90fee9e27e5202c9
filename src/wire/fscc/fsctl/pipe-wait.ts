import type { Layout } from '../../io/layout.js';

/** [MS-FSCC] 2.3.49 FSCTL_PIPE_WAIT Request. */
export class PipeWaitRequest {
  /** Signed; negative is relative to now. */
  timeout = 0n;
  timeoutSpecified = false;
  /** Without the leading `\pipe\`. */
  name = '';

  layout(io: Layout): void {
    this.timeout = io.x64('Timeout', this.timeout);
    const name = io.length32('NameLength');
    this.timeoutSpecified = io.u8('TimeoutSpecified', Number(this.timeoutSpecified)) !== 0;
    io.skip('Padding', 1);
    this.name = io.utf16At('Name', name, this.name);
  }
}
