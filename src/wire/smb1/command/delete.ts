import type { Layout, Wire } from '../../io/layout.js';
import { data, path, words } from '../block.js';

/** [MS-CIFS] 2.2.4.7.1 SMB_COM_DELETE Request. The response is empty. */
export class DeleteRequest implements Wire {
  searchAttributes = 0;
  fileName = '';

  layout(io: Layout): void {
    words(io, 1, () => {
      this.searchAttributes = io.u16('SearchAttributes', this.searchAttributes);
    });
    data(io, () => {
      this.fileName = path(io, 'FileName', this.fileName);
    });
  }
}
