import type { Layout, Wire } from '../../io/layout.js';

/** [MS-FSCC] 2.4.41.1 FileRenameInformation for SMB. */
export class FileRenameInformationType1 implements Wire {
  replaceIfExists = false;
  rootDirectory = 0;
  fileName = '';

  layout(io: Layout): void {
    this.replaceIfExists = io.u8('ReplaceIfExists', Number(this.replaceIfExists)) !== 0;
    io.skip('Reserved', 3);
    this.rootDirectory = io.u32('RootDirectory', this.rootDirectory);
    const length = io.length32('FileNameLength');
    this.fileName = io.utf16At('FileName', length, this.fileName);
  }
}
