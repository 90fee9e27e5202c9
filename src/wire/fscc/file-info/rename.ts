import type { Layout, Wire } from '../../io/layout.js';
import { newName } from './new-name.js';

/** [MS-FSCC] 2.4.41.2 FileRenameInformation for SMB2. */
export class FileRenameInformation implements Wire {
  replaceIfExists = false;
  rootDirectory = 0n;
  fileName = '';

  layout(io: Layout): void {
    this.replaceIfExists = io.u8('ReplaceIfExists', Number(this.replaceIfExists)) !== 0;
    io.skip('Reserved', 7);
    this.rootDirectory = io.x64('RootDirectory', this.rootDirectory);
    this.fileName = newName(io, this.fileName);
  }
}
