import type { Layout, Wire } from '../../io/layout.js';
import { counted } from '../block.js';
import { DosTimes } from './dos-times.js';

/** [MS-CIFS] 2.2.8.1.1 SMB_INFO_STANDARD and 2.2.8.1.2 SMB_INFO_QUERY_EA_SIZE: one found file. */
export class FindInfoStandard implements Wire {
  /** SMB_FIND_RETURN_RESUME_KEYS was requested: the entry starts with a key. */
  readonly hasResumeKey: boolean;
  /** Level SMB_INFO_QUERY_EA_SIZE. */
  readonly hasEaSize: boolean;
  resumeKey = 0;
  times: DosTimes = new DosTimes();
  fileDataSize = 0;
  allocationSize = 0;
  attributes = 0;
  eaSize = 0;
  fileName = '';

  constructor(hasResumeKey = false, hasEaSize = false) {
    this.hasResumeKey = hasResumeKey;
    this.hasEaSize = hasEaSize;
  }

  layout(io: Layout): void {
    if (this.hasResumeKey) this.resumeKey = io.u32('ResumeKey', this.resumeKey);
    this.times.layout(io);
    this.fileDataSize = io.u32('FileDataSize', this.fileDataSize);
    this.allocationSize = io.u32('AllocationSize', this.allocationSize);
    this.attributes = io.u16('Attributes', this.attributes);
    if (this.hasEaSize) this.eaSize = io.u32('EaSize', this.eaSize);
    const length = io.length8('FileNameLength');
    // Servers align the name at one level but not at the other, and add an uncounted terminator at both.
    if (this.hasEaSize) {
      this.fileName = counted(io, 'FileName', length, this.fileName);
      io.skip('Terminator', 1);
      return;
    }
    if (io.unicode) io.align(2);
    this.fileName = counted(io, 'FileName', length, this.fileName);
    io.skip('Terminator', io.unicode ? 2 : 1);
  }
}

/** The data of a find response at one of the two levels. The number of entries is in the parameters. */
export class FindInfoStandardList implements Wire {
  readonly #count: number;
  readonly #make: () => FindInfoStandard;
  entries: FindInfoStandard[] = [];

  constructor(count: number, hasResumeKey: boolean, hasEaSize: boolean) {
    this.#count = count;
    this.#make = (): FindInfoStandard => new FindInfoStandard(hasResumeKey, hasEaSize);
  }

  layout(io: Layout): void {
    this.entries = io.list('Entries', this.#count, this.entries, this.#make);
  }
}
