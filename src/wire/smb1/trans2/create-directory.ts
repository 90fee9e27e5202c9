import type { Layout, Wire } from '../../io/layout.js';

/** [MS-CIFS] 2.2.6.14.1 TRANS2_CREATE_DIRECTORY Request, its parameters. The data is a list of extended attributes. */
export class Trans2CreateDirectoryRequest implements Wire {
  directoryName = '';

  layout(io: Layout): void {
    io.skip('Reserved', 4);
    this.directoryName = io.text('DirectoryName', this.directoryName);
  }
}
