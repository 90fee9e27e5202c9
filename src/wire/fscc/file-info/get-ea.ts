import { EMPTY } from '../../io/decoder.js';
import type { Layout, Wire } from '../../io/layout.js';
import { oemBytes, oemText } from '../oem-text.js';

/** [MS-FSCC] 2.4.15.1 FILE_GET_EA_INFORMATION: the name of a requested extended attribute. */
export class GetEaEntry implements Wire {
  eaName = '';

  layout(io: Layout): void {
    const length = io.length8('EaNameLength');
    this.eaName = oemText(io.bytesAt('EaName', length, io.reading ? EMPTY : oemBytes(this.eaName)));
    io.skip('Terminator', 1);
  }
}

/** [MS-FSCC] 2.4.15.1 FILE_GET_EA_INFORMATION: the list sent in a QUERY of FileFullEaInformation. */
export class FileGetEaInformation implements Wire {
  entries: GetEaEntry[] = [];

  layout(io: Layout): void {
    this.entries = io.chain('Ea', this.entries, () => new GetEaEntry(), 4);
  }
}
