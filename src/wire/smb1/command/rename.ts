import type { Layout, Wire } from '../../io/layout.js';
import { type NameTable, namesOf } from '../../io/names.js';
import { data, path, words } from '../block.js';

/** [MS-CIFS] 2.2.4.8.1 SMB_COM_RENAME Request. The response is empty. */
export class RenameRequest implements Wire {
  searchAttributes = 0;
  oldFileName = '';
  newFileName = '';

  layout(io: Layout): void {
    words(io, 1, () => {
      this.searchAttributes = io.u16('SearchAttributes', this.searchAttributes);
    });
    data(io, () => {
      this.oldFileName = path(io, 'OldFileName', this.oldFileName);
      this.newFileName = path(io, 'NewFileName', this.newFileName);
    });
  }
}

/** [MS-CIFS] 2.2.4.66.1 InformationLevel. */
export const NtRenameLevel = {
  SetLinkInfo: 0x0103,
  RenameFile: 0x0104,
  MoveFile: 0x0105,
} as const;

const LEVEL_NAMES: NameTable = namesOf(NtRenameLevel, 'SMB_NT_RENAME_');

/** [MS-CIFS] 2.2.4.66.1 SMB_COM_NT_RENAME Request. The response is empty. */
export class NtRenameRequest implements Wire {
  searchAttributes = 0;
  informationLevel: number = NtRenameLevel.RenameFile;
  clusterCount = 0;
  oldFileName = '';
  newFileName = '';

  layout(io: Layout): void {
    words(io, 4, () => {
      this.searchAttributes = io.u16('SearchAttributes', this.searchAttributes);
      this.informationLevel = io.u16('InformationLevel', this.informationLevel, LEVEL_NAMES);
      this.clusterCount = io.u32('ClusterCount', this.clusterCount);
    });
    data(io, () => {
      this.oldFileName = path(io, 'OldFileName', this.oldFileName);
      this.newFileName = path(io, 'NewFileName', this.newFileName);
    });
  }
}
