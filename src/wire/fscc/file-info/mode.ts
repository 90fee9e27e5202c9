import type { Layout, Wire } from '../../io/layout.js';
import { type NameTable, namesOf } from '../../io/names.js';
import type { FileFacts } from '../file-facts.js';

/** [MS-FSCC] 2.4.30 FileModeInformation: Mode. The bits are those of CreateOptions. */
export const FileMode = {
  WriteThrough: 0x00000002,
  SequentialOnly: 0x00000004,
  NoIntermediateBuffering: 0x00000008,
  SynchronousIoAlert: 0x00000010,
  SynchronousIoNonalert: 0x00000020,
  DeleteOnClose: 0x00001000,
} as const;

const modeNames: NameTable = namesOf(FileMode, 'FILE_');

/** [MS-FSCC] 2.4.30 FileModeInformation. */
export class FileModeInformation implements Wire {
  mode = 0;

  static of(facts: FileFacts): FileModeInformation {
    const info = new FileModeInformation();
    info.mode = facts.mode;
    return info;
  }

  layout(io: Layout): void {
    this.mode = io.flags32('Mode', this.mode, modeNames);
  }
}
