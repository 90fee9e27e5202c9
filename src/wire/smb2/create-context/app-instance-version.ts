import type { Layout } from '../../io/layout.js';

/** [MS-SMB2] 2.2.13.2.15 SMB2_CREATE_APP_INSTANCE_VERSION. */
export class CreateAppInstanceVersion {
  appInstanceVersionHigh = 0n;
  appInstanceVersionLow = 0n;

  layout(io: Layout): void {
    io.same16('StructureSize', 24);
    io.skip('Reserved', 2);
    io.skip('Padding', 4);
    this.appInstanceVersionHigh = io.x64('AppInstanceVersionHigh', this.appInstanceVersionHigh);
    this.appInstanceVersionLow = io.x64('AppInstanceVersionLow', this.appInstanceVersionLow);
  }
}
