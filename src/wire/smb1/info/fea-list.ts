import { FullEaEntry } from '../../fscc/file-info/full-ea.js';
import type { Layout, Wire } from '../../io/layout.js';

/** Length of SizeOfListInBytes. */
const HEAD = 4;
/** Length of Flags, both lengths and the name's NUL. */
const FIXED = 5;

/** [MS-CIFS] 2.2.1.2.2.1 SMB_FEA_LIST: for SMB_INFO_QUERY_ALL_EAS, entries as in [MS-FSCC] without padding. */
export class FeaList implements Wire {
  entries: FullEaEntry[] = [];

  layout(io: Layout): void {
    const size = this.entries.reduce((sum, ea) => sum + FIXED + ea.eaName.length + ea.eaValue.length, HEAD);
    io.u32('SizeOfListInBytes', size);
    if (!io.reading) for (const entry of this.entries) io.struct('FEA', entry);
    // The size of an empty list is given as 4 or 0.
    else while (io.left > 0) this.entries.push(io.struct('FEA', new FullEaEntry()));
  }
}
