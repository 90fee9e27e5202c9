import type { Layout, Wire } from '../../io/layout.js';

/** [MS-CIFS] 2.2.7.4.1 NT_TRANSACT_NOTIFY_CHANGE Request, its setup. The response has a `FileNotifyList` in its parameters. */
export class NotifyChangeSetup implements Wire {
  completionFilter = 0;
  fid = 0;
  watchTree = 0;

  layout(io: Layout): void {
    this.completionFilter = io.u32('CompletionFilter', this.completionFilter);
    this.fid = io.u16('FID', this.fid);
    this.watchTree = io.u8('WatchTree', this.watchTree);
    io.skip('Reserved', 1);
  }
}
