import type { Layout, Wire } from '../../io/layout.js';
import { data, nothing, path, words } from '../block.js';

/** [MS-CIFS] 2.2.4.1.1, 2.2.4.2.1, 2.2.4.17.1: only a path. */
export class DirectoryPathRequest implements Wire {
  directoryName = '';

  layout(io: Layout): void {
    words(io, 0, nothing);
    data(io, () => {
      this.directoryName = path(io, 'DirectoryName', this.directoryName);
    });
  }
}
