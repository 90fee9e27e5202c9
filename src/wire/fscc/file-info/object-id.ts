import { EMPTY } from '../../io/decoder.js';
import type { Layout, Wire } from '../../io/layout.js';

/** [MS-FSCC] 2.4.35 FileObjectIdInformation, as raw bytes: servers refuse it except on the $ObjId index. */
export class FileObjectIdInformation implements Wire {
  data: Uint8Array = EMPTY;

  layout(io: Layout): void {
    this.data = io.rest('Data', this.data);
  }
}
