import type { Layout, Wire } from '../../io/layout.js';
import type { NameTable } from '../../io/names.js';
import type { FileFacts } from '../file-facts.js';

export const PipeReadMode = { ByteStream: 0, Message: 1 } as const;
export const PipeCompletionMode = { Queue: 0, Complete: 1 } as const;

const readModeNames: NameTable = { 0: 'FILE_PIPE_BYTE_STREAM_MODE', 1: 'FILE_PIPE_MESSAGE_MODE' };
const completionModeNames: NameTable = { 0: 'FILE_PIPE_QUEUE_OPERATION', 1: 'FILE_PIPE_COMPLETE_OPERATION' };

/** [MS-FSCC] 2.4.36 FilePipeInformation. */
export class FilePipeInformation implements Wire {
  readMode = 0;
  completionMode = 0;

  static of(facts: FileFacts): FilePipeInformation | undefined {
    if (facts.pipe === undefined) return undefined;
    const info = new FilePipeInformation();
    info.readMode = facts.pipe.readMode;
    info.completionMode = facts.pipe.completionMode;
    return info;
  }

  layout(io: Layout): void {
    this.readMode = io.u32('ReadMode', this.readMode, readModeNames);
    this.completionMode = io.u32('CompletionMode', this.completionMode, completionModeNames);
  }
}
