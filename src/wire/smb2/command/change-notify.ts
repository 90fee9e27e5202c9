import { completionFilterNames } from '../../fscc/notify.js';
import { EMPTY } from '../../io/decoder.js';
import { FileId } from '../../io/file-id.js';
import type { Layout } from '../../io/layout.js';
import { type NameTable, namesOf } from '../../io/names.js';

/** [MS-SMB2] 2.2.35 Flags of the CHANGE_NOTIFY Request. */
export const ChangeNotifyFlags = {
  WatchTree: 0x0001,
} as const;

export const changeNotifyFlagNames: NameTable = namesOf(ChangeNotifyFlags, 'SMB2_');

/** [MS-SMB2] 2.2.35 SMB2 CHANGE_NOTIFY Request. */
export class ChangeNotifyRequest {
  flags = 0;
  outputBufferLength = 0;
  fileId: FileId = FileId.none;
  completionFilter = 0;

  layout(io: Layout): void {
    io.same16('StructureSize', 32);
    this.flags = io.flags16('Flags', this.flags, changeNotifyFlagNames);
    this.outputBufferLength = io.u32('OutputBufferLength', this.outputBufferLength);
    this.fileId = io.fileId('FileId', this.fileId);
    this.completionFilter = io.flags32('CompletionFilter', this.completionFilter, completionFilterNames);
    io.skip('Reserved', 4);
  }
}

/** [MS-SMB2] 2.2.36 SMB2 CHANGE_NOTIFY Response. */
export class ChangeNotifyResponse {
  /** FILE_NOTIFY_INFORMATION entries ([MS-FSCC] 2.7.1). */
  output: Uint8Array = EMPTY;

  layout(io: Layout): void {
    io.same16('StructureSize', 9);
    const output = io.offset16('OutputBufferOffset');
    output.keepOffset = true;
    io.length32('OutputBufferLength', output);
    this.output = io.bytesAt('Output', output, this.output);
  }
}
