import type { Layout, Wire } from '../io/layout.js';
import { type NameTable, namesOf } from '../io/names.js';

/** [MS-FSCC] 2.7.1 FILE_NOTIFY_INFORMATION: Action. */
export const FileAction = {
  Added: 1,
  Removed: 2,
  Modified: 3,
  RenamedOldName: 4,
  RenamedNewName: 5,
  AddedStream: 6,
  RemovedStream: 7,
  ModifiedStream: 8,
  RemovedByDelete: 9,
  IdNotTunnelled: 10,
  TunnelledIdCollision: 11,
} as const;

export const fileActionNames: NameTable = namesOf(FileAction, 'FILE_ACTION_');

/** [MS-SMB2] 2.2.35 SMB2 CHANGE_NOTIFY Request: CompletionFilter. */
export const CompletionFilter = {
  FileName: 0x0001,
  DirName: 0x0002,
  Attributes: 0x0004,
  Size: 0x0008,
  LastWrite: 0x0010,
  LastAccess: 0x0020,
  Creation: 0x0040,
  Ea: 0x0080,
  Security: 0x0100,
  StreamName: 0x0200,
  StreamSize: 0x0400,
  StreamWrite: 0x0800,
} as const;

export const completionFilterNames: NameTable = namesOf(CompletionFilter, 'FILE_NOTIFY_CHANGE_');

/** [MS-FSCC] 2.7.1 FILE_NOTIFY_INFORMATION: one change. */
export class FileNotifyInformation implements Wire {
  action = 0;
  /** Relative to the watched directory. */
  fileName = '';

  static of(action: number, fileName: string): FileNotifyInformation {
    return Object.assign(new FileNotifyInformation(), { action, fileName });
  }

  layout(io: Layout): void {
    this.action = io.u32('Action', this.action, fileActionNames);
    const length = io.length32('FileNameLength');
    this.fileName = io.utf16At('FileName', length, this.fileName);
  }
}

/** [MS-FSCC] 2.7.1: the chain of changes in a CHANGE_NOTIFY response. */
export class FileNotifyList implements Wire {
  entries: FileNotifyInformation[] = [];

  layout(io: Layout): void {
    this.entries = io.chain('Changes', this.entries, () => new FileNotifyInformation(), 4);
  }
}
